// Chains of multiply-adds that stay in registers: enough of them that neither the latency of an instruction nor
// memory is waited for. What remains is the rate at which the processor can multiply and add.

#include "CMachinePeak.h"

// `chains` accumulators of `bytes` each; the number of registers bounds them.
#define PEAK_LOOP(name, attribute, bytes, chains)                                          \
  attribute static uint64_t name(uint64_t turns) {                                         \
    typedef float vector __attribute__((vector_size(bytes)));                              \
    vector sums[chains];                                                                   \
    vector factor, shift;                                                                  \
    for (unsigned lane = 0; lane < sizeof(vector) / sizeof(float); ++lane) {               \
      factor[lane] = 0.999999f;                                                            \
      shift[lane] = 1e-6f;                                                                 \
    }                                                                                      \
    /* The compiler must not know the numbers, or it would compute the result itself. */   \
    __asm__ volatile("" : "+m"(factor), "+m"(shift));                                      \
    for (unsigned c = 0; c < chains; ++c) sums[c] = shift * (float)(c + 1);                \
    for (uint64_t turn = 0; turn < turns; ++turn) {                                        \
      _Pragma("clang loop unroll(full)") for (unsigned c = 0; c < chains; ++c)             \
          sums[c] = sums[c] * factor + shift;                                              \
    }                                                                                      \
    __asm__ volatile("" : : "m"(sums) : "memory");                                         \
    return turns * chains * 2 * (sizeof(vector) / sizeof(float));                          \
  }

#if defined(__x86_64__)
PEAK_LOOP(peak_wide, __attribute__((target("avx512f"))), 64, 24)
PEAK_LOOP(peak_middle, __attribute__((target("avx2,fma"))), 32, 12)
PEAK_LOOP(peak_narrow, , 16, 12)

uint64_t machine_peak_run(uint64_t turns) {
  if (__builtin_cpu_supports("avx512f")) return peak_wide(turns);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return peak_middle(turns);
  return peak_narrow(turns);
}
const char *machine_peak_vectors(void) {
  if (__builtin_cpu_supports("avx512f")) return "AVX-512";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "AVX2 with FMA";
  return "128-bit vectors";
}
#else
PEAK_LOOP(peak_narrow, , 16, 24)

uint64_t machine_peak_run(uint64_t turns) { return peak_narrow(turns); }
const char *machine_peak_vectors(void) { return "128-bit vectors"; }
#endif
