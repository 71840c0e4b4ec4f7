// The processor's own settings.

#include "include/EnsueKernels.h"

#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif

int ensue_processor_count(void) {
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) return CPU_COUNT(&allowed);
#endif
  return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

#if defined(__x86_64__)
#include <immintrin.h>

uint32_t ensue_flush_denormals(void) {
  const uint32_t state = _mm_getcsr();
  _mm_setcsr(state | 0x8040);  // flush results to zero, read denormals as zero
  return state;
}
void ensue_restore_denormals(uint32_t state) { _mm_setcsr(state); }
void ensue_pause(void) { _mm_pause(); }

#elif defined(__aarch64__)

uint32_t ensue_flush_denormals(void) {
  uint64_t state;
  __asm__ volatile("mrs %0, fpcr" : "=r"(state));
  __asm__ volatile("msr fpcr, %0" : : "r"(state | (1u << 24)));
  return static_cast<uint32_t>(state);
}
void ensue_restore_denormals(uint32_t state) {
  __asm__ volatile("msr fpcr, %0" : : "r"(static_cast<uint64_t>(state)));
}
void ensue_pause(void) { __asm__ volatile("yield"); }

#else

uint32_t ensue_flush_denormals(void) { return 0; }
void ensue_restore_denormals(uint32_t) {}
void ensue_pause(void) {}

#endif
