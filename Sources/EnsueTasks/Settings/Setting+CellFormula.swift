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

extension SettingsTable {
  /// Refuses a cell by name on the command line where equations take its place: it would be ignored without a word.
  func refuseTwoCells(_ arguments: ParsedArguments, _ root: Root) throws(Failure) {
    guard let equations = setting(at: "model.cellFormula"), equations.get(root) != .null else { return }
    let namesCell = arguments.occurrences.contains { given in
      given.isAssignment
        ? given.text.hasPrefix("model.cell=") && given.text != "model.cell=none"
        : given.option.settingPath == "model.cell" && given.value != .null
    }
    guard namesCell else { return }
    throw Failure(
      .usage, at: "--cell", "a cell's name or --cell-file expected, found both",
      advice: "--set model.cellFormula=none takes the equations out of a configuration.")
  }
}
