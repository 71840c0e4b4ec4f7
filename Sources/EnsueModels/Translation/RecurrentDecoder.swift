// The decoder of a recurrent translation model, of either kind.

import EnsueLayers
import EnsueTensor

/// Told of the source once, fed the targets beside it, or attending to it at every step.
public enum RecurrentDecoder: Module {
  case fixed(FixedContextDecoder)
  case fed(FedTargetDecoder)
  case attentive(AttentiveDecoder)

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    // Taken out and put back, so that it has one owner and its weights can be changed in place.
    switch consume self {
    case .fixed(var decoder):
      decoder.visit(&visitor)
      self = .fixed(decoder)
    case .fed(var decoder):
      decoder.visit(&visitor)
      self = .fed(decoder)
    case .attentive(var decoder):
      decoder.visit(&visitor)
      self = .attentive(decoder)
    }
  }

  /// The recurrent layers alone. The first one's input is the vector of a symbol and, where it reads one, what the
  /// decoder knows of the source or gave at the step before.
  public var stack: RecurrentStack {
    get {
      switch self {
      case .fixed(let decoder): decoder.stack
      case .fed(let decoder): RecurrentStack(of: [decoder.cell])
      case .attentive(let decoder): RecurrentStack(of: decoder.cells)
      }
    }
    set {
      switch self {
      case .fixed(var decoder):
        decoder.stack = newValue
        self = .fixed(decoder)
      case .fed(var decoder):
        decoder.cell = newValue.layers[0].forward
        self = .fed(decoder)
      case .attentive(var decoder):
        decoder.cells = newValue.layers.map(\.forward)
        self = .attentive(decoder)
      }
    }
  }

  func prepared() -> RecurrentDecoder {
    switch self {
    case .fixed(let decoder): .fixed(decoder.prepared())
    case .fed(let decoder): .fed(decoder.prepared())
    case .attentive: self
    }
  }

  /// All steps at once.
  /// - Parameter states: before the first step, longest of `vectors` first; nil for the cells' own.
  func callAsFunction(
    _ vectors: PackedSequence, _ source: EncodedSource, from states: [[RecurrentState]]?, _ phase: Phase
  ) -> DecoderReading {
    switch self {
    case .fixed(let decoder):
      let context = decoder.context(source.ends).map { $0.gathered(source.rows(in: vectors.layout)) }
      return decoder(vectors, context: context, from: states, phase)
    case .fed(let decoder):
      let context = decoder.context(source.ends).gathered(source.rows(in: vectors.layout))
      let contexts = PackedSequence.repeating(context, layout: vectors.layout)
      return decoder(vectors.values, contexts: contexts.values, phase)
    case .attentive(let decoder):
      let decoding = decoder(vectors, source: source.states, from: states, phase)
      return decoder.reading(decoding.output.values, decoding.contexts.values)
    }
  }

  /// A step at a time.
  /// - Parameter states: before the first step, in the caller's order; nil for the cells' own.
  func makeStepper(_ source: EncodedSource, from states: [[RecurrentState]]?) -> RecurrentDecoderStepper {
    switch self {
    case .fixed(let decoder):
      let context = decoder.context(source.ends).map { $0.gathered(source.layout.positions) }
      return .fixed(decoder.makeStepper(batchSize: source.layout.batchSize, context: context, from: states))
    case .fed(let decoder):
      return .fed(decoder.prepared(), context: decoder.context(source.ends).gathered(source.layout.positions))
    case .attentive(let decoder):
      return .attentive(decoder.makeStepper(source: source.states, from: states), decoder)
    }
  }
}

extension AttentiveDecoder {
  /// c_t stands before h_t where they are not joined by a layer.
  fileprivate func reading(_ output: Tensor, _ contexts: Tensor) -> DecoderReading {
    switch configuration.order {
    case .before, .after: return DecoderReading(state: output, context: contexts)
    case .beside:
      let state = output.sliced(configuration.attention.keySize..<output.shape[1])
      return DecoderReading(state: state, context: contexts)
    }
  }
}

/// A decoder between two steps; rows in the order of its hypotheses.
enum RecurrentDecoderStepper: Sendable {
  case fixed(FixedContextStepper)
  case fed(FedTargetDecoder, context: Tensor)
  case attentive(AttentiveStepper, AttentiveDecoder)

  /// - Parameter x: [hypotheses, features]
  mutating func step(_ x: Tensor) -> DecoderReading {
    switch consume self {
    case .fixed(var stepper):
      let reading = stepper.step(x)
      self = .fixed(stepper)
      return reading
    case .fed(let decoder, let context):
      self = .fed(decoder, context: context)
      return decoder(x, contexts: context)
    case .attentive(var stepper, let decoder):
      let (output, contexts) = stepper.stepWithContexts(x)
      self = .attentive(stepper, decoder)
      return decoder.reading(output, contexts)
    }
  }

  func selecting(_ hypotheses: [Int]) -> RecurrentDecoderStepper {
    switch self {
    case .fixed(let stepper): .fixed(stepper.selecting(hypotheses))
    case .fed(let decoder, let context): .fed(decoder, context: context.gathered(hypotheses.map(Int32.init)))
    case .attentive(let stepper, let decoder): .attentive(stepper.selecting(hypotheses), decoder)
    }
  }

  /// Of the last step, for each hypothesis a weight for each step of the encoder; empty without attention.
  var weights: [SourceWeights] {
    switch self {
    case .fixed, .fed: []
    case .attentive(let stepper, _): stepper.weights
    }
  }
}
