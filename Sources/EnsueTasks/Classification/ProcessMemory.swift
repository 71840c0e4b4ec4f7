// The memory a process has needed.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Figures of this process.
public enum ProcessMemory {
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
