// A cell of the user's own as a setting: its equations in a configuration, a file of them on the command line.

import EnsueFiles
import EnsueLayers

extension Setting {
  /// A recurrent cell's equations; empty, null in JSON, for none. The option takes a file.
  public static func cellFormula(_ path: String, _ leaf: Leaf<String>, option: String) -> Setting {
    Setting(
      path, kind: .optional(.text), option: option, placeholder: "FILE", "a cell of your own, as equations",
      conversion: OptionConversion(.path) { value in
        .string(try CellFormula(contentsOf: value.stringValue ?? "").text)
      },
      get: { $0[keyPath: leaf].utf8.isEmpty ? .null : .string($0[keyPath: leaf]) },
      set: { root, value throws(Failure) in
        let text = value.stringValue ?? ""
        root[keyPath: leaf] = text.utf8.isEmpty ? "" : try CellFormula(text: text, name: path).text
      })
  }
}
