/* Highway is C++ and used by EnsueKernels alone, which links it. This module tells the package manager which
   package of the system brings it. */
