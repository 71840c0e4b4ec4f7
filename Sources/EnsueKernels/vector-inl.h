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
};

// The last, incomplete vector at `offset`; lanes past the end read as zero.
template <class D>
struct PartBlock {
  using T = hn::TFromD<D>;
  D d;
  size_t offset;
  hn::Mask<D> mask;
  HWY_INLINE hn::Vec<D> Load(const T* p) const { return hn::MaskedLoad(mask, d, p + offset); }
  HWY_INLINE void Store(hn::Vec<D> v, T* p) const { hn::BlendedStore(v, mask, d, p + offset); }
};

// body(block) over `count` elements.
template <class D, class Body>
HWY_INLINE void ForBlocks(D d, size_t count, const Body& body) {
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) body(WholeBlock<D>{d, i});
  if (i < count) body(PartBlock<D>{d, i, hn::FirstN(d, count - i)});
}

template <class D, class V>
HWY_INLINE V Sigmoid(D d, V x) {
  const V one = hn::Set(d, 1);
  return hn::Div(one, hn::Add(one, hn::Exp(d, hn::Neg(x))));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
