// Packed matrices with 16-bit weights: how they are rounded, and their products with the rounded numbers in double
// precision and, bit for bit, with the same numbers packed in 32 bits.

import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct BFloat16Tests {
  /// Rounds as the definition says: the nearer of the two numbers of 16 bits around it, of two as near the even one.
  private static func rounded(_ value: Float) -> Float {
    let below = Float(bitPattern: value.bitPattern & 0xFFFF_0000)
    let above = Float(bitPattern: (value.bitPattern & 0xFFFF_0000) &+ 0x1_0000)
    let (down, up) = (abs(Double(value) - Double(below)), abs(Double(above) - Double(value)))
    if down != up { return down < up ? below : above }
    return below.bitPattern & 0x1_0000 == 0 ? below : above
  }

  private static func matrix(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Tensor {
    .normal([rows, columns], key: RandomKey(seed: seed))
  }

  @Test func numbersAreRoundedToTheNearestAndTiesToEven() {
    var values = Self.matrix(50, 37, 1).floats
    // Ties of both kinds, next to them, zeros of both signs, the smallest numbers, what has 8 bits already.
    values +=
      [0x3F80_8000, 0x3F81_8000, 0x3F80_8001, 0x3F80_7FFF, 0xBF80_8000, 0xBF81_8000, 0, 0x8000_0000, 1, 0x8000]
      .map { Float(bitPattern: $0) } + [1, -2, 0.5, 3.140625]
    let weight = Tensor(values, shape: [values.count, 1])
    let found = PackedMatrix(weight, transposed: true, .bf16).transpose
    #expect(found.shape == weight.shape)
    for (value, found) in zip(values, found.floats) {
      #expect(found.bitPattern == Self.rounded(value).bitPattern, "\(value)")
    }
    let special = Tensor([.infinity, -.infinity, .nan, Float(bitPattern: 0x7FFF_FFFF)], shape: [4, 1])
    let kept = PackedMatrix(special, transposed: true, .bf16).transpose.floats
    #expect(kept[0] == .infinity && kept[1] == -.infinity && kept[2].isNaN && kept[3].isNaN)
  }

  /// Rows of one block of the kernel and of several; depths beyond a piece of a panel; columns that fill no vector.
  private static let sizes: [(rows: Int, depth: Int, columns: Int)] = [
    (1, 1, 1), (1, 97, 333), (2, 33, 50), (8, 64, 48), (9, 129, 95), (10, 129, 95), (37, 7, 17), (65, 300, 15),
    (1, 4097, 131), (11, 4097, 70), (1, 700, 2100),
  ]

  @Test(arguments: sizes)
  func productsAreThoseOfTheRoundedNumbers(_ size: (rows: Int, depth: Int, columns: Int)) {
    let (rows, depth, columns) = size
    let (x, weight) = (Self.matrix(rows, depth, 2), Self.matrix(columns, depth, 3))
    let bias = Tensor.normal([columns], key: RandomKey(seed: 4))
    let numbers = Tensor(weight.floats.map(Self.rounded), shape: weight.shape)
    let results = [1, 2, 5].map { threads in
      ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        PackedMatrix(weight, transposed: true, .bf16).multiplied(byRowsOf: x, bias: bias)
      }
    }
    #expect(results.allSatisfy { $0.isIdentical(to: results[0]) }, "threads change a bit")
    #expect(results[0].isIdentical(to: linear(x, weight: numbers, bias: bias)), "not the bits of 32-bit weights")
    // A row alone has the bits that it has among others.
    let packed = PackedMatrix(weight, transposed: true, .bf16)
    for row in [0, rows / 2, rows - 1] {
      let alone = packed.multiplied(byRowsOf: x.sliced(row..<row + 1, axis: 0), bias: bias)
      #expect(alone.isIdentical(to: results[0].sliced(row..<row + 1, axis: 0)), "row \(row)")
    }
    let (a, w, b, found) = (x.doubles, numbers.doubles, bias.doubles, results[0].doubles)
    for row in 0..<rows {
      for column in 0..<columns {
        var (sum, size) = (b[column], abs(b[column]))
        for k in 0..<depth {
          let product = a[row * depth + k] * w[column * depth + k]
          (sum, size) = (sum + product, size + abs(product))
        }
        // Each of the depth + 1 additions rounds by half a unit in the last place at most.
        let bound = Double(depth + 1) * 0x1p-24 * size
        #expect(abs(found[row * columns + column] - sum) <= bound, "row \(row), column \(column)")
      }
    }
  }

  @Test(arguments: ElementType.allCases)
  func columnsOfAPackedMatrixAreTheRowsItWasMadeOf(_ type: ElementType) {
    let table = Self.matrix(131, 19, 5).converted(to: type)
    let ids: [Int32] = [130, 0, 47, 48, 47, 95, 96, 128]
    let packed = PackedMatrix(table, transposed: true)
    #expect(packed.transpose.isIdentical(to: table))
    #expect(packed.gathered(ids).isIdentical(to: table.gathered(ids)))
    #expect(PackedMatrix(table, transposed: false).gathered([3]).isIdentical(to: table.transposed().gathered([3])))
    guard type == .float32 else { return }
    let numbers = Tensor(table.floats.map(Self.rounded), shape: table.shape)
    #expect(PackedMatrix(table, transposed: true, .bf16).gathered(ids).isIdentical(to: numbers.gathered(ids)))
  }
}
