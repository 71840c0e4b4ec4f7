// Scheduled sampling in two passes (Mihaylova and Martins, Scheduled sampling for Transformers, 2019; the schedule:
// Bengio et al. 2015).

import EnsueFiles
import EnsueLayers
import EnsueTensor

extension Translator {
  /// Inputs in which some symbols are the model's own.
  ///
  /// A first pass over the true inputs, in inference and without a gradient, gives the model's distribution at every
  /// step; then each input but the first of a target is replaced, with probability 1 - `trueShare`, by a symbol of the
  /// step before. Bengio et al. let the model read what it wrote itself at every step. After one pass it wrote each
  /// symbol after true ones: one pass more for all steps at once, whatever the model, in place of a step at a time,
  /// which would cost a recurrent model its fused loop and a Transformer its parallel steps. Each further pass reads
  /// the mixture of the one before, with the same draws: after n of them the first n symbols are those of Bengio et
  /// al., and all where no target is longer. What is replaced depends on the key, the sequence's place in the caller's
  /// batch and the step alone.
  /// - Parameters:
  ///   - trueShare: in 0 … 1 (`ScheduledSampling.trueShare`); at 1 the inputs are returned.
  ///   - passes: 1 or more; fewer are made where one changes nothing.
  /// - Throws: `Failure` of kind `data` where a sequence is longer than the model has places for.
  public func sampledInputs(
    sources: PackedTokens, inputs: PackedTokens, trueShare: Double, symbols: SampledSymbolKind = .drawn,
    passes: Int = 1, key: RandomKey
  ) throws(Failure) -> PackedTokens {
    let places = SampledPlaces(inputs.layout, trueShare: trueShare, key: key)
    guard !places.rows.isEmpty else { return inputs }
    var model = self
    model.forEachParameter { _, tensor, _ in tensor = tensor.detached }
    var mixed = inputs
    for _ in 0..<max(1, passes) {
      let read = try model.read(sources: sources, inputs: mixed, .inference).gathered(places.rowsBefore)
      let own = places.symbols(read, model.output, symbols)
      var ids = inputs.ids
      for (row, symbol) in zip(places.rows, own) { ids[row] = symbol }
      if ids == mixed.ids { break }
      mixed = PackedTokens(layout: inputs.layout, ids: ids)
    }
    return mixed
  }

  /// The loss with some of the inputs replaced by the model's own symbols.
  /// - Parameters:
  ///   - trueShare: in 0 … 1 (`ScheduledSampling.trueShare`); at 1, and in inference, it is the plain loss.
  ///   - symbols: which are taken.
  ///   - passes: how often the model reads what it wrote itself (`sampledInputs`).
  public func loss(
    sources: PackedTokens, inputs: PackedTokens, targets: [Int], labelSmoothing: Double = 0, trueShare: Double,
    symbols: SampledSymbolKind, passes: Int = 1, _ phase: Phase
  ) throws(Failure) -> Tensor {
    var mixed = inputs
    if case .training(let key) = phase {
      mixed = try sampledInputs(
        sources: sources, inputs: inputs, trueShare: trueShare, symbols: symbols, passes: passes,
        key: key.derived("sampling"))
    }
    return try loss(sources: sources, inputs: mixed, targets: targets, labelSmoothing: labelSmoothing, phase)
  }
}

/// The inputs of a batch that are replaced.
private struct SampledPlaces {
  /// Packed rows.
  private(set) var rows: [Int] = []
  /// Of each, the row of the step before, whose distribution gives the symbol.
  private(set) var rowsBefore: [Int32] = []
  /// Of each a number in 0 ..< 1, to draw by.
  private var numbers: [Double] = []

  init(_ layout: PackedLayout, trueShare: Double, key: RandomKey) {
    guard trueShare < 1 else { return }
    for step in 1..<max(1, layout.stepCount) {
      for position in 0..<layout.aliveCount(at: step) {
        let ofSequence = key.derived(layout.order[position])
        guard SampledPlaces.uniform(ofSequence.bits(at: 2 * step)) >= trueShare else { continue }
        rows.append(layout.row(step: step, position: position))
        rowsBefore.append(Int32(layout.row(step: step - 1, position: position)))
        numbers.append(SampledPlaces.uniform(ofSequence.bits(at: 2 * step + 1)))
      }
    }
  }

  /// In 0 ..< 1.
  private static func uniform(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

  /// The symbols that take the places.
  /// - Parameter read: what the last layer reads for each place.
  func symbols(_ read: Tensor, _ output: OutputScores, _ kind: SampledSymbolKind) -> [Int32] {
    // As many scores at a time as the output layer's loss keeps.
    let blockRows = max(64, (1 << 24) / max(1, output.weight.shape[0]))
    return stride(from: 0, to: rows.count, by: blockRows).flatMap { start -> [Int32] in
      let range = start..<min(rows.count, start + blockRows)
      let scores = output(read.sliced(range, axis: 0))
      switch kind {
      case .likeliest: return scores.argmax().map { Int32($0) }
      case .drawn: return SampledPlaces.drawn(from: softmax(scores).converted(to: .float32), Array(numbers[range]))
      }
    }
  }

  /// Of each row the first symbol at which the sum of probabilities passes its number.
  private static func drawn(from probabilities: Tensor, _ numbers: [Double]) -> [Int32] {
    let (all, width) = (probabilities.floats, probabilities.shape[1])
    return all.withUnsafeBufferPointer { all in
      numbers.enumerated().map { row, number in
        var (sum, last) = (0.0, 0)
        for symbol in 0..<width where all[row * width + symbol] > 0 {
          sum += Double(all[row * width + symbol])
          last = symbol
          if sum > number { break }
        }
        return Int32(last)
      }
    }
  }
}
