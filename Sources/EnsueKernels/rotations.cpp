// Turning pairs of features by angles that grow with the place of a row (rotary positions, Su et al. 2021).

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rotations.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// y = x ⊙ cosines + partner of x ⊙ sines; the sines carry the sign that the first of a pair has.
template <class T>
HWY_INLINE void TurnNeighbours(const T* x, const T* cosines, const T* sines, T sign, T* y, size_t size) {
  const hn::ScalableTag<T> d;
  const auto direction = hn::Set(d, sign);
  // A vector has an even number of lanes, so that no pair is cut.
  ForBlocks(d, size, [&](auto block) HWY_ATTR {
    const auto v = block.Load(x);
    const auto turned = hn::Mul(hn::Reverse2(d, v), hn::Mul(block.Load(sines), direction));
    block.Store(hn::MulAdd(v, block.Load(cosines), turned), y);
  });
}

template <class T>
HWY_INLINE void TurnHalves(const T* x, const T* cosines, const T* sines, T sign, T* y, size_t size) {
  const hn::ScalableTag<T> d;
  const auto direction = hn::Set(d, sign);
  const size_t half = size / 2;
  ForBlocks(d, half, [&](auto block) HWY_ATTR {
    const auto first = block.Load(x), second = block.Load(x + half);
    const auto ofFirst = hn::Mul(second, hn::Mul(block.Load(sines), direction));
    const auto ofSecond = hn::Mul(first, hn::Mul(block.Load(sines + half), direction));
    block.Store(hn::MulAdd(first, block.Load(cosines), ofFirst), y);
    block.Store(hn::MulAdd(second, block.Load(cosines + half), ofSecond), y + half);
  });
}

template <class T>
void RotateOf(EnsueRotation pairing, const T* x, const int32_t* places, const T* cosines, const T* sines,
              double direction, T* y, size_t rows, size_t heads, size_t size) {
  const T sign = static_cast<T>(direction);
  for (size_t r = 0; r < rows; ++r) {
    const T* cosine = cosines + static_cast<size_t>(places[r]) * size;
    const T* sine = sines + static_cast<size_t>(places[r]) * size;
    for (size_t h = 0; h < heads; ++h, x += size, y += size) {
      if (pairing == EnsueRotationInterleaved) {
        TurnNeighbours(x, cosine, sine, sign, y, size);
      } else {
        TurnHalves(x, cosine, sine, sign, y, size);
      }
    }
  }
}
void Rotate(EnsueElement element, EnsueRotation pairing, const void* x, const int32_t* places, const void* cosines,
            const void* sines, double direction, void* y, size_t rows, size_t heads, size_t size) {
  ENSUE_BY_ELEMENT(element,
                   RotateOf(pairing, static_cast<const T*>(x), places, static_cast<const T*>(cosines),
                            static_cast<const T*>(sines), direction, static_cast<T*>(y), rows, heads, size));
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(Rotate);
}  // namespace ensue

using namespace ensue;
void ensue_rotate(EnsueElement element, EnsueRotation pairing, const void* x, const int32_t* places,
                  const void* cosines, const void* sines, double direction, void* y, size_t rows, size_t heads,
                  size_t size) {
  HWY_DYNAMIC_DISPATCH(Rotate)(element, pairing, x, places, cosines, sines, direction, y, rows, heads, size);
}
#endif
