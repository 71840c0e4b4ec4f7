// Random numbers and masks as functions of a position.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "dispatch.h"
#include "philox-inl.h"

#ifndef ENSUE_PHILOX_ONCE
#define ENSUE_PHILOX_ONCE
namespace ensue {
// Counters done side by side, in plain loops that the compiler turns into vectors.
constexpr size_t kLanes = 16;
}  // namespace ensue
#endif

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Eight 16-bit decisions a block, kLanes blocks at a time. Element e is half e % 8 of block e / 8.
template <class T>
void DropoutOf(const T* x, T* y, uint64_t key, uint64_t stream, uint64_t offset, uint32_t keep, size_t count) {
  const T scale = T(65536) / T(keep);
  uint32_t words[4][kLanes];
  constexpr uint64_t kSpan = 8 * kLanes;
  uint64_t position = offset;
  size_t done = 0;
  while (done < count) {
    const uint64_t start = position - position % kSpan;
    PhiloxBlocks(key, stream, start / 8, words);
    uint16_t halves[kSpan];
    for (size_t l = 0; l < kLanes; ++l) {
      for (size_t w = 0; w < 4; ++w) {
        halves[8 * l + 2 * w] = static_cast<uint16_t>(words[w][l]);
        halves[8 * l + 2 * w + 1] = static_cast<uint16_t>(words[w][l] >> 16);
      }
    }
    const size_t skip = static_cast<size_t>(position - start);
    const size_t take = HWY_MIN(static_cast<size_t>(kSpan) - skip, count - done);
    for (size_t i = 0; i < take; ++i) y[done + i] = halves[skip + i] < keep ? x[done + i] * scale : T(0);
    done += take;
    position += take;
  }
}
void Dropout(EnsueElement element, const void* x, void* y, uint64_t key, uint64_t stream, uint64_t offset,
             uint32_t keep, size_t count) {
  ENSUE_BY_ELEMENT(element, DropoutOf(static_cast<const T*>(x), static_cast<T*>(y), key, stream, offset, keep, count));
}

// Two numbers a block: element e is word pair e % 2 of block e / 2, the same bits for float and double.
void Uniform(EnsueElement element, void* y, uint64_t key, uint64_t stream, uint64_t offset, size_t count) {
  uint32_t words[4][kLanes];
  constexpr uint64_t kSpan = 2 * kLanes;
  uint64_t loaded = ~0ull;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t position = offset + i, start = position - position % kSpan;
    if (start != loaded) PhiloxBlocks(key, stream, start / 2, words);
    loaded = start;
    const size_t l = static_cast<size_t>(position - start) / 2, w = 2 * (position % 2);
    const uint64_t bits = static_cast<uint64_t>(words[w][l]) << 32 | words[w + 1][l];
    if (element == EnsueElementFloat32) {
      static_cast<float*>(y)[i] = static_cast<float>(bits >> 40) * 0x1p-24f;
    } else {
      static_cast<double*>(y)[i] = static_cast<double>(bits >> 11) * 0x1p-53;
    }
  }
}

void Philox(uint64_t key, uint64_t stream, uint64_t block, uint32_t* result) {
  uint32_t words[4][kLanes];
  PhiloxBlocks(key, stream, block, words);
  for (size_t w = 0; w < 4; ++w) result[w] = words[w][0];
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ensue {
HWY_EXPORT(Dropout);
HWY_EXPORT(Uniform);
HWY_EXPORT(Philox);
}  // namespace ensue

using namespace ensue;
void ensue_dropout(EnsueElement element, const void* x, void* y, uint64_t key, uint64_t stream, uint64_t offset,
                   uint32_t keep, size_t count) {
  HWY_DYNAMIC_DISPATCH(Dropout)(element, x, y, key, stream, offset, keep, count);
}
void ensue_uniform(EnsueElement element, void* y, uint64_t key, uint64_t stream, uint64_t offset, size_t count) {
  HWY_DYNAMIC_DISPATCH(Uniform)(element, y, key, stream, offset, count);
}
void ensue_philox(uint64_t key, uint64_t stream, uint64_t block, uint32_t words[4]) {
  HWY_DYNAMIC_DISPATCH(Philox)(key, stream, block, words);
}
#endif
