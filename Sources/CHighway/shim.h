/* Highway is C++ and reached from EnsueKernels alone; this module carries its linker flag. */
