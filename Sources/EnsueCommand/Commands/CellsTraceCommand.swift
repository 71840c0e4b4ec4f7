// ensue cells trace: gates and states over the tokens of a text.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let cellsTrace = ProgramCommand(
    Command(
      "cells trace", group: "Cells", "the gates and states of a trained model over a text",
      discussion: """
        Runs a recurrent classifier or language model over the text and shows what the named values of its cell are at \
        each token: a row for each unit, in per cent, so that an open gate has 100. `ensue cells show RUN` prints the \
        equations with the names; a state after the step has a prime. Layers are numbered from 1 on. On a terminal \
        with colours cells are shaded; NO_COLOR and pipes get plain numbers.
        """,
      examples: [
        CommandExample("what is let in and kept", "ensue cells trace runs/first \"not bad\" --values \"i,f,c'\""),
        CommandExample("all values as a picture", "ensue cells trace runs/first \"not bad at all\" --svg gates.svg"),
        CommandExample(
          "the second layer from the end, for a program",
          "ensue cells trace runs/bilstm \"not bad\" --layer 2 --backward --json"),
      ],
      positionals: [
        Positional("RUN", .path, .one, "a run folder or a bundle"), Positional("TEXT", .text, .one, "what it reads"),
      ],
      options: [
        .value("values", .list, placeholder: "NAME,...", default: "all", "names of the formula"),
        .value("layer", .integer(1...64), placeholder: "N", default: "1", "which layer"),
        .flag("backward", "the cell that reads from the end"),
        .value("svg", .path, placeholder: "FILE", "also write a picture"),
        .flag("json", "a JSON object with all numbers"),
      ])
  ) { arguments, output in
    let (path, text) = (arguments.positional("RUN") ?? "", arguments.positional("TEXT") ?? "")
    guard BundleTaskKind(at: path) != .translate else {
      throw Failure(.usage, at: path, "a classifier or a language model expected, found a translation model")
    }
    let trace = try CellTrace(
      RecurrentBundle(contentsOf: path), of: text, names: arguments.texts("values"),
      layer: arguments.integer("layer") ?? 1, direction: arguments.flag("backward") ? .reverse : .forward)
    if let file = arguments.text("svg") { try PictureFile(svg: file).write(svg: trace.picture(of: text).svg) }
    guard !arguments.flag("json") else { return try output.writeLine(trace.json(text).description) }
    try output.write(trace.text(shading: Terminal.shading, width: Terminal.width))
  }
}

extension CellTrace {
  private var place: String { "layer \(layer)\(direction == .forward ? "" : ", backward")" }

  /// For each unit its number at every token.
  private func units(_ steps: [[Double]]) -> [[Double]] {
    (steps.first ?? []).indices.map { unit in steps.map { $0[unit] } }
  }

  /// Each value as a matrix of units and tokens.
  func text(shading: ShadingKind, width: Int) -> String {
    var text = "\(model), \(place)\n"
    let unknown = zip(tokens, isUnknown).filter(\.1).map(\.0)
    if !unknown.isEmpty {
      text += ExitStatus.escaped("not in the vocabulary: \(unknown.joined(separator: " "))") + "\n"
    }
    for (name, steps) in values {
      let rows = units(steps)
      let map = WeightMap(
        title: name, rowLabels: rows.indices.map { "\($0 + 1)" }, columnLabels: tokens, values: rows)
      let scale = shading == .numbers ? "in per cent" : "full shade \(Format.percent(map.largest, places: 0))"
      text += "\n\(name), \(scale)\n" + WeightMapText(map, shading: shading).text(width: width)
    }
    return text
  }

  /// - Parameter read: the text.
  func json(_ read: String) -> JSONValue {
    var numbers: JSONObject = [:]
    for (name, steps) in values { numbers[name] = .array(steps.map { .array($0.map { .number($0) }) }) }
    return .object([
      "text": .string(read), "model": .string(model), "layer": .number(layer),
      "direction": .string(direction.rawValue), "tokens": .array(tokens.map { .string($0) }),
      "unknown": .array(isUnknown.indices.filter { isUnknown[$0] }.map { .number($0) }), "values": .object(numbers),
    ])
  }

  /// All values side by side.
  func picture(of read: String) -> HeatMapGrid {
    HeatMapGrid(
      title: "\(model), \(place)", rowNames: [place], columnNames: values.map(\.name),
      maps: [values.map { HeatMapGrid.Map(values: units($0.steps)) }],
      note: "Rows are units, columns the tokens of: \(read)", width: max(720, 124 * Double(values.count)))
  }
}
