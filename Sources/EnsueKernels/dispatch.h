// The element-type switch and the run-time choice of instruction set, for the exported functions.
#pragma once
#include "include/EnsueKernels.h"

// CALL(T) with T = float or double.
#define ENSUE_BY_ELEMENT(element, CALL) \
  do {                                  \
    if ((element) == EnsueElementFloat32) { using T = float; CALL; } \
    else { using T = double; CALL; }    \
  } while (0)
