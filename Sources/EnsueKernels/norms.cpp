// Layer normalisation (Ba, Kiros and Hinton 2016) and root mean square normalisation (Zhang and Sennrich 2019) of rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "norms.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "steps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Σ f(x) over a row, in two sums.
template <class T, class F>
HWY_INLINE T RowSum(const T* x, size_t columns, const F& f) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  auto s0 = hn::Zero(d), s1 = hn::Zero(d);
  size_t i = 0;
  for (; i + 2 * lanes <= columns; i += 2 * lanes) {
    s0 = hn::Add(s0, f(hn::LoadU(d, x + i)));
    s1 = hn::Add(s1, f(hn::LoadU(d, x + i + lanes)));
  }
  ForBlocks(d, columns - i, [&](auto block) HWY_ATTR { s0 = hn::Add(s0, block.Keep(f(block.Load(x + i)))); });
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(s0, s1)));
}

template <class T>
void NormalizeOf(bool centred, const T* x, const T* scale, const T* shift, double epsilon, T* y, T* statistics,
                 size_t rows, size_t columns) {
  const hn::ScalableTag<T> d;
  const T count = static_cast<T>(columns);
  for (size_t r = 0; r < rows; ++r, x += columns, y += columns) {
    const T mean = centred ? RowSum(x, columns, [](auto v) HWY_ATTR { return v; }) / count : T(0);
    const auto meanV = hn::Set(d, mean);
    const T square = RowSum(x, columns, [&](auto v) HWY_ATTR {
      const auto difference = hn::Sub(v, meanV);
      return hn::Mul(difference, difference);
    });
    const T inverse = static_cast<T>(1 / __builtin_sqrt(static_cast<double>(square / count) + epsilon));
    statistics[2 * r] = mean;
    statistics[2 * r + 1] = inverse;
    const auto inverseV = hn::Set(d, inverse), one = hn::Set(d, T(1)), zero = hn::Zero(d);
    ForBlocks(d, columns, [&](auto block) HWY_ATTR {
      const auto v = hn::Mul(hn::Sub(block.Load(x), meanV), inverseV);
      const auto factor = scale == nullptr ? one : block.Load(scale);
      block.Store(hn::MulAdd(v, factor, shift == nullptr ? zero : block.Load(shift)), y);
    });
  }
}
void Normalize(EnsueElement element, int centred, const void* x, const void* scale, const void* shift, double epsilon,
               void* y, void* statistics, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element, NormalizeOf(centred != 0, static_cast<const T*>(x), static_cast<const T*>(scale),
                                        static_cast<const T*>(shift), epsilon, static_cast<T*>(y),
                                        static_cast<T*>(statistics), rows, columns));
}

// With v the normalised row and g = dy ⊙ scale: dx = inverse · (g - mean of g - v · mean of g ⊙ v), where the mean of g
// counts only for centred rows.
template <class T>
void NormalizeGradientOf(bool centred, const T* x, const T* scale, const T* statistics, const T* dy, T* dx, T* dscale,
                         T* dshift, size_t rows, size_t columns) {
  const hn::ScalableTag<T> d;
  if (dscale != nullptr) Clear(dscale, columns);
  if (dshift != nullptr) Clear(dshift, columns);
  for (size_t r = 0; r < rows; ++r, x += columns, dy += columns, dx += columns) {
    const auto mean = hn::Set(d, statistics[2 * r]), inverse = hn::Set(d, statistics[2 * r + 1]);
    auto sum = hn::Zero(d), product = hn::Zero(d);
    ForBlocks(d, columns, [&](auto block) HWY_ATTR {
      const auto change = block.Load(dy), v = hn::Mul(hn::Sub(block.Load(x), mean), inverse);
      const auto g = scale == nullptr ? change : hn::Mul(change, block.Load(scale));
      sum = hn::Add(sum, g);
      product = hn::MulAdd(g, v, product);
      if (dscale != nullptr) block.Store(hn::MulAdd(change, v, block.Load(dscale)), dscale);
      if (dshift != nullptr) block.Store(hn::Add(change, block.Load(dshift)), dshift);
    });
    const auto count = hn::Set(d, T(1) / static_cast<T>(columns));
    const auto meanOfG = centred ? hn::Mul(hn::SumOfLanes(d, sum), count) : hn::Zero(d);
    const auto meanOfProduct = hn::Mul(hn::SumOfLanes(d, product), count);
    ForBlocks(d, columns, [&](auto block) HWY_ATTR {
      const auto change = block.Load(dy), v = hn::Mul(hn::Sub(block.Load(x), mean), inverse);
      const auto g = scale == nullptr ? change : hn::Mul(change, block.Load(scale));
      block.Store(hn::Mul(inverse, hn::NegMulAdd(v, meanOfProduct, hn::Sub(g, meanOfG))), dx);
    });
  }
}
void NormalizeGradient(EnsueElement element, int centred, const void* x, const void* scale, const void* statistics,
                       const void* dy, void* dx, void* dscale, void* dshift, size_t rows, size_t columns) {
  ENSUE_BY_ELEMENT(element,
                   NormalizeGradientOf(centred != 0, static_cast<const T*>(x), static_cast<const T*>(scale),
                                       static_cast<const T*>(statistics), static_cast<const T*>(dy),
                                       static_cast<T*>(dx), static_cast<T*>(dscale), static_cast<T*>(dshift), rows,
                                       columns));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(Normalize);
HWY_EXPORT(NormalizeGradient);
}  // namespace ensue

using namespace ensue;
void ensue_normalize(EnsueElement element, int centred, const void* x, const void* scale, const void* shift,
                     double epsilon, void* y, void* statistics, size_t rows, size_t columns) {
  HWY_DYNAMIC_DISPATCH(Normalize)(element, centred, x, scale, shift, epsilon, y, statistics, rows, columns);
}
void ensue_normalize_gradient(EnsueElement element, int centred, const void* x, const void* scale,
                              const void* statistics, const void* dy, void* dx, void* dscale, void* dshift,
                              size_t rows, size_t columns) {
  HWY_DYNAMIC_DISPATCH(NormalizeGradient)
  (element, centred, x, scale, statistics, dy, dx, dscale, dshift, rows, columns);
}
#endif
