// First values of weights.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct InitializerTests {
  @Test(arguments: [(4, 9), (9, 4), (70, 70), (100, 33)]) func orthogonalMatricesAreOrthogonal(
    _ output: Int, _ input: Int
  ) {
    let weight = InitializerKind.orthogonal.matrix(output: output, input: input, key: RandomKey(seed: 3))
    let product =
      output <= input ? matmul(weight, weight, transposingRight: true) : matmul(weight, weight, transposingLeft: true)
    let size = min(output, input)
    let identity = InitializerKind.identity.matrix(output: size, input: size, key: RandomKey(seed: 0))
    #expect(Disagreement(product, identity, relative: 0, absolute: 1e-5).isSmall)
  }

  @Test(arguments: InitializerKind.allCases) func valuesStayWithinTheirBounds(_ kind: InitializerKind) {
    let values = kind.matrix(output: 30, input: 50, key: RandomKey(seed: 3)).floats
    let bound: Float =
      switch kind {
      case .uniform: 1 / Float(50).squareRoot()
      case .glorot: (6 / Float(80)).squareRoot()
      case .he: (6 / Float(50)).squareRoot()
      case .orthogonal, .identity: 1
      }
    #expect(values.allSatisfy { abs($0) <= bound * 1.000_01 })
    #expect(Set(values).count > 1)
  }

  /// The IRNN (Le, Jaitly and Hinton 2015): without an input a state that is not negative stays as it is.
  @Test func anIRNNKeepsItsState() throws {
    let formula = try CellFormula(text: RecurrentCellFormulas.rnn(activation: .relu))
    let cell = RecurrentCell(
      formula,
      RecurrentCellConfiguration(inputSize: 2, hiddenSize: 3, recurrentInitializer: .identity), key: RandomKey(seed: 1))
    let input = PackedSequence(layout: PackedLayout(lengths: [50]), values: Tensor.zeros([50, 2]))
    let state = Tensor([0.25, 0, 3] as [Float], shape: [1, 3])
    let run = cell(input, from: RecurrentState([state]))
    #expect(run.output.last().floats == [0.25, 0, 3])
  }
}
