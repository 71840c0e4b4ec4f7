// Shared by every kernel file, once per instruction set: blocks of a vector with a masked tail,
// and the element-type switch.

#if defined(ENSUE_VECTOR_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_VECTOR_INL_H
#undef ENSUE_VECTOR_INL_H
#else
#define ENSUE_VECTOR_INL_H
#endif

#include "hwy/highway.h"
#include "hwy/contrib/math/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A whole vector at `offset`.
template <class D>
struct WholeBlock {
  using T = hn::TFromD<D>;
  D d;
  size_t offset;
  HWY_INLINE hn::Vec<D> Load(const T* p) const { return hn::LoadU(d, p + offset); }
  HWY_INLINE void Store(hn::Vec<D> v, T* p) const { hn::StoreU(v, d, p + offset); }
  HWY_INLINE hn::Vec<D> Keep(hn::Vec<D> v) const { return v; }
};

// The first `count` elements at `p`, fewer than a vector; the other lanes are zero, or stay as they are. Before AVX2
// and on ARM, Highway's masked loads and stores reach over the whole vector (and fault where it is not aligned):
// beyond the end of a tensor, or into a row that another thread is writing.
template <class D, class T>
HWY_INLINE hn::Vec<D> LoadPart(D d, const T* p, size_t count) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(d, count), d, p);
#else
  HWY_ALIGN T lanes[hn::MaxLanes(D())] = {};
  for (size_t l = 0; l < count; ++l) lanes[l] = p[l];
  return hn::Load(d, lanes);
#endif
}
template <class D, class T>
HWY_INLINE void StorePart(D d, hn::Vec<D> v, T* p, size_t count) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  hn::BlendedStore(v, hn::FirstN(d, count), d, p);
#else
  HWY_ALIGN T lanes[hn::MaxLanes(D())];
  hn::Store(v, d, lanes);
  for (size_t l = 0; l < count; ++l) p[l] = lanes[l];
#endif
}

// The last, incomplete vector at `offset`: `count` elements; lanes past the end read as zero.
template <class D>
struct PartBlock {
  using T = hn::TFromD<D>;
  D d;
  size_t offset, count;
  HWY_INLINE hn::Vec<D> Load(const T* p) const { return LoadPart(d, p + offset, count); }
  HWY_INLINE void Store(hn::Vec<D> v, T* p) const { StorePart(d, v, p + offset, count); }
  // The same with zeros in the lanes past the end.
  HWY_INLINE hn::Vec<D> Keep(hn::Vec<D> v) const { return hn::IfThenElseZero(hn::FirstN(d, count), v); }
};

// body(block) over `count` elements.
template <class D, class Body>
HWY_INLINE void ForBlocks(D d, size_t count, const Body& body) {
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) body(WholeBlock<D>{d, i});
  if (i < count) body(PartBlock<D>{d, i, count - i});
}

// Highway's functions hold on a range and lose NaN; these hold everywhere. A NaN must stay one, or a training that
// has diverged would go on with numbers that look sound.
template <class D, class V>
HWY_INLINE V KeepNaN(D, V x, V y) {
  return hn::IfThenElse(hn::Eq(x, x), y, x);
}

template <class D, class V>
HWY_INLINE V Exponential(D d, V x) {
  using T = hn::TFromD<D>;
  const V limit = hn::Set(d, sizeof(T) == 4 ? T(88.722839) : T(709.782712893384));
  const V y = hn::Exp(d, hn::IfThenElse(hn::Gt(x, limit), limit, x));
  return KeepNaN(d, x, hn::IfThenElse(hn::Gt(x, limit), hn::Set(d, static_cast<T>(__builtin_inf())), y));
}

template <class D, class V>
HWY_INLINE V Logarithm(D d, V x) {
  using T = hn::TFromD<D>;
  const V infinity = hn::Set(d, static_cast<T>(__builtin_inf())), zero = hn::Zero(d);
  const V y = hn::IfThenElse(hn::Eq(x, infinity), infinity, hn::Log(d, x));
  const V belowZero = hn::IfThenElse(hn::Eq(x, zero), hn::Neg(infinity), hn::Set(d, static_cast<T>(__builtin_nan(""))));
  return KeepNaN(d, x, hn::IfThenElse(hn::Gt(x, zero), y, belowZero));
}

template <class D, class V>
HWY_INLINE V Sigmoid(D d, V x) {
  using T = hn::TFromD<D>;
  const V one = hn::Set(d, 1);
  // Beyond the limit the result is 0 to working precision, and exp would leave its range.
  const V limit = hn::Set(d, sizeof(T) == 4 ? T(88) : T(709));
  const V power = hn::Exp(d, hn::Min(hn::Neg(x), limit));
  return KeepNaN(d, x, hn::Div(one, hn::Add(one, power)));
}

template <class D, class V>
HWY_INLINE V HyperbolicTangent(D d, V x) {
  return KeepNaN(d, x, hn::Tanh(d, x));
}

// max(x, 0) + log(1 + exp(-|x|)) does not overflow.
template <class D, class V>
HWY_INLINE V Softplus(D d, V x) {
  return KeepNaN(d, x, hn::Add(hn::Max(x, hn::Zero(d)), hn::Log1p(d, hn::Exp(d, hn::Neg(hn::Abs(x))))));
}

// The largest of one number or more. Whether a NaN is seen depends on the processor.
template <class T>
T RowMaximum(const T* x, size_t columns) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  auto best = hn::Set(d, x[0]);
  auto other = best;
  size_t c = 0;
  for (; c + 2 * lanes <= columns; c += 2 * lanes) {
    best = hn::Max(best, hn::LoadU(d, x + c));
    other = hn::Max(other, hn::LoadU(d, x + c + lanes));
  }
  T largest = hn::GetLane(hn::MaxOfLanes(d, hn::Max(best, other)));
  for (; c < columns; ++c) largest = x[c] > largest ? x[c] : largest;
  return largest;
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
