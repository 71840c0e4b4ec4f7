// Libraries that few commands need: not linked, loaded at first use, one line where they are missing.

import EnsueFiles
import Foundation
import Testing

@Suite struct LibraryTests {
  #if os(Linux)
    @Test func theProgramIsLinkedWithNeither() throws {
      let result = try Program.shell("ldd \"$ENSUE\"", in: NSTemporaryDirectory())
      try #require(result.code == 0 && result.outputText.contains("libc.so"), "\(result)")
      for name in ["libcurl", "librsvg", "libcairo", "libglib"] {
        #expect(!result.outputText.contains(name), "\(name): \(result)")
      }
    }

    /// Files of the libraries' names that are none stand before the true ones.
    @Test func aMissingLibraryIsSaid() throws {
      try Sandbox.with { sandbox in
        for name in ["libcurl.so.4", "libcurl-gnutls.so.4", "librsvg-2.so.2"] {
          try sandbox.write("no library", "libraries/\(name)")
        }
        let environment = [
          "LD_LIBRARY_PATH": sandbox.place("libraries"), "HF_HUB_CACHE": sandbox.place("hub"),
          "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": "",
        ]
        for (line, words) in [
          ("pull org/tiny", ["error: libcurl: the library expected, found none", "apt-get install libcurl4"]),
          (
            "plot schedule noam --output x.png",
            ["error: librsvg: the library expected, found none", "apt-get install librsvg2-2"]
          ),
        ] {
          let result = try Program.run(line, in: sandbox.path, environment: environment)
          #expect(result.code == 66 && result.errorLines.count == 1, "\(line): \(result)")
          for word in words { #expect(result.errorText.contains(word), "\(line): \(result)") }
        }
        #expect(!sandbox.exists("x.png"))
        for line in ["--version", "plot schedule noam --output x.svg"] {
          let result = try Program.run(line, in: sandbox.path, environment: environment)
          #expect(result.code == 0, "\(line): \(result)")
        }
      }
    }
  #endif
}
