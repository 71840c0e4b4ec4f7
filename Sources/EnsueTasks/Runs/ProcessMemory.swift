// The memory a process has needed.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Figures of this process and its machine.
public enum ProcessMemory {
  /// The machine's memory, in bytes.
  static var physicalBytes: Double { Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE))) }

  /// The largest resident size so far, in bytes.
  public static var peakBytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Int(usage.ru_maxrss) * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return Int(usage.ru_maxrss)
    #endif
  }
}
