// GPT-2, Llama, Mistral and MarianMT while they are trained, against transformers
// (Tests/Goldens/pretrained-training.py): hidden states, the gradients of all weights, ten steps of two optimisers.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Foundation
import Testing

@Suite struct PretrainedTrainingTests {
  private static let file = "pretrained-training.safetensors"

  /// Sequences of a golden, and of each of their packed rows its row there.
  private struct Steps {
    let tokens: PackedTokens
    let rows: [Int32]

    init(_ ids: String, _ lengths: String, _ reader: borrowing SafetensorsReader) throws {
      let counts = try reader.integers(lengths).map { Int($0) }
      let all: [Int32] = try reader.integers(ids).map(Int32.init)
      let starts = counts.indices.map { counts[..<$0].reduce(0, +) }
      let tokens = PackedTokens(counts.indices.map { Array(all[starts[$0]..<starts[$0] + counts[$0]]) })
      let layout = tokens.layout
      self.tokens = tokens
      rows = (0..<layout.stepCount).flatMap { step -> [Int32] in
        (0..<layout.aliveCount(at: step)).map { Int32(starts[layout.order[$0]] + step) }
      }
    }

    func targets(_ name: String, _ reader: borrowing SafetensorsReader) throws -> [Int] {
      let all = try reader.integers("\(name)/targets").map { Int($0) }
      return rows.map { all[Int($0)] }
    }
  }

  private static func transformer(_ name: String) throws -> TransformerLanguageModel {
    let bundle = try LanguageModelBundle(contentsOf: PretrainedDecoderTests.folder(name))
    guard case .transformer(let model) = bundle.model else {
      throw Failure(.data, at: name, "a Transformer expected")
    }
    return model.converted(to: .float64)
  }

  private static func translator(_ name: String) throws -> (model: TransformerTranslator, scale: Double) {
    let bundle = try TranslationBundle(contentsOf: PretrainedTranslatorTests.folder(name))
    guard case .transformer(let model) = bundle.model, case .transformer(let sizes) = bundle.architecture else {
      throw Failure(.data, at: name, "a Transformer expected")
    }
    let scale = sizes.scalesEmbeddings ? Double(sizes.transformer.width).squareRoot() : 1
    return (model.converted(to: .float64), scale)
  }

  /// The golden's states are rounded to 32 bits.
  private func check(
    _ states: [PackedSequence], _ steps: Steps, _ name: String, _ reader: borrowing SafetensorsReader
  ) throws {
    for (index, state) in states.enumerated() {
      let expected = try reader.tensor("\(name)/\(index)").gathered(steps.rows).converted(to: .float64)
      let largest = expected.doubles.map(abs).max() ?? 0
      let difference = Disagreement(state.values, expected, relative: 1e-6, absolute: 1e-7 * largest)
      #expect(difference.isSmall, "\(name)/\(index): \(difference)")
    }
    let isWhole = !reader.names.contains("\(name)/\(states.count)")
    #expect(isWhole, "\(name)")
  }

  /// Of a matrix its products with fixed vectors from either side, so that no number of it can be wrong unseen.
  private func sketch(_ gradient: Tensor) -> [Double] {
    guard gradient.shape.rank == 2 else { return gradient.doubles }
    let (values, rowCount, columnCount) = (gradient.doubles, gradient.shape[0], gradient.shape[1])
    let cosines: [Double] = (0..<max(rowCount, columnCount)).map { cos(Double($0)) }
    var (rows, columns) = ([Double](repeating: 0, count: rowCount), [Double](repeating: 0, count: columnCount))
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        let value = values[row * columnCount + column]
        rows[row] += value * cosines[column]
        columns[column] += value * cosines[row]
      }
    }
    return rows + columns
  }

  private func check<Model: Module>(
    _ model: Model, _ name: String, _ reader: borrowing SafetensorsReader, loss: (Model) throws -> Tensor
  ) throws {
    let (value, gradients) = try valueAndGradient(of: model, loss)
    for kind in ["sgd", "adamw"] {
      let first = try reader.tensor("\(name)/losses/\(kind)").doubles[0]
      #expect(abs(value.scalar - first) < 1e-10 * first, "\(name): \(value.scalar) against \(first)")
    }
    let prefix = "\(name)/gradient/"
    let stored = reader.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    #expect(Set(stored) == Set(model.parameters.map(\.name)))
    for parameter in stored {
      let gradient = try #require(gradients[parameter]?.dense, "\(name) \(parameter)")
      let found = sketch(gradient)
      let expected = try reader.tensor(prefix + parameter).doubles
      let largest = expected.map(abs).max() ?? 0
      let difference = Disagreement(found, expected, relative: 1e-9, absolute: 1e-10 * largest + 1e-14)
      #expect(difference.isSmall, "\(name) \(parameter): \(difference)")
    }
    for (kind, rate, decay) in [(OptimizerKind.sgd, 0.05, 0.0), (.adamw, 0.002, 0.01)] {
      var optimizer = OptimizerConfiguration()
      (optimizer.kind, optimizer.learningRate, optimizer.weightDecay) = (kind, rate, decay)
      var trainer = Trainer(model: model, optimizer: Optimizer(optimizer), key: RandomKey(seed: 0))
      let losses = try (0..<10).map { _ in
        try trainer.step(on: [(batch: (), count: 1)]) { model, _, _ in try loss(model) }.loss
      }
      let expected = try reader.tensor("\(name)/losses/\(kind.rawValue)").doubles
      let difference = Disagreement(losses, expected, relative: 1e-8, absolute: 0)
      #expect(difference.isSmall, "\(name) \(kind): \(difference)")
    }
  }

  @Test(arguments: PretrainedDecoderTests.names) func decodersTrainAsInTransformers(_ name: String) throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let steps = try Steps("\(name)/ids", "\(name)/lengths", reader)
    let model = try Self.transformer(name)
    // The longer sequence fills the context.
    #expect(steps.tokens.layout.lengths[0] == model.contextLength)
    var states = [model.positions.embedded(model.embedding(steps.tokens))]
    for block in model.encoder.blocks { states.append(block(states[states.count - 1], reach: .causal)) }
    if let norm = model.encoder.finalNorm {
      let last = states[states.count - 1]
      states[states.count - 1] = last.replacingValues(norm(last.values))
    }
    try check(states, steps, "\(name)/hidden", reader)
    let targets = try steps.targets(name, reader)
    // No phase of training: nothing is dropped.
    try check(model, name, reader) { try $0.loss(steps.tokens, targets: targets, .inference) }
  }

  @Test(arguments: PretrainedTranslatorTests.names) func translatorsTrainAsInTransformers(_ name: String) throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let sources = try Steps("\(name)/sources", "\(name)/source-lengths", reader)
    let inputs = try Steps("\(name)/inputs", "\(name)/lengths", reader)
    let (model, scale) = try Self.translator(name)
    func placed(_ vectors: PackedSequence, _ positions: Positions) -> PackedSequence {
      positions(vectors.replacingValues(vectors.values * scale))
    }
    var encoded = [placed(model.embeddings.source(sources.tokens), model.sourcePositions)]
    for block in model.encoder.blocks { encoded.append(block(encoded[encoded.count - 1])) }
    try check(encoded, sources, "\(name)/encoder", reader)
    let memory = encoded[encoded.count - 1]
    var decoded = [placed(model.embeddings.target(inputs.tokens), model.targetPositions)]
    for block in model.decoder.blocks { decoded.append(block(decoded[decoded.count - 1], memory: memory)) }
    try check(decoded, inputs, "\(name)/decoder", reader)
    let targets = try inputs.targets(name, reader)
    try check(model, name, reader) {
      try $0.loss(sources: sources.tokens, inputs: inputs.tokens, targets: targets, .inference)
    }
  }
}
