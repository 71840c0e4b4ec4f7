// Padded batches through packed ones: the same numbers and gradients as PyTorch's masks give
// (Tests/Goldens/transformer.py), and nothing of what stands in the padding.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct PaddedBatchTests {
  private static let file = "transformer.safetensors"

  /// Rows one sequence after another as [batch, steps, features], with `filler` past the ends.
  private static func padded(_ rows: Tensor, _ lengths: [Int], steps: Int, filler: Double) -> Tensor {
    let (values, width) = (rows.doubles, rows.shape[1])
    var start = 0
    let padded = lengths.flatMap { length -> [Double] in
      defer { start += length }
      let past = [Double](repeating: filler, count: (steps - length) * width)
      return Array(values[start * width..<(start + length) * width]) + past
    }
    return Tensor(padded, shape: [lengths.count, steps, width])
  }

  @Test(arguments: [0.0, 1e30]) func aPaddedBatchEqualsPyTorchsMasks(_ filler: Double) throws {
    let reader = try SafetensorsReader(TestFiles.golden(Self.file))
    let name = "encoder-stack-norm"
    let configuration = TransformerSubject.configuration(.pre, layers: 2, finalNorm: true)
    var encoder = try TransformerEncoder(configuration, key: RandomKey(seed: 1)).converted(to: .float64)
    try encoder.load(reader, prefix: "\(name)/parameter/", path: Self.file)
    let stack = encoder
    let lengths = try reader.integers("\(name)/lengths").map { Int($0) }
    let steps = (lengths.max() ?? 0) + 1
    let (rows, directions) = (try reader.tensor("\(name)/x"), try reader.tensor("\(name)/direction"))
    let x = TensorList([PaddedBatchTests.padded(rows, lengths, steps: steps, filler: filler)])
    let direction = PaddedBatchTests.padded(directions, lengths, steps: steps, filler: 3)
    func result(_ list: TensorList) -> Tensor {
      stack(PackedSequence(padded: list.tensors[0], lengths: lengths)).padded(stepCount: steps)
    }
    let golden = PaddedBatchTests.padded(try reader.tensor("\(name)/y"), lengths, steps: steps, filler: 0)
    let y = Disagreement(result(x), golden, relative: 1e-10, absolute: 1e-10)
    #expect(y.isSmall, "\(y)")
    let gradients = valueAndGradient(of: x) { (result($0) * direction).sum() }.gradients
    let gradient = try #require(gradients["input0"]).dense
    let slopes = try reader.tensor("\(name)/gradient/x")
    let expected = PaddedBatchTests.padded(slopes, lengths, steps: steps, filler: 0)
    #expect(gradient.shape == expected.shape)
    let disagreement = Disagreement(gradient.doubles, expected.doubles, relative: 1e-10, absolute: 1e-10)
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  @Test func intoAPackedBatchAndOut() {
    let batch = Tensor((0..<24).map(Double.init), shape: [3, 4, 2])
    let packed = PackedSequence(padded: batch, lengths: [1, 4, 2])
    #expect(packed.layout == PackedLayout(lengths: [1, 4, 2]))
    #expect(packed.values.doubles == [8, 9, 16, 17, 0, 1, 10, 11, 18, 19, 12, 13, 14, 15])
    let back: [Double] = [0, 1, 0, 0, 0, 0, 0, 0, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 0, 0, 0, 0]
    #expect(packed.padded().shape == [3, 4, 2] && packed.padded().doubles == back)
    let shorter = PackedSequence(padded: batch, lengths: [1, 3, 2]).padded()
    #expect(shorter.shape == [3, 3, 2])
    let longer = packed.padded(stepCount: 5)
    #expect(longer.shape == [3, 5, 2] && longer.doubles.reduce(0, +) == back.reduce(0, +))
  }

  /// A recurrent stack reads a padded batch as it reads each sequence alone, in both directions.
  @Test func recurrentStacksSeeNoPadding() {
    let stack = RecurrentStack(
      RecurrentCellKind.gru.formula(), cell: RecurrentCellConfiguration(inputSize: 2, hiddenSize: 3),
      RecurrentStackConfiguration(layerCount: 2, isBidirectional: true), key: RandomKey(seed: 4))
    let (lengths, x) = ([2, 5, 1], Tensor.normal([3, 5, 2], key: RandomKey(seed: 5)))
    let y = stack(PackedSequence(padded: x, lengths: lengths)).output.padded()
    let rows = x.reshaped([15, 2])
    for (index, length) in lengths.enumerated() {
      let alone = PackedSequence(
        layout: PackedLayout(lengths: [length]), values: rows.sliced(index * 5..<index * 5 + length, axis: 0))
      let found = y.reshaped([15, 6]).sliced(index * 5..<index * 5 + length, axis: 0)
      #expect(found.isIdentical(to: stack(alone).output.values), "sequence \(index)")
    }
  }
}
