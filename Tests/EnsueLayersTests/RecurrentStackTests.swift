// Layers one above another: connections, directions, carried states.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

private struct StackSubject: Sendable, CustomTestStringConvertible {
  let kind: RecurrentCellKind
  let connection: ConnectionKind
  let isBidirectional: Bool
  let layerCount: Int
  var testDescription: String { "\(kind) \(connection) \(isBidirectional) \(layerCount)" }

  static let all = ConnectionKind.allCases.flatMap { connection in
    [false, true].flatMap { isBidirectional in
      [(RecurrentCellKind.lstmPeephole, 1), (.gru, 3)].map { kind, count in
        StackSubject(kind: kind, connection: connection, isBidirectional: isBidirectional, layerCount: count)
      }
    }
  }

  /// Input of the layers' width, so that residual connections exist everywhere.
  var stack: RecurrentStack {
    let width = isBidirectional ? 6 : 3
    var stack = RecurrentStack(
      kind.formula(), cell: RecurrentCellConfiguration(inputSize: width, hiddenSize: 3, learnsInitialState: true),
      RecurrentStackConfiguration(
        layerCount: layerCount, isBidirectional: isBidirectional, connection: connection), key: RandomKey(seed: 4))
    CellFixture.randomize(&stack)
    return stack
  }

  func input(_ lengths: [Int]) -> PackedSequence {
    let layout = PackedLayout(lengths: lengths)
    return PackedSequence(
      layout: layout,
      values: .normal([layout.rowCount, isBidirectional ? 6 : 3], key: RandomKey(seed: 6), .float64))
  }
}

@Suite struct RecurrentStackLaws {
  @Test(arguments: StackSubject.all) fileprivate func gradientEqualsFiniteDifferences(_ subject: StackSubject) {
    let input = subject.input([3, 2, 2])
    let disagreements = gradientDisagreements(of: subject.stack) { stack in
      let encoding = stack(input)
      return square(encoding.output.values).mean() + square(encoding.finalOutput).mean()
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  @Test(arguments: StackSubject.all) fileprivate func theOutputHasTheWidthItSays(_ subject: StackSubject) {
    let (stack, input) = (subject.stack, subject.input([3, 2]))
    #expect(stack(input).output.featureCount == stack.outputSize)
    #expect(stack(input).finalOutput.shape == [2, stack.outputSize])
  }

  /// Truncated back-propagation carries states from segment to segment: nothing is lost on the way.
  @Test(arguments: StackSubject.all.filter { !$0.isBidirectional })
  fileprivate func segmentsWithCarriedStatesEqualTheWhole(
    _ subject: StackSubject
  ) {
    let (stack, input) = (subject.stack, subject.input([6, 6]))
    let whole = stack(input)
    var states: [[RecurrentState]]?
    for segment in 0..<3 {
      let values = input.values.sliced(4 * segment..<4 * segment + 4, axis: 0)
      let part = stack(PackedSequence(layout: PackedLayout(lengths: [2, 2]), values: values), from: states)
      #expect(part.output.values.isIdentical(to: whole.output.values.sliced(4 * segment..<4 * segment + 4, axis: 0)))
      states = part.finalStates.map { $0.map(\.detached) }
    }
    for (a, b) in zip(states?.flatMap { $0 } ?? [], whole.finalStates.flatMap { $0 }) {
      for (carried, expected) in zip(a.tensors, b.tensors) { #expect(carried.isIdentical(to: expected)) }
    }
  }

  @Test func connectionsAddUpToWhatTheySay() {
    for isBidirectional in [false, true] {
      func stack(_ connection: ConnectionKind) -> StackSubject {
        StackSubject(kind: .rnn, connection: connection, isBidirectional: isBidirectional, layerCount: 2)
      }
      let input = stack(.plain).input([4, 2])
      let residual = stack(.residual).stack
      let layers = residual(input).runs.map { run in
        run.count == 1 ? run[0].output.values : concatenated(run.map(\.output.values))
      }
      let sum = input.values + layers[0] + layers[1]
      #expect(residual(input).output.values.isIdentical(to: sum))
      let skip = stack(.skip).stack
      let parts = skip(input).runs.flatMap { $0.map(\.output.values) }
      #expect(skip(input).output.values.isIdentical(to: concatenated(parts)))
    }
  }

  /// The end of a sequence read backwards is its first step, in every layer.
  @Test func theFinalOutputIsAtEachDirectionsTrueEnd() {
    let subject = StackSubject(kind: .gru, connection: .skip, isBidirectional: true, layerCount: 2)
    let encoding = subject.stack(subject.input([4, 2, 1]))
    let ends = encoding.runs.flatMap { runs in
      runs.map { $0.direction == .forward ? $0.output.last() : $0.output.first() }
    }
    #expect(encoding.finalOutput.isIdentical(to: concatenated(ends)))
  }
}

@Suite struct DropoutTests {
  private let layout = PackedLayout(lengths: [6, 6, 3])

  @Test func wholeSequencesShareAMask() {
    let ones = PackedSequence(layout: layout, values: .ones([15, 40]))
    let phase = Phase.training(RandomKey(seed: 3))
    let each = SequenceDropout(rate: 0.5, dropsWholeSequences: false)(ones, phase).values
    let whole = SequenceDropout(rate: 0.5, dropsWholeSequences: true)(ones, phase).values
    func steps(_ values: Tensor) -> Set<[Float]> {
      Set(
        (0..<6).map {
          values.sliced(layout.row(step: $0, position: 0)..<layout.row(step: $0, position: 0) + 1, axis: 0).floats
        })
    }
    #expect(steps(whole).count == 1)
    #expect(steps(each).count == 6)
    #expect(Set(whole.floats) == [0, 2])
  }

  @Test func wordsAreDroppedAtAllTheirPlacesAtOnce() {
    let tokens = PackedTokens([[5, 6, 5, 7, 8, 9], [6, 10, 11, 12, 5, 6], [13, 14, 5]])
    let ones = PackedSequence(layout: tokens.layout, values: .ones([15, 2]))
    var kept: [Int32: Set<Float>] = [:]
    let dropped = WordDropout(rate: 0.5)(ones, of: tokens, .training(RandomKey(seed: 3))).values.floats
    for (row, id) in tokens.ids.enumerated() { kept[id, default: []].formUnion(dropped[2 * row..<2 * row + 2]) }
    #expect(kept.values.allSatisfy { $0.count == 1 })
    #expect(Set(kept.values.flatMap { $0 }) == [0, 2])
    #expect(WordDropout(rate: 0.5)(ones, of: tokens, .inference).values.isIdentical(to: ones.values))
  }
}
