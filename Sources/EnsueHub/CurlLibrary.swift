// libcurl, loaded when the network is first needed.

import CCurl
import EnsueFiles

/// The functions of libcurl, with the types of its headers.
enum CurlLibrary {
  /// - Throws: `Failure` of kind `missing` where the library is not installed, or lacks a function.
  static func functions() throws(Failure) -> ensue_curl { try loaded.get() }

  /// What is said where the library is there and does nothing.
  static let idle = Failure(.unavailable, at: "libcurl", "a library that starts expected, found one that does not")

  private static let loaded = Result { () throws(Failure) -> ensue_curl in
    let library = try SystemLibrary.open("libcurl", files: files, advice: advice)
    var curl = ensue_curl()
    if let name = ensue_curl_fill(&curl, library) {
      throw Failure(.missing, at: "libcurl", "\(String(cString: name)) expected in it, found none", advice: advice)
    }
    guard curl.global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else { throw idle }
    return curl
  }

  // Builds with another library for TLS have another name and the same functions.
  #if os(macOS)
    private static let files = ["libcurl.4.dylib"]
    private static let advice = "Install it: brew install curl."
  #else
    private static let files = ["libcurl.so.4", "libcurl-gnutls.so.4"]
    private static let advice = "Install it: apt-get install libcurl4 (other systems: the package of libcurl)."
  #endif
}
