// Philox 4x32-10, a counter-based generator (Salmon, Moraes, Dror, Shaw 2011): the number at a position is a
// function of the key, the stream and the position alone, so masks do not depend on threads or order.

#if defined(ENSUE_PHILOX_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ENSUE_PHILOX_INL_H
#undef ENSUE_PHILOX_INL_H
#else
#define ENSUE_PHILOX_INL_H
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace ensue {
namespace HWY_NAMESPACE {

// Blocks `block` ..< `block + kCount` of a stream, in plain loops that the compiler turns into vectors; words[w][l] is
// word w of block l.
template <size_t kCount>
HWY_INLINE void PhiloxBlocks(uint64_t key, uint64_t stream, uint64_t block, uint32_t (&words)[4][kCount]) {
  uint32_t k0 = static_cast<uint32_t>(key), k1 = static_cast<uint32_t>(key >> 32);
  for (size_t l = 0; l < kCount; ++l) {
    words[0][l] = static_cast<uint32_t>(block + l);
    words[1][l] = static_cast<uint32_t>((block + l) >> 32);
    words[2][l] = static_cast<uint32_t>(stream);
    words[3][l] = static_cast<uint32_t>(stream >> 32);
  }
  for (int round = 0; round < 10; ++round) {
    for (size_t l = 0; l < kCount; ++l) {
      const uint64_t p0 = static_cast<uint64_t>(0xD2511F53u) * words[0][l];
      const uint64_t p1 = static_cast<uint64_t>(0xCD9E8D57u) * words[2][l];
      words[0][l] = static_cast<uint32_t>(p1 >> 32) ^ words[1][l] ^ k0;
      words[1][l] = static_cast<uint32_t>(p1);
      words[2][l] = static_cast<uint32_t>(p0 >> 32) ^ words[3][l] ^ k1;
      words[3][l] = static_cast<uint32_t>(p0);
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace ensue
HWY_AFTER_NAMESPACE();
#endif
