// The laws of attention, over every alignment function with every distribution function.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// An alignment function with a distribution function, on queries and keys of unequal lengths and, where both allow it,
/// widths. Location-based scores know fewer steps than there are.
struct AttentionSubject: Sendable, CustomTestStringConvertible {
  let score: AttentionScoreKind
  let distribution: AttentionDistributionKind
  var testDescription: String { "\(score.rawValue) \(distribution.rawValue)" }

  static let all = AttentionScoreKind.allCases.flatMap { score in
    AttentionDistributionKind.allCases.map { AttentionSubject(score: score, distribution: $0) }
  }

  /// Every mask with every distribution and with three scores; of the other pairs two.
  var masks: [AttentionMask] {
    let isTriedWithAll =
      score == .scaledDot || distribution == .softmax && (score == .additive || score == .location)
    return isTriedWithAll ? AttentionMask.allCases : [.everything, .scattered]
  }

  var configuration: AttentionConfiguration {
    AttentionConfiguration(
      score: score, distribution: distribution,
      querySize: score.needsEqualWidths || distribution.needsEqualWidths ? 4 : 5, keySize: 4, hiddenSize: 3,
      featureCount: 6, positionCount: 3, positionFeatureCount: 5)
  }

  var attention: Attention { Attention(configuration, key: RandomKey(seed: 3)).randomized() }

  /// Queries, keys and values, packed rows.
  func inputs(
    _ queries: PackedLayout, _ keys: PackedLayout, _ type: ElementType = .float64
  ) -> [Tensor] {
    let key = RandomKey(seed: 12)
    return [
      .normal([queries.rowCount, configuration.querySize], key: key.derived("queries"), type),
      .normal([keys.rowCount, configuration.keySize], key: key.derived("keys"), type),
      .normal([keys.rowCount, 3], key: key.derived("values"), type),
    ]
  }
}

/// The weights of an attention over packed rows.
private func attended(
  _ attention: Attention, _ inputs: [Tensor], _ queries: PackedLayout, _ keys: PackedLayout, mask: PairMask?
) -> AttentionOutput {
  attention(
    queries: PackedSequence(layout: queries, values: inputs[0]), keys: PackedSequence(layout: keys, values: inputs[1]),
    values: PackedSequence(layout: keys, values: inputs[2]), mask: mask)
}

@Suite struct AttentionLaws {
  private let queries = AttentionBatch.queries
  private let keys = AttentionBatch.keys

  @Test(arguments: AttentionSubject.all) func gradientEqualsFiniteDifferences(_ subject: AttentionSubject) {
    let system = AttentionSystem(
      part: subject.attention, inputs: TensorList(subject.inputs(queries.layout, keys.layout)))
    let factors = Tensor.uniform([queries.layout.rowCount, 3], in: 0.5...1.5, key: RandomKey(seed: 5), .float64)
    let (queryLayout, keyLayout) = (queries.layout, keys.layout)
    for kind in subject.masks {
      let mask = kind.mask(AttentionBatch.layout)
      let disagreements = gradientDisagreements(of: system) { system in
        let output = attended(system.part, system.inputs.tensors, queryLayout, keyLayout, mask: mask)
        return (output.values * factors).sum() + square(output.weights).sum()
      }
      for (parameter, disagreement) in disagreements {
        #expect(disagreement.isSmall, "\(kind), \(parameter): \(disagreement)")
      }
    }
  }

  @Test(arguments: AttentionSubject.all) func aSequenceAloneEqualsItInTheBatch(_ subject: AttentionSubject) {
    let inputs = subject.inputs(queries.layout, keys.layout)
    for kind in subject.masks {
      let batch = attended(
        subject.attention, inputs, queries.layout, keys.layout, mask: kind.mask(AttentionBatch.layout))
      for index in 0..<3 {
        let own = [queries.sequence(index, of: inputs[0])] + inputs[1...].map { keys.sequence(index, of: $0) }
        let layouts = own.map { PackedLayout(lengths: [$0.shape[0]]) }
        let mask = kind.mask(PairLayout(queries: layouts[0], keys: layouts[1]), first: index)
        let alone = attended(subject.attention, own, layouts[0], layouts[1], mask: mask)
        #expect(alone.values.isIdentical(to: queries.sequence(index, of: batch.values)), "\(kind)")
        #expect(alone.alignment(of: 0) == batch.alignment(of: index), "\(kind)")
      }
    }
  }

  /// The weights of the keys that a mask allows are those they have where there are no others.
  @Test(arguments: AttentionDistributionKind.allCases, AttentionMask.allCases)
  func aMaskLeavesTheKeysThatItAllows(_ distribution: AttentionDistributionKind, _ kind: AttentionMask) {
    let subject = AttentionSubject(score: .scaledDot, distribution: distribution)
    let inputs = subject.inputs(queries.layout, keys.layout)
    let batch = attended(
      subject.attention, inputs, queries.layout, keys.layout, mask: kind.mask(AttentionBatch.layout))
    for index in 0..<3 {
      let own = [queries.sequence(index, of: inputs[0])] + inputs[1...].map { keys.sequence(index, of: $0) }
      for (step, found) in batch.alignment(of: index).enumerated() {
        let allowed = found.indices.filter { kind.allows(index, step, $0) }
        var expected = found.map { _ in 0.0 }
        if !allowed.isEmpty {
          let rows = allowed.map { Int32($0) }
          let alone = attended(
            subject.attention, [own[0].gathered([Int32(step)]), own[1].gathered(rows), own[2].gathered(rows)],
            PackedLayout(lengths: [1]), PackedLayout(lengths: [rows.count]), mask: nil)
          for (key, weight) in zip(allowed, alone.alignment(of: 0)[0]) { expected[key] = weight }
        }
        for (key, weight) in found.enumerated() {
          #expect(kind.allows(index, step, key) || weight == 0)
          #expect(abs(weight - expected[key]) < 1e-12, "sequence \(index), query \(step), key \(key)")
        }
      }
    }
  }

  @Test(arguments: AttentionSubject.all) func aQueryThatMayMeetNothingGetsZeros(_ subject: AttentionSubject) {
    let inputs = subject.inputs(queries.layout, keys.layout)
    let some = attended(subject.attention, inputs, queries.layout, keys.layout, mask: AttentionBatch.mask)
    #expect(queries.sequence(1, of: some.values).doubles.allSatisfy { $0 == 0 })
    #expect(some.alignment(of: 1) == [[0, 0, 0, 0, 0]])
    let nothing = PairMask(AttentionBatch.layout) { _, _, _ in false }
    let system = AttentionSystem(part: subject.attention, inputs: TensorList(inputs))
    let (_, gradients) = valueAndGradient(of: system) {
      attended($0.part, $0.inputs.tensors, queries.layout, keys.layout, mask: nothing).values.sum()
    }
    for name in gradients.names { #expect(gradients[name]?.dense.doubles.allSatisfy { $0 == 0 } == true, "\(name)") }
  }

  @Test(arguments: AttentionSubject.all) func oneThreadEqualsManyBitForBit(_ subject: AttentionSubject) {
    let queryLayout = PackedLayout(lengths: (0..<30).map { 1 + ($0 * 7) % 19 })
    let keyLayout = PackedLayout(lengths: (0..<30).map { 1 + ($0 * 5) % 23 })
    let layout = PairLayout(queries: queryLayout, keys: keyLayout)
    let system = AttentionSystem(
      part: subject.attention.converted(to: .float32),
      inputs: TensorList(subject.inputs(queryLayout, keyLayout, .float32)))
    for kind in subject.masks where kind != .everything {
      let mask = kind.mask(layout)
      let results = [1, 2, 3, 8].map { threads in
        ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
          valueAndGradient(of: system) {
            square(attended($0.part, $0.inputs.tensors, queryLayout, keyLayout, mask: mask).values).mean()
          }
        }
      }
      for result in results {
        #expect(result.value.isIdentical(to: results[0].value), "\(kind)")
        for name in result.gradients.names {
          let (here, first) = (result.gradients[name]?.dense, results[0].gradients[name]?.dense ?? .zeros([]))
          #expect(here?.isIdentical(to: first) == true, "\(kind), \(name)")
        }
      }
    }
  }

  @Test(arguments: AttentionScoreKind.allCases) func everyParameterIsVisited(_ kind: AttentionScoreKind) {
    let subject = AttentionSubject(score: kind, distribution: .softmax)
    #expect(tensorCount(in: subject.attention) == subject.attention.parameters.count)
    #expect(Set(subject.attention.parameters.map(\.name)).count == subject.attention.parameters.count)
  }

  /// A decoder's queries come one at a time.
  @Test(arguments: AttentionScoreKind.allCases) func preparedKeysGiveTheSameBits(_ kind: AttentionScoreKind) {
    let subject = AttentionSubject(score: kind, distribution: .softmax)
    let (attention, inputs) = (subject.attention, subject.inputs(keys.layout, keys.layout))
    let all = attended(attention, inputs, keys.layout, keys.layout, mask: nil)
    let prepared = attention.prepared(PackedSequence(layout: keys.layout, values: inputs[1]))
    let oneStep = PackedLayout(lengths: [1, 1, 1])
    let firsts = inputs[0].gathered(keys.layout.positions)
    let step = attention(
      queries: PackedSequence(layout: oneStep, values: firsts), keys: prepared,
      values: PackedSequence(layout: keys.layout, values: inputs[2]))
    for index in 0..<3 {
      #expect(step.alignment(of: index)[0] == all.alignment(of: index)[0])
    }
  }
}
