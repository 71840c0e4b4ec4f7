// The values of a recurrent layer's steps by name, as a trained model computes them over a text.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueText

/// A text as a model's recurrent layers read it.
private struct RecurrentReading {
  let tokens: [String]
  let isUnknown: [Bool]
  let input: PackedSequence
}

/// Gates and states over time: of one layer and direction.
struct CellTrace {
  let model: String
  /// From 1 on.
  let layer: Int
  let direction: Direction
  let tokens: [String]
  let isUnknown: [Bool]
  /// The names asked for, each with a row of units for every token.
  let values: [(name: String, steps: [[Double]])]

  /// Runs a model over a text.
  /// - Parameters:
  ///   - names: values of the formula; none for all.
  ///   - layer: from 1 on.
  /// - Throws: `Failure` of kind `usage` for a name, layer or direction that the model does not have.
  init(_ bundle: RecurrentBundle, of text: String, names: [String], layer: Int, direction: Direction) throws {
    var stack = bundle.stack
    guard stack.layers.indices.contains(layer - 1) else {
      throw Failure(.usage, at: "--layer", "a layer from 1 to \(stack.layers.count) expected, found \(layer)")
    }
    let cell = direction == .forward ? stack.layers[layer - 1].forward : stack.layers[layer - 1].reverse
    guard let cell else {
      throw Failure(
        .usage, at: "--backward", "a model that reads backwards too expected, found one that reads forwards alone")
    }
    let wanted = names.isEmpty ? cell.formula.valueNames : names
    let exposed: RecurrentCell
    do {
      exposed = try cell.exposing(wanted)
    } catch {
      throw Failure(.usage, at: "--values", error.problem, advice: error.advice)
    }
    switch direction {
    case .forward: stack.layers[layer - 1].forward = exposed
    case .reverse: stack.layers[layer - 1].reverse = exposed
    }
    let reading = try bundle.reading(text)
    let run = stack(reading.input).runs[layer - 1][direction == .forward ? 0 : 1]
    let found = run.values
    values = wanted.map { name in (name, found[name]?.rows ?? []) }
    (model, self.layer, self.direction) = (bundle.title, layer, direction)
    (tokens, isUnknown) = (reading.tokens, reading.isUnknown)
  }
}

extension PackedSequence {
  /// The rows of the only sequence.
  fileprivate var rows: [[Double]] {
    let (numbers, width) = (values.doubles, featureCount)
    return (0..<layout.rowCount).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }
}

extension RecurrentBundle {
  /// - Throws: `Failure` of kind `usage` for a model that reads no text.
  fileprivate func reading(_ text: String) throws -> RecurrentReading {
    switch self {
    case .language(let bundle, let model):
      let codec = bundle.codec
      let ids = try LanguagePrompt(text, codec, beginning: bundle.beginning, contextLength: nil, place: "TEXT").ids
      return RecurrentReading(
        tokens: ids.map { codec.decode([$0]) }, isUnknown: ids.map { $0 == codec.unknownID },
        input: model.embedding(PackedTokens([ids])))
    case .classify(let bundle, let model):
      let sentence = bundle.encoder.read(text)
      return RecurrentReading(
        tokens: sentence.tokens, isUnknown: sentence.ids.map { $0 == Int32(Vocabulary.unknownID) },
        input: model.embedding(PackedTokens([sentence.ids])))
    case .rolls, .translate:
      throw Failure(.usage, at: "RUN", "a classifier or a language model expected, found \(title)")
    }
  }
}
