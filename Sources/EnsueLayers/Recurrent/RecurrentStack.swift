// Recurrent layers one above another, in one or both directions.

import EnsueTensor

/// How the layers of a stack are connected.
public enum ConnectionKind: String, Codable, CaseIterable, Sendable {
  /// Each layer reads the one below.
  case plain
  /// A layer's output is added to what it reads, where the widths are equal (He et al. 2016; Wu et al. 2016).
  case residual
  /// Every layer also reads the input, and the output has every layer's (Graves 2013).
  case skip

  public var summary: String {
    switch self {
    case .plain: "each layer reads the one below"
    case .residual: "a layer's output is added to what it reads, where the widths are equal (He et al. 2016)"
    case .skip: "every layer also reads the input, and the output joins all layers (Graves 2013)"
    }
  }

  /// Whether a stack connected so is another than a plain one.
  /// - Parameters:
  ///   - inputSize: features that the first layer reads.
  ///   - outputSize: features that a layer gives, those of both directions.
  package func hasEffect(layerCount: Int, inputSize: Int, outputSize: Int) -> Bool {
    switch self {
    case .plain: true
    case .residual: layerCount > 1 || inputSize == outputSize
    case .skip: layerCount > 1
    }
  }
}

/// What a stack needs to be told beside its cell.
public struct RecurrentStackConfiguration: Sendable {
  public var layerCount: Int
  public var isBidirectional: Bool
  public var connection: ConnectionKind
  /// Between layers; not within the recurrence (Zaremba et al. 2014).
  public var dropout: Double
  /// Whether dropout draws one mask a sequence instead of one a step (Gal and Ghahramani 2016).
  public var dropsWholeSequences: Bool

  public init(
    layerCount: Int = 1, isBidirectional: Bool = false, connection: ConnectionKind = .plain, dropout: Double = 0,
    dropsWholeSequences: Bool = false
  ) {
    (self.layerCount, self.isBidirectional, self.connection) = (layerCount, isBidirectional, connection)
    (self.dropout, self.dropsWholeSequences) = (dropout, dropsWholeSequences)
  }
}

/// Layers of recurrent cells; each layer reads the concatenated outputs of both directions of the one below:
/// h_i = [→h_i ; ←h_i] (Schuster and Paliwal 1997).
public struct RecurrentStack: Module {
  public var layers: [RecurrentLayer]
  public let configuration: RecurrentStackConfiguration
  private let dropout: SequenceDropout

  /// - Parameter cell: `inputSize` is that of the first layer.
  public init(
    _ formula: CellFormula, cell: RecurrentCellConfiguration, _ configuration: RecurrentStackConfiguration,
    key: RandomKey
  ) {
    precondition(configuration.layerCount > 0, "a stack has at least one layer")
    var layers: [RecurrentLayer] = []
    var below = cell
    for index in 0..<configuration.layerCount {
      let layerKey = key.derived(index)
      let forwardKey = layerKey.derived("forward")
      let forward =
        layers.last?.forward.renewed(below, key: forwardKey) ?? RecurrentCell(formula, below, key: forwardKey)
      let layer = RecurrentLayer(
        forward: forward,
        reverse: configuration.isBidirectional ? forward.renewed(below, key: layerKey.derived("reverse")) : nil)
      below.inputSize = layer.outputSize + (configuration.connection == .skip ? cell.inputSize : 0)
      layers.append(layer)
    }
    self.init(layers: layers, configuration)
  }

  /// - Parameter layers: as many as `configuration` says.
  init(layers: [RecurrentLayer], _ configuration: RecurrentStackConfiguration) {
    (self.layers, self.configuration) = (layers, configuration)
    dropout = SequenceDropout(rate: configuration.dropout, dropsWholeSequences: configuration.dropsWholeSequences)
  }

  public var outputSize: Int {
    configuration.connection == .skip
      ? layers.reduce(0) { $0 + $1.outputSize } : layers.last?.outputSize ?? 0
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in layers.indices { visitor.module("layers.\(index)", &layers[index]) }
  }

  /// The same stack with its weights laid out for many runs without a change of weights.
  public func prepared() -> RecurrentStack {
    var copy = self
    copy.layers = layers.map { $0.prepared() }
    return copy
  }

  /// Runs all layers.
  /// - Parameters:
  ///   - states: for each layer and direction, as `RecurrentEncoding.finalStates` gives them; nil for the cells' own
  ///     initial states.
  ///   - isProbed: whether the encoding can give the penalty `gradientPropagation`.
  public func callAsFunction(
    _ input: PackedSequence, from states: [[RecurrentState]]? = nil, _ phase: Phase = .inference,
    isProbed: Bool = false
  ) -> RecurrentEncoding {
    var below = input
    var outputs: [[Tensor]] = []
    var runs: [[RecurrentRun]] = []
    var probes: [LayerProbe] = []
    for (index, layer) in layers.enumerated() {
      if index > 0 {
        below = dropout(input.replacingValues(joined(outputs[index - 1])), phase.derived(index))
        if configuration.connection == .skip {
          below = below.replacingValues(concatenated([input.values, below.values]))
        }
      }
      let layerRuns = layer.runs(below, from: states?[index], phase.derived("layer").derived(index))
      var values = layerRuns.map(\.output.values)
      if isProbed {
        let probe = LayerProbe(input: below, zerosLike: values)
        values = zip(values, probe.zeros).map { $0 + $1 }
        probes.append(probe)
      }
      let isResidual = configuration.connection == .residual && below.featureCount == layer.outputSize
      outputs.append(isResidual ? [joined(values) + below.values] : values)
      runs.append(layerRuns)
    }
    return RecurrentEncoding(
      layout: input.layout, parts: configuration.connection == .skip ? outputs.flatMap { $0 } : outputs.last ?? [],
      runs: runs,
      isLastRunAlone: !isProbed
        && (configuration.connection == .plain || layers.count == 1 && configuration.connection == .skip),
      isContinued: states != nil, probes: probes)
  }
}

/// Columns side by side.
private func joined(_ parts: [Tensor]) -> Tensor { parts.count == 1 ? parts[0] : concatenated(parts) }

/// Dropout between the layers of a stack.
public struct SequenceDropout: Sendable {
  private let dropout: Dropout
  private let dropsWholeSequences: Bool

  public init(rate: Double, dropsWholeSequences: Bool) {
    (dropout, self.dropsWholeSequences) = (Dropout(rate: rate), dropsWholeSequences)
  }

  /// One vector a sequence.
  public func values(_ vectors: Tensor, _ phase: Phase) -> Tensor { dropout(vectors, phase) }

  public func callAsFunction(_ sequence: PackedSequence, _ phase: Phase) -> PackedSequence {
    guard dropsWholeSequences, dropout.rate > 0, case .training = phase else {
      return sequence.replacingValues(dropout(sequence.values, phase))
    }
    let ones = Tensor.ones([sequence.layout.batchSize, sequence.featureCount], sequence.values.elementType)
    let mask = PackedSequence.repeating(dropout(ones, phase), layout: sequence.layout)
    return sequence.replacingValues(sequence.values * mask.values)
  }
}

/// What a stack makes of a batch.
public struct RecurrentEncoding: Sendable {
  let layout: PackedLayout
  /// The columns of the output: put together only where they are asked for, since many models need the ends alone.
  let parts: [Tensor]
  /// Of each layer and direction.
  public let runs: [[RecurrentRun]]
  /// Whether the output is that of the last layer's cells and nothing else.
  let isLastRunAlone: Bool
  /// Whether the sequences go on from states given: of truncated back-propagation a later segment.
  let isContinued: Bool
  /// Of each layer, where the stack was asked for them.
  let probes: [LayerProbe]

  /// [rows, outputSize]
  public var output: PackedSequence { PackedSequence(layout: layout, values: joined(parts)) }

  /// A function of every feature's course, such as its mean: [batch, outputSize], longest first.
  func pooled(_ pool: (PackedSequence) -> Tensor) -> Tensor {
    joined(parts.map { pool(PackedSequence(layout: layout, values: $0)) })
  }

  /// The states at the ends of all layers and directions.
  public var finalStates: [[RecurrentState]] { runs.map { $0.map(\.finalState) } }

  /// The norm-stabilizer of the outputs of all layers and directions (Krueger and Memisevic 2016). Before the first step
  /// of a sequence an output that is no state is zero; where the sequence goes on from an earlier segment it is not
  /// known, and the first step has no term.
  public func normStabilizer() -> Tensor {
    let penalties = runs.flatMap { $0 }.map { run in
      let unknown = isContinued && run.initialOutput == nil
      return EnsueLayers.normStabilizer(
        run.output, from: unknown ? run.firstOutput : run.initialOutput, direction: run.direction)
    }
    return penalties.dropFirst().reduce(penalties[0]) { $0 + $1 }
  }

  /// The output at both directions' true ends, concatenated: [batch, outputSize], longest first.
  public var finalOutput: Tensor {
    guard isLastRunAlone, let last = runs.last else { return joinedFinalOutput }
    let ends = last.map { $0.direction == .forward ? $0.output.last() : $0.output.first() }
    return joined(ends)
  }

  /// Where layers are joined: each direction's columns of every layer at that direction's end.
  private var joinedFinalOutput: Tensor {
    let whole = output
    let (last, first) = (whole.last(), whole.first())
    let width = runs[0].reduce(0) { $0 + $1.output.featureCount }
    var parts: [Tensor] = []
    for start in stride(from: 0, to: whole.featureCount, by: width) {
      var column = start
      for run in runs[0] {
        let range = column..<column + run.output.featureCount
        parts.append((run.direction == .forward ? last : first).sliced(range))
        column = range.upperBound
      }
    }
    return joined(parts)
  }
}
