// Vectors of unknown size cannot stand in arrays, as the register blocks of the products do; the machines that
// have them run the 128-bit code.
#pragma once
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
