// Where the steps of a sequence stand among packed rows, and a few loops over vectors.

#if defined(ENSUE_STEPS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_STEPS_INL_H
#undef ENSUE_STEPS_INL_H
#else
#define ENSUE_STEPS_INL_H
#endif

#include "include/EnsueKernels.h"
#include "vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

HWY_INLINE size_t RowOf(const EnsueSteps& steps, size_t step) {
  return static_cast<size_t>(steps.offsets[step]) + steps.position;
}

// y += factor · x
template <class T>
HWY_INLINE void AddScaled(const T* x, T factor, T* y, size_t count) {
  const hn::ScalableTag<T> d;
  const auto by = hn::Set(d, factor);
  ForBlocks(d, count, [&](auto block) HWY_ATTR { block.Store(hn::MulAdd(block.Load(x), by, block.Load(y)), y); });
}

// Σ xy, four sums side by side.
template <class T>
HWY_INLINE T DotOf(const T* x, const T* y, size_t count) {
  const hn::ScalableTag<T> d;
  const size_t lanes = hn::Lanes(d);
  auto s0 = hn::Zero(d), s1 = hn::Zero(d), s2 = hn::Zero(d), s3 = hn::Zero(d);
  size_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) {
    s0 = hn::MulAdd(hn::LoadU(d, x + i), hn::LoadU(d, y + i), s0);
    s1 = hn::MulAdd(hn::LoadU(d, x + i + lanes), hn::LoadU(d, y + i + lanes), s1);
    s2 = hn::MulAdd(hn::LoadU(d, x + i + 2 * lanes), hn::LoadU(d, y + i + 2 * lanes), s2);
    s3 = hn::MulAdd(hn::LoadU(d, x + i + 3 * lanes), hn::LoadU(d, y + i + 3 * lanes), s3);
  }
  ForBlocks(d, count - i, [&](auto block) HWY_ATTR {
    s0 = hn::MulAdd(block.Load(x + i), block.Load(y + i), s0);
  });
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(s0, s1), hn::Add(s2, s3))));
}

template <class T>
HWY_INLINE void Clear(T* x, size_t count) {
  for (size_t i = 0; i < count; ++i) x[i] = T(0);
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
