// A recurrent language model: the distribution of the next symbol given all before it. Long texts are read in
// segments: the states after one are given to the next (truncated back-propagation through time; Mikolov et al. 2010).

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// What a language model makes of a segment.
public struct LanguageModelOutput: Sendable {
  /// [rows, vocabularySize], a row for each packed row: scores of the symbol after it.
  public let logits: Tensor
  /// After the last step, for each layer and direction: where the next segment begins.
  public let states: [[RecurrentState]]

  /// The states without their history: a gradient ends here.
  public var detachedStates: [[RecurrentState]] { states.map { $0.map(\.detached) } }
}

/// Symbols → vectors → dropout → recurrent layers → dropout → linear layer to scores of the next symbol.
public struct RecurrentLanguageModel: Module {
  public var embedding: Embedding
  public var encoder: RecurrentStack
  /// Its weight is the embedding's where they are tied.
  public var output: Linear
  /// Whether embedding and output share one table (Press and Wolf 2017).
  public let isTied: Bool
  private let wordDropout: WordDropout
  private let embeddingDropout: SequenceDropout
  private let outputDropout: SequenceDropout
  private let normStabilizer: Double
  private let gradientPropagation: Double

  /// - Throws: `Failure` where the user's equations of a cell are in error, or sizes do not go together.
  public init(_ configuration: RecurrentLanguageModelConfiguration, key: RandomKey) throws(Failure) {
    try configuration.check()
    embedding = Embedding(
      vocabularySize: configuration.vocabularySize, featureCount: configuration.embeddingSize,
      key: key.derived("embedding"))
    encoder = RecurrentStack(
      try configuration.formula(), cell: configuration.cellConfiguration, configuration.stackConfiguration,
      key: key.derived("encoder"))
    output = Linear(
      inputSize: encoder.outputSize, outputSize: configuration.vocabularySize, key: key.derived("output"))
    func dropout(_ rate: Double?) -> SequenceDropout {
      SequenceDropout(
        rate: rate ?? configuration.dropout, dropsWholeSequences: configuration.dropsWholeSequences)
    }
    wordDropout = WordDropout(rate: configuration.wordDropout ?? 0)
    embeddingDropout = dropout(configuration.embeddingDropout)
    outputDropout = dropout(configuration.outputDropout)
    normStabilizer = configuration.normStabilizer ?? 0
    gradientPropagation = configuration.gradientPropagation ?? 0
    isTied = configuration.isTied
    if let range = configuration.initializerRange { beginUniformly(range, key: key.derived("range")) }
    if isTied { output.weight = embedding.weight }
  }

  /// Every matrix uniform on ±`range`; vectors stay as they are.
  private mutating func beginUniformly(_ range: Double, key: RandomKey) {
    forEachParameter { name, tensor, _ in
      if tensor.shape.rank == 2 { tensor = .uniform(tensor.shape, in: -range...range, key: key.derived(name)) }
    }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    // One table has one owner while it is visited, so that it can be changed in place.
    if isTied { output.weight = RecurrentLanguageModel.nothing }
    visitor.module("embedding", &embedding)
    visitor.module("encoder", &encoder)
    if isTied {
      visitor.parameter("output.bias", &output.bias)
      output.weight = embedding.weight
    } else {
      visitor.module("output", &output)
    }
  }

  private static let nothing = Tensor.zeros([1, 1])

  /// The same model with its recurrent weights laid out once, for many runs without a change of weights.
  public func prepared() -> RecurrentLanguageModel {
    var copy = self
    copy.encoder = encoder.prepared()
    return copy
  }

  /// Reads a segment.
  /// - Parameter states: after the segment before, longest sequence first; nil at the start of a text.
  public func callAsFunction(
    _ tokens: PackedTokens, from states: [[RecurrentState]]? = nil, _ phase: Phase = .inference
  ) -> LanguageModelOutput {
    let (read, encoding) = read(tokens, from: states, phase)
    return LanguageModelOutput(logits: output(read), states: encoding.finalStates)
  }

  /// The mean cross-entropy of the symbols that follow, in training with the penalties of its regularisers, and the
  /// states after the segment, without their history.
  /// - Parameters:
  ///   - targets: of every packed row, the symbol after it; a negative one is not scored.
  ///   - states: after the segment before, longest sequence first; nil at the start of a text.
  ///   - sampling: in training, the symbols to compare the targets with; nil for all.
  public func loss(
    _ tokens: PackedTokens, targets: [Int], from states: [[RecurrentState]]? = nil, labelSmoothing: Double = 0,
    sampling: SampledSoftmax? = nil, _ phase: Phase
  ) -> (loss: Tensor, states: [[RecurrentState]]) {
    let isProbed = gradientPropagation > 0 && phase.isTraining
    let (read, encoding) = read(tokens, from: states, phase, isProbed: isProbed)
    let crossEntropy = outputLoss(
      read, weight: output.weight, bias: output.bias, targets: targets, labelSmoothing: labelSmoothing, sampling, phase)
    var loss = crossEntropy
    if normStabilizer > 0, phase.isTraining { loss = loss + encoding.normStabilizer() * normStabilizer }
    if isProbed { loss = loss + encoding.gradientPropagation(of: crossEntropy, encoder) * gradientPropagation }
    return (loss, encoding.finalStates.map { $0.map(\.detached) })
  }

  /// What the output layer makes scores of, a row for each packed row, and the states after the last step.
  func outputs(
    _ tokens: PackedTokens, from states: [[RecurrentState]]?
  ) -> (rows: Tensor, states: [[RecurrentState]]) {
    let (read, encoding) = read(tokens, from: states, .inference)
    return (read, encoding.finalStates)
  }

  private func read(
    _ tokens: PackedTokens, from states: [[RecurrentState]]?, _ phase: Phase, isProbed: Bool = false
  ) -> (Tensor, RecurrentEncoding) {
    let words = wordDropout(embedding(tokens), of: tokens, phase.derived("words"))
    let vectors = embeddingDropout(words, phase.derived("embedding"))
    let encoding = encoder(vectors, from: states, phase.derived("encoder"), isProbed: isProbed)
    return (outputDropout(encoding.output, phase.derived("output")).values, encoding)
  }
}

extension RecurrentLanguageModel {
  /// Carried states as they are written to a file: `layer/direction/state`.
  public func namedTensors(of states: [[RecurrentState]]) -> [(name: String, tensor: Tensor)] {
    states.enumerated().flatMap { layer, directions in
      directions.enumerated().flatMap { direction, state in
        zip(encoder.layers[layer].forward.formula.states, state.tensors).map {
          ("\(layer)/\(direction)/\($0)", $1)
        }
      }
    }
  }

  /// Carried states from a file.
  /// - Parameters:
  ///   - batchSize: sequences of the batch.
  ///   - tensor: a tensor by its name in `namedTensors(of:)`.
  ///   - path: the file, for messages.
  /// - Throws: `Failure` of kind `data` where one is missing or of another shape.
  public func states(
    batchSize: Int, path: String, _ tensor: (String) throws -> Tensor?
  ) throws -> [[RecurrentState]] {
    try encoder.layers.enumerated().map { layer, cells in
      try [cells.forward].enumerated().map { direction, cell in
        RecurrentState(
          try cell.formula.states.map { state in
            let name = "\(layer)/\(direction)/\(state)"
            let shape: Shape = [batchSize, cell.hiddenSize]
            guard let found = try tensor(name), found.shape == shape, found.elementType == .float32 else {
              throw Failure(.data, at: path, "the state \(name) of shape \(shape) expected, found another or none")
            }
            return found
          })
      }
    }
  }
}
