// Libraries of the system that few commands need. They are loaded when they are first used, so that no other command
// waits for them at its start, or fails where they are not installed.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Opens libraries.
package enum SystemLibrary {
  /// The first of several files that can be loaded. It stays loaded.
  /// - Parameters:
  ///   - name: for messages.
  ///   - files: the likeliest first.
  ///   - advice: how it is installed.
  /// - Throws: `Failure` of kind `missing` with the loader's words about the first file.
  package static func open(
    _ name: String, files: [String], advice: String
  ) throws(Failure) -> UnsafeMutableRawPointer {
    var words: String?
    for file in files {
      if let library = dlopen(file, RTLD_NOW | RTLD_LOCAL) { return library }
      words = words ?? dlerror().map { String(cString: $0) }
    }
    throw Failure(
      .missing, at: name, "the library expected, found none (\(words ?? "no reason given"))", advice: advice)
  }
}
