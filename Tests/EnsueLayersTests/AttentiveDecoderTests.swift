// The laws of attentive decoders, over cells, scores, distributions and orders.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// A decoder's run over packed tensors.
private func run(
  _ subject: AttentiveSubject, _ decoder: AttentiveDecoder, _ tensors: [Tensor],
  _ inputs: PackedLayout = AttentiveSubject.inputs, _ sources: PackedLayout = AttentiveSubject.sources,
  _ phase: Phase = .inference, composed: Bool = false
) -> AttentiveDecoding {
  let input = PackedSequence(layout: inputs, values: tensors[0])
  let source = PackedSequence(layout: sources, values: tensors[1])
  let states = subject.states(tensors)
  return composed
    ? decoder.composedDecoding(input, source: source, from: states, phase)
    : decoder(input, source: source, from: states, phase)
}

/// Everything a run gives, each number with a weight of its own.
private func loss(_ run: AttentiveDecoding) -> Tensor {
  let key = RandomKey(seed: 77)
  let parts = [run.output.values, run.contexts.values, run.weights] + run.states.flatMap { $0.map(\.values) }
  return parts.enumerated().reduce(Tensor.zeros([], run.weights.elementType)) { sum, part in
    let weights = Tensor.normal(part.element.shape, key: key.derived(part.offset), part.element.elementType)
    return sum + (part.element * weights).sum() + square(part.element).sum()
  }
}

@Suite struct AttentiveDecoderLaws {
  @Test(arguments: AttentiveSubject.ofCells + AttentiveSubject.local)
  func gradientEqualsFiniteDifferences(_ subject: AttentiveSubject) { check(subject, .inference) }

  @Test(arguments: AttentiveSubject.ofFunctions + AttentiveSubject.ofActivations)
  func gradientOfFunctionsEqualsFiniteDifferences(_ subject: AttentiveSubject) { check(subject, .inference) }

  @Test(arguments: AttentiveSubject.orders.map(\.name)) func gradientInTrainingEqualsFiniteDifferences(_ order: String)
  {
    let subjects = AttentiveSubject.ofCells.filter { $0.name == "lstm \(order) 2" }
    for subject in subjects {
      check(subject.inTraining, .training(RandomKey(seed: 3)))
    }
  }

  private func check(_ subject: AttentiveSubject, _ phase: Phase) {
    let disagreements = gradientDisagreements(of: AttentiveSystem(subject), relative: 1e-5, absolute: 1e-7) {
      loss(run(subject, $0.decoder, $0.inputs.tensors, AttentiveSubject.inputs, AttentiveSubject.sources, phase))
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  /// Also in training, with dropout within and between layers and zoneout.
  @Test(arguments: AttentiveSubject.all.filter { $0.decoder.isFused })
  func theFusedLoopEqualsTheComposedOne(_ subject: AttentiveSubject) {
    compare(subject, .float64, ofLoss: 1e-11, ofGradients: 1e-10)
  }

  @Test(arguments: AttentiveSubject.all.filter { $0.decoder.isFused })
  func theFusedLoopEqualsTheComposedOneInSinglePrecision(_ subject: AttentiveSubject) {
    compare(subject, .float32, ofLoss: 1e-4, ofGradients: 1e-3)
  }

  private func compare(
    _ subject: AttentiveSubject, _ type: ElementType, ofLoss lossTolerance: Double,
    ofGradients gradientTolerance: Double
  ) {
    for (subject, phase) in [(subject, Phase.inference), (subject.inTraining, .training(RandomKey(seed: 8)))] {
      let system = AttentiveSystem(subject).converted(to: type)
      let results = [false, true].map { composed in
        valueAndGradient(of: system) {
          loss(
            run(
              subject, $0.decoder, $0.inputs.tensors, AttentiveSubject.inputs, AttentiveSubject.sources, phase,
              composed: composed))
        }
      }
      let losses = Disagreement(
        results[0].value.doubles, results[1].value.doubles, relative: lossTolerance, absolute: lossTolerance)
      #expect(losses.isSmall, "\(losses)")
      #expect(Set(results[0].gradients.names) == Set(results[1].gradients.names))
      for name in results[0].gradients.names {
        let (fused, composed) = (results[0].gradients[name]?.dense, results[1].gradients[name]?.dense)
        let disagreement = Disagreement(
          fused?.doubles ?? [], composed?.doubles ?? [], relative: gradientTolerance, absolute: gradientTolerance)
        #expect(disagreement.isSmall, "\(name): \(disagreement)")
      }
    }
  }

  @Test(arguments: AttentiveSubject.all) func aSequenceAloneEqualsItInTheBatch(_ subject: AttentiveSubject) {
    let (decoder, tensors) = (subject.decoder, subject.tensors())
    let batch = run(subject, decoder, tensors)
    let (inputs, sources) = (AttentionRows(lengths: [3, 1, 4, 2]), AttentionRows(lengths: [2, 5, 3, 1]))
    for index in 0..<4 {
      let position = inputs.layout.positions[index]
      let own =
        [inputs.sequence(index, of: tensors[0]), sources.sequence(index, of: tensors[1])]
        + tensors[2...].map { $0.gathered([position]) }
      let alone = run(
        subject, decoder, own, PackedLayout(lengths: [own[0].shape[0]]), PackedLayout(lengths: [own[1].shape[0]]))
      #expect(alone.output.values.isIdentical(to: inputs.sequence(index, of: batch.output.values)))
      #expect(alone.contexts.values.isIdentical(to: inputs.sequence(index, of: batch.contexts.values)))
      #expect(alone.alignment(of: 0) == batch.alignment(of: index))
      for (one, all) in zip(alone.finalStates, batch.finalStates) {
        for (state, expected) in zip(one[0].tensors, all[0].tensors) {
          #expect(state.isIdentical(to: expected.gathered([position])))
        }
      }
    }
  }

  @Test(arguments: AttentiveSubject.all) func steppingEqualsTheWhole(_ subject: AttentiveSubject) {
    let (decoder, tensors) = (subject.decoder, subject.tensors())
    let whole = run(subject, decoder, tensors)
    let inputs = AttentionRows(lengths: [3, 1, 4, 2])
    let positions = inputs.layout.positions
    let states = subject.states([tensors[0], tensors[1]] + tensors[2...].map { $0.gathered(positions) })
    var stepper = decoder.makeStepper(
      source: PackedSequence(layout: AttentiveSubject.sources, values: tensors[1]), from: states)
    #expect(stepper.weights.isEmpty)
    // Hypotheses end, are doubled and trade places; a source has none, one or several.
    var sequences = [0, 1, 2, 3]
    for step in 0..<4 {
      let alive = sequences.indices.filter { inputs.layout.lengths[Int(positions[sequences[$0]])] > step }
      let chosen = step == 1 ? alive.reversed() + [alive[0]] : alive
      let (before, count) = (stepper, sequences.count)
      stepper = stepper.selecting(chosen)
      sequences = chosen.map { sequences[$0] }
      let rows = sequences.map { Int32(inputs.layout.row(step: step, position: Int(positions[$0]))) }
      let (output, contexts) = stepper.stepWithContexts(tensors[0].gathered(rows))
      #expect(output.isIdentical(to: whole.output.values.gathered(rows)))
      #expect(contexts.isIdentical(to: whole.contexts.values.gathered(rows)))
      let expected = sequences.map { whole.alignment(of: $0)[step].map { Float($0) } }
      #expect(stepper.weights == expected)
      #expect(before.batchSize == count)
      #expect(stepper.selecting([sequences.count - 1]).weights == [expected[expected.count - 1]])
    }
  }

  @Test(arguments: AttentiveSubject.all.filter { $0.name.hasPrefix("gru") || $0.name.contains("additive") })
  func oneThreadEqualsManyBitForBit(_ subject: AttentiveSubject) {
    let inputs = PackedLayout(lengths: (0..<40).map { 1 + ($0 * 7) % 13 })
    let sources = PackedLayout(lengths: (0..<40).map { 1 + ($0 * 5) % 17 })
    var system = AttentiveSystem(subject)
    system.inputs = TensorList(subject.tensors(inputs, sources))
    system = system.converted(to: .float32)
    let results = [1, 2, 5].map { threads in
      ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        valueAndGradient(of: system) { loss(run(subject, $0.decoder, $0.inputs.tensors, inputs, sources)) }
      }
    }
    for result in results {
      #expect(result.value.isIdentical(to: results[0].value))
      for name in result.gradients.names {
        let (here, first) = (result.gradients[name]?.dense, results[0].gradients[name]?.dense ?? .zeros([]))
        #expect(here?.isIdentical(to: first) == true, "\(name)")
      }
    }
  }

  /// Enough work for several shares.
  @Test(arguments: AttentiveSubject.orders.map(\.name)) func oneThreadEqualsManyAtSize(_ order: String) {
    guard let parts = AttentiveSubject.orders.first(where: { $0.name == order }) else { return }
    let subject = AttentiveSubject(
      name: order,
      configuration: .init(
        formula: RecurrentCellKind.gru.formula(), inputSize: 20, hiddenSize: 33, layerCount: 2,
        attention: AttentionConfiguration(score: .additive, querySize: 33, keySize: 18), order: parts.order,
        feedsInput: parts.feeds, dropout: 0.2))
    let inputs = PackedLayout(lengths: (0..<40).map { 1 + ($0 * 7) % 13 })
    let sources = PackedLayout(lengths: (0..<40).map { 1 + ($0 * 5) % 17 })
    var system = AttentiveSystem(subject)
    system.inputs = TensorList(subject.tensors(inputs, sources))
    system = system.converted(to: .float32)
    let results = [1, 2, 3, 8].map { threads in
      ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        valueAndGradient(of: system) {
          loss(run(subject, $0.decoder, $0.inputs.tensors, inputs, sources, .training(RandomKey(seed: 2))))
        }
      }
    }
    for result in results {
      #expect(result.value.isIdentical(to: results[0].value))
      for name in result.gradients.names {
        let (here, first) = (result.gradients[name]?.dense, results[0].gradients[name]?.dense ?? .zeros([]))
        #expect(here?.isIdentical(to: first) == true, "\(name)")
      }
    }
  }

  @Test func dropoutIsAFunctionOfItsKey() {
    for subject in AttentiveSubject.ofCells where subject.name.hasPrefix("lstm") && subject.name.hasSuffix("2") {
      let training = subject.inTraining
      let outputs = [1, 1, 2].map { seed in
        run(
          training, training.decoder, training.tensors(), AttentiveSubject.inputs, AttentiveSubject.sources,
          .training(RandomKey(seed: UInt64(seed)))
        ).output.values
      }
      #expect(outputs[0].isIdentical(to: outputs[1]))
      #expect(!outputs[0].isIdentical(to: outputs[2]))
    }
  }

  /// With the same input at every step, and no recurrence, a step of the upper layer differs by its mask alone.
  @Test(arguments: [false, true]) func aSequenceMayHaveOneMask(_ whole: Bool) {
    var configuration = AttentiveDecoderConfiguration(
      formula: RecurrentCellKind.rnn.formula(), inputSize: 2, hiddenSize: 16, layerCount: 2,
      attention: AttentionConfiguration(score: .dot, querySize: 16), order: .after, feedsInput: false, dropout: 0.5)
    configuration.dropsWholeSequences = whole
    var decoder = AttentiveDecoder(configuration, key: RandomKey(seed: 4))
    decoder.forEachParameter { name, tensor, _ in
      if name.contains("U") { tensor = .zeros(tensor.shape, tensor.elementType) }
    }
    let (inputs, sources) = (PackedLayout(lengths: [6]), PackedLayout(lengths: [2]))
    let states = decoder(
      PackedSequence(layout: inputs, values: .ones([6, 2])),
      source: PackedSequence(layout: sources, values: .ones([2, 16])), .training(RandomKey(seed: 1))
    ).states[1][0].values.floats
    let rows = (0..<6).map { Array(states[$0 * 16..<($0 + 1) * 16]) }
    #expect(Set(rows).count == (whole ? 1 : 6))
  }

  @Test(arguments: AttentiveSubject.all) func everyParameterIsVisited(_ subject: AttentiveSubject) {
    let decoder = subject.decoder
    #expect(tensorCount(in: decoder) == decoder.parameters.count)
    #expect(Set(decoder.parameters.map(\.name)).count == decoder.parameters.count)
  }

  /// Of a neighbourhood that goes on beyond its source.
  @Test(arguments: [false, true]) func aStepFarFromEverySymbolReadsNothing(composed: Bool) throws {
    let subject = try #require(AttentiveSubject.local.first { $0.name == "local monotonic fed" })
    let (inputs, sources) = (PackedLayout(lengths: [5]), PackedLayout(lengths: [1]))
    let result = run(
      subject, subject.decoder, subject.tensors(inputs, sources), inputs, sources, composed: composed)
    // The radius is 2, and a key two steps away weighs exp(-2).
    let weights = result.alignment(of: 0).map { $0[0] }
    let expected = [1, 0.6065306597126334, 0.1353352832366127, 0, 0]
    #expect(Disagreement(weights, expected, relative: 1e-12, absolute: 1e-15).isSmall)
    let contexts = result.contexts.values.doubles
    #expect(contexts[..<9].allSatisfy { $0 != 0 } && contexts[9...].allSatisfy { $0 == 0 })
  }

  /// The fused loop knows every score, distribution and neighbourhood; a function of one's own is composed.
  @Test func fusedWhereThereIsAKernel() {
    #expect((AttentiveSubject.ofFunctions + AttentiveSubject.ofActivations).allSatisfy { $0.decoder.isFused })
    #expect(AttentiveSubject.local.allSatisfy { $0.decoder.isFused != $0.name.hasSuffix(" after") })
    var own = AttentiveSubject.ofFunctions[0].decoder
    own.attention = .whole(Attention(score: OwnScore(), distribution: SoftmaxDistribution()))
    #expect(!own.isFused)
  }
}

extension AttentiveSubject {
  /// With everything that training draws.
  var inTraining: AttentiveSubject {
    var changed = configuration
    changed.dropout = 0.4
    changed.regularization = RecurrentRegularization(dropout: 0.3, zoneout: 0.2)
    return AttentiveSubject(name: name, configuration: changed)
  }
}

/// A score that no kernel knows.
private struct OwnScore: AttentionScore {
  mutating func visit(_ visitor: inout ParameterVisitor) {}

  func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    pairDistances(queries, prepared, layout)
  }
}
