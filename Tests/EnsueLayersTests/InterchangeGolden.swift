// The cases of Tests/Goldens/interchange.py.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// Weights of another library with an input and what they make of it.
struct InterchangeGolden: Sendable, CustomTestStringConvertible {
  static let layout = PackedLayout(lengths: [6, 4, 4, 1])
  static let (inputSize, hiddenSize) = (3, 4)
  static let path = TestFiles.golden("interchange.safetensors")

  let name: String
  let library: RecurrentWeightLayoutKind
  let kind: RecurrentCellKind
  let layerCount: Int
  let isBidirectional: Bool
  let options: RecurrentWeightOptions
  var testDescription: String { name }

  static let all: [InterchangeGolden] = {
    let file = try? JSONValue.contents(of: TestFiles.golden("interchange.json"))
    return (file?.objectValue?["cases"]?.arrayValue ?? []).compactMap { InterchangeGolden($0.objectValue ?? [:]) }
  }()

  private init?(_ object: JSONObject) {
    guard let name = object["name"]?.stringValue, let prefix = object["prefix"]?.stringValue,
      let library = object["layout"]?.stringValue.flatMap({ RecurrentWeightLayoutKind(rawValue: $0) }),
      let kind = object["kind"]?.stringValue.flatMap({ RecurrentCellKind(rawValue: $0) }),
      let layerCount = object["layerCount"]?.integerValue,
      let isBidirectional = object["isBidirectional"]?.booleanValue, let hasBias = object["hasBias"]?.booleanValue
    else { return nil }
    (self.name, self.library, self.kind) = (name, library, kind)
    (self.layerCount, self.isBidirectional) = (layerCount, isBidirectional)
    // Keras' names have no prefix in these files, so the input and the output stand among them.
    options = RecurrentWeightOptions(prefix: "\(name)/\(prefix)", hasBias: hasBias, allowsUnused: prefix.isEmpty)
  }

  /// Whether the other library has two biases where this one has their sum.
  var joinsBiases: Bool { library == .pytorch || library == .keras && kind == .gruResetAfter }

  /// Whether a tensor of the case is a bias; the case's own name may have the word.
  func isBias(_ tensor: String) -> Bool { tensor.dropFirst(name.count).contains("bias") }

  /// A new stack of the case's sizes.
  func stack(seed: UInt64 = 1) -> RecurrentStack {
    InterchangeGolden.stack(kind, layerCount: layerCount, isBidirectional: isBidirectional, seed: seed)
  }

  static func stack(
    _ kind: RecurrentCellKind, layerCount: Int = 1, isBidirectional: Bool = false, seed: UInt64 = 1
  ) -> RecurrentStack {
    RecurrentStack(
      kind.formula(), cell: RecurrentCellConfiguration(inputSize: inputSize, hiddenSize: hiddenSize),
      RecurrentStackConfiguration(layerCount: layerCount, isBidirectional: isBidirectional), key: RandomKey(seed: seed))
  }

  /// Everything of the case in the golden file.
  func tensors() throws -> NamedTensors {
    try NamedTensors(SafetensorsReader(InterchangeGolden.path), prefix: "\(name)/", path: "interchange.safetensors")
  }

  func input(_ tensors: NamedTensors) throws -> PackedSequence {
    PackedSequence(layout: InterchangeGolden.layout, values: try #require(tensors["\(name)/input"]))
  }

  func output(_ tensors: NamedTensors) throws -> Tensor { try #require(tensors["\(name)/output"]) }
}

/// Whether two modules have the same parameters, bit by bit.
func haveSameParameters(_ left: some Module, _ right: some Module) -> Bool {
  let (left, right) = (left.parameters, right.parameters)
  return left.count == right.count
    && zip(left, right).allSatisfy { $0.name == $1.name && $0.tensor.isIdentical(to: $1.tensor) }
}

/// The same module with random numbers in every parameter, biases too.
func randomized<M: Module>(_ module: M, seed: UInt64) -> M {
  var module = module
  module.forEachParameter { name, tensor, _ in
    tensor = Tensor.normal(tensor.shape, key: RandomKey(seed: seed).derived(name), tensor.elementType)
  }
  return module
}
