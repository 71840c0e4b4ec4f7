// Shared by every kernel file, once per instruction set: blocks of a vector with a masked tail,
// and the element-type switch.

#if defined(ENSUE_VECTOR_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_VECTOR_INL_H
#undef ENSUE_VECTOR_INL_H
#else
#define ENSUE_VECTOR_INL_H
#endif

#include "functions-inl.h"

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
