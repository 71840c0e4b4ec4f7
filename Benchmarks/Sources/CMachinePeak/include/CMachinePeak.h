/* The machine's float32 multiply-add peak, measured without a byte of memory traffic. */
#ifndef C_MACHINE_PEAK_H
#define C_MACHINE_PEAK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Runs `turns` turns of independent multiply-adds in registers, in the widest vectors this processor has.
 * Returns the number of floating-point operations done (a multiply-add is two). */
uint64_t machine_peak_run(uint64_t turns);

/* The vectors used, for the report: "AVX-512", "AVX2 with FMA", "128-bit vectors". */
const char *machine_peak_vectors(void);

#ifdef __cplusplus
}
#endif
#endif
