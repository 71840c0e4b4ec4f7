// librsvg with cairo, loaded when a PNG is first asked for.

import CRSVG
import EnsueFiles

/// The functions of librsvg and of the libraries below it.
enum RSVGLibrary {
  /// - Throws: `Failure` of kind `missing` where librsvg is not installed, or lacks a function.
  static func functions() throws(Failure) -> ensue_rsvg { try loaded.get() }

  private static let loaded = Result { () throws(Failure) -> ensue_rsvg in
    let library = try SystemLibrary.open("librsvg", files: files, advice: advice)
    var rsvg = ensue_rsvg()
    if let name = ensue_rsvg_fill(&rsvg, library) {
      throw Failure(.missing, at: "librsvg", "\(String(cString: name)) expected in it, found none", advice: advice)
    }
    return rsvg
  }

  #if os(macOS)
    private static let files = ["", "/opt/homebrew/lib/", "/usr/local/lib/"].map { "\($0)librsvg-2.2.dylib" }
    private static let advice = "Install it: brew install librsvg; an SVG needs nothing."
  #else
    private static let files = ["librsvg-2.so.2"]
    private static let advice =
      "Install it: apt-get install librsvg2-2 (other systems: the package of librsvg); an SVG needs nothing."
  #endif
}
