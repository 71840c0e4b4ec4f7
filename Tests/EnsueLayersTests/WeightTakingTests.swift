// A model's weights under other names: joint matrices, matrices that lie the other way, and all faults at once.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import Testing

@Suite struct WeightTakingTests {
  /// Two maps and a norm.
  private struct Parts: Module {
    var first = Projection(weight: .zeros([2, 3]), hasBias: true)
    var second = Projection(weight: .zeros([2, 3]), hasBias: true)
    var norm = LayerNorm(featureCount: 4)

    mutating func visit(_ visitor: inout ParameterVisitor) {
      visitor.module("first", &first)
      visitor.module("second", &second)
      visitor.module("norm", &norm)
    }
  }

  private static func numbered(_ shape: Shape, from start: Float = 0) -> Tensor {
    Tensor((0..<shape.count).map { start + Float($0) }, shape: shape)
  }

  /// "joint" holds both maps, transposed; the norm has names of its own.
  private static var naming: WeightNaming {
    var naming = WeightNaming { name in
      switch name {
      case "joint.weight":
        return (0..<2).map { WeightPlace("\(["first", "second"][$0]).weight", part: $0, of: 2, isTransposed: true) }
      case "joint.bias": return (0..<2).map { WeightPlace("\(["first", "second"][$0]).bias", part: $0, of: 2) }
      case "gamma": return [WeightPlace("norm.scale")]
      case "beta": return [WeightPlace("norm.shift")]
      case _: return []
      }
    }
    naming.isIgnored = { $0 == "position_ids" }
    naming.isOptional = { $0.hasPrefix("norm.") }
    naming.theirs = { $0 == "norm.shift" ? "beta" : nil }
    return naming
  }

  private static let joint: [(name: String, tensor: Tensor)] = [
    ("joint.weight", numbered([3, 4])), ("joint.bias", numbered([4], from: 100)),
  ]

  @Test func jointMatricesAreDivided() throws {
    var parts = Parts()
    let norm: [(name: String, tensor: Tensor)] = [
      ("gamma", numbered2), ("beta", numbered2), ("position_ids", numbered2),
    ]
    let report = try parts.take(try NamedTensors(Self.joint + norm), Self.naming, at: "here")
    #expect(report.isEmpty && report.description.isEmpty)
    // Columns of the file are rows of the maps.
    #expect(parts.first.weight.floats == [0, 4, 8, 1, 5, 9] && parts.second.weight.floats == [2, 6, 10, 3, 7, 11])
    #expect(parts.first.bias?.floats == [100, 101] && parts.second.bias?.floats == [102, 103])
    #expect(parts.norm.scale.floats == [0, 1, 2, 3])
  }

  private var numbered2: Tensor { Self.numbered([4]) }

  @Test func whatMayBeMissingIsReported() throws {
    var parts = Parts()
    let left: [(name: String, tensor: Tensor)] = [("cls.bias", numbered2), ("cls.weight", numbered2)]
    let report = try parts.take(try NamedTensors(Self.joint + left), Self.naming, at: "here")
    #expect(report == WeightReport(missing: ["norm.scale", "norm.shift"], unused: ["cls.bias", "cls.weight"]))
    #expect(report.description == "begin anew: norm.scale, norm.shift; not used: cls.bias, cls.weight")
    #expect(parts.norm.scale.floats == [1, 1, 1, 1])
    let many = WeightReport(missing: (0..<20).map { "w\($0)" })
    #expect(many.description.hasSuffix("w9 and 10 more"))
  }

  @Test func allFaultsAreSaidTogether() throws {
    var (parts, naming) = (Parts(), Self.naming)
    naming.isOptional = { _ in false }
    let tensors = try NamedTensors([
      ("joint.weight", Self.numbered([4, 3])), ("gamma", Self.numbered([5])), ("extra", numbered2),
    ])
    let failure = #expect(throws: Failure.self) { try parts.take(tensors, naming, at: "here") }
    #expect(
      failure?.description
        == "here: weights of this model expected, found others: joint.weight is [4, 3], the model needs [3, 4]; "
        + "gamma is [5], the model needs [4]; first.bias is missing; "
        + "second.bias is missing; beta is missing; extra has no place")
    // Nothing was taken.
    #expect(
      parts.namedTensors.allSatisfy { name, tensor in tensor.floats.allSatisfy { $0 == (name == "norm.scale" ? 1 : 0) }
      })
  }

  @Test func whatIsLeftOverIsRefusedWhereNothingMayBe() throws {
    var (parts, naming) = (Parts(), Self.naming)
    naming.refusesUnused = true
    let tensors = try NamedTensors(Self.joint + (0..<15).map { ("x\($0)", numbered2) })
    let failure = #expect(throws: Failure.self) { try parts.take(tensors, naming, at: "here") }
    let shown: String = (0..<10).map { "x\($0) has no place; " }.joined()
    #expect(failure?.problem.hasSuffix(": \(shown)5 more have no place") == true)
  }

  @Test func aParameterHasOneTensor() throws {
    var parts = Parts()
    let failure = #expect(throws: Failure.self) {
      try parts.take(try NamedTensors([("a", numbered2), ("b", numbered2)]), own: { _ in "norm.scale" })
    }
    #expect(failure?.problem.contains("a and b both") == true)
  }

  @Test func numbersThatAreNotFiniteAreNamed() throws {
    var parts = Parts()
    let bad = Tensor([0, .nan, 0, 0] as [Float], shape: [4])
    let failure = #expect(throws: Failure.self) {
      try parts.take(try NamedTensors(Self.joint + [("gamma", bad), ("beta", bad)]), Self.naming, at: "here")
    }
    #expect(
      failure?.problem.hasSuffix(
        "gamma has numbers that are not finite; beta has numbers that are not finite")
        == true)
  }

  /// The tensor of several parameters is named once.
  @Test func aJointTensorThatIsNotFiniteIsNamedOnce() throws {
    var parts = Parts()
    let joint = Self.joint.map { name, tensor in
      (name: name, tensor: Tensor([Float](repeating: .infinity, count: tensor.count), shape: tensor.shape))
    }
    let failure = #expect(throws: Failure.self) {
      try parts.take(try NamedTensors(joint), Self.naming, at: "here")
    }
    let named: String = Self.joint.map { "\($0.name) has numbers that are not finite" }.joined(separator: "; ")
    #expect(failure?.problem == "weights of this model expected, found others: \(named)")
  }

  @Test func wholeNumberTypesOfTheModelStay() throws {
    var parts = Parts().converted(to: .float64)
    _ = try parts.take(try NamedTensors(Self.joint), Self.naming, at: "here")
    #expect(parts.first.weight.elementType == .float64 && parts.first.weight.doubles == [0, 4, 8, 1, 5, 9])
  }
}
