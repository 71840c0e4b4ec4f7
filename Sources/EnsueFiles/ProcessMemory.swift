// The memory a process has needed.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Figures of this process and its machine.
public enum ProcessMemory {
  /// The machine's memory, in bytes.
  package static var physicalBytes: Double {
    Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// The largest resident size so far, in bytes.
  public static var peakBytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      if let own = ownPeakBytes { return own }
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Int(usage.ru_maxrss) * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return Int(usage.ru_maxrss)
    #endif
  }

  #if canImport(Glibc)
    /// `VmHWM` of /proc/self/status, in kB there: this program's own. Linux begins `ru_maxrss` with the peak of the
    /// process that started this one. nil where the system does not give it.
    package static var ownPeakBytes: Int? {
      guard let file = fopen("/proc/self/status", "re") else { return nil }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 1 << 13)
      let count = fread(&bytes, 1, 1 << 13, file)
      let words = bytes.prefix(count).split { $0 <= UInt8(ascii: " ") }
      guard let name = words.firstIndex(where: { $0.elementsEqual("VmHWM:".utf8) }), name + 1 < words.count else {
        return nil
      }
      return Int(String(decoding: words[name + 1], as: UTF8.self)).map { $0 * 1024 }
    }
  #endif
}
