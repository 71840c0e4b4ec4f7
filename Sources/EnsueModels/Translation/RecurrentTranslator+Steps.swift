// A recurrent encoder–decoder that translates step by step: its memory is its states, what it reads of the sources, and
// the weights as a step reads them.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// What a recurrent translator keeps of sources and of the targets that are being written.
public struct RecurrentTranslatorMemory: Sendable {
  /// Hypotheses that have read equally many symbols: one group but after forced prefixes of several lengths.
  fileprivate struct Group: Sendable {
    var stepper: RecurrentDecoderStepper
    /// Their numbers.
    var hypotheses: [Int]
  }
  fileprivate var groups: [Group]
  fileprivate let readout: Readout
  fileprivate let output: PackedMatrix

  fileprivate var hypothesisCount: Int { groups.reduce(0) { $0 + $1.hypotheses.count } }
}

extension RecurrentTranslator {
  public typealias Memory = RecurrentTranslatorMemory

  public var sourceVocabularySize: Int { embeddings.source.weight.shape[0] }

  /// There is no end.
  public var contextLength: Int? { nil }

  /// Alignment by place knows so many places; nil for any other.
  public var sourceLength: Int? {
    guard case .attentive(let attentive) = decoder else { return nil }
    let attention = attentive.configuration.attention
    return attention.score == .location ? attention.positionCount : nil
  }

  /// Lays the weights out for many steps.
  public func makeMemory(_ sources: PackedTokens) throws(Failure) -> RecurrentTranslatorMemory {
    let source = try encoded(sources)
    let states = bridge(source.encoding, rows: source.layout.positions)
    return RecurrentTranslatorMemory(
      groups: [
        .init(stepper: decoder.makeStepper(source, from: states), hypotheses: Array(0..<sources.layout.batchSize))
      ], readout: readout.prepared(), output: packedOutput ?? packOutput())
  }

  public func next(_ tokens: PackedTokens, _ memory: inout RecurrentTranslatorMemory) throws(Failure) -> Tensor {
    precondition(
      tokens.layout.batchSize == memory.hypothesisCount,
      "symbols of \(tokens.layout.batchSize) hypotheses for a memory of \(memory.hypothesisCount)")
    let sequences = tokens.sequences
    var rows: [Tensor] = []
    memory.groups = memory.groups.flatMap { $0.parted(by: sequences.map(\.count)) }
    for index in memory.groups.indices {
      rows.append(read(memory.groups[index].hypotheses.map { sequences[$0] }, memory.readout, &memory.groups[index]))
    }
    let joined = rows.count == 1 ? rows[0] : concatenated(rows, axis: 0)
    return memory.output.multiplied(byRowsOf: memory.inOrder(joined), bias: outputBias.detached)
  }

  /// What the last layer reads after the last symbol of each hypothesis of a group.
  private func read(
    _ sequences: [[Int32]], _ readout: Readout, _ group: inout RecurrentTranslatorMemory.Group
  ) -> Tensor {
    let table = embeddings.target.weight.detached
    let last = sequences[0].count - 1
    for step in 0..<last { _ = group.stepper.step(table.gathered(sequences.map { $0[step] })) }
    let vectors = table.gathered(sequences.map { $0[last] })
    return readout(group.stepper.step(vectors), vectors).detached
  }

  public func select(_ sequences: [Int], in memory: inout RecurrentTranslatorMemory) {
    if sequences == Array(0..<memory.hypothesisCount) { return }
    memory.groups = memory.groups.compactMap { $0.selecting(sequences) }
  }

  public func alignments(in memory: RecurrentTranslatorMemory) -> [[SourceWeights]] {
    var ofHypotheses = [SourceWeights](repeating: [], count: memory.hypothesisCount)
    for group in memory.groups {
      for (hypothesis, weights) in zip(group.hypotheses, group.stepper.weights) { ofHypotheses[hypothesis] = weights }
    }
    return ofHypotheses.contains(where: \.isEmpty) ? [] : [ofHypotheses.map(inSourceOrder)]
  }

  public func attention(sources: PackedTokens, inputs: PackedTokens) throws(Failure) -> [[[SourceWeights]]] {
    guard case .attentive(let attentive) = decoder else { return [] }
    let source = try encoded(sources)
    let states = bridge(source.encoding, rows: source.rows(in: inputs.layout))
    let decoding = attentive(embeddings.target(inputs), source: source.states, from: states)
    return [
      (0..<inputs.layout.batchSize).map { pair in
        decoding.alignment(of: pair).map { inSourceOrder($0.map { Float($0) }) }
      }
    ]
  }

  private func inSourceOrder(_ weights: SourceWeights) -> SourceWeights {
    reversesSource ? weights.reversed() : weights
  }
}

extension RecurrentTranslatorMemory {
  /// Rows that stand group by group, in the order of the hypotheses.
  fileprivate func inOrder(_ rows: Tensor) -> Tensor {
    if groups.count == 1 && groups[0].hypotheses == Array(0..<rows.shape[0]) { return rows }
    var places = [Int32](repeating: 0, count: rows.shape[0])
    for (place, hypothesis) in groups.flatMap(\.hypotheses).enumerated() { places[hypothesis] = Int32(place) }
    return rows.gathered(places)
  }
}

extension RecurrentTranslatorMemory.Group {
  /// The group as parts whose hypotheses read equally many symbols.
  fileprivate func parted(by counts: [Int]) -> [Self] {
    let lengths = Set(hypotheses.map { counts[$0] }).sorted()
    guard lengths.count > 1 else { return [self] }
    return lengths.map { length in
      let places = hypotheses.indices.filter { counts[hypotheses[$0]] == length }
      return Self(stepper: stepper.selecting(places), hypotheses: places.map { hypotheses[$0] })
    }
  }

  /// What remains of the group where these hypotheses are kept, numbered anew; nil for nothing.
  fileprivate func selecting(_ chosen: [Int]) -> Self? {
    let places = Dictionary(uniqueKeysWithValues: hypotheses.enumerated().map { ($1, $0) })
    let kept = chosen.indices.filter { places[chosen[$0]] != nil }
    guard !kept.isEmpty else { return nil }
    return Self(stepper: stepper.selecting(kept.compactMap { places[chosen[$0]] }), hypotheses: kept)
  }
}
