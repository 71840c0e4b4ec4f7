// Attention, Transformer blocks and stacks against PyTorch's (Tests/Goldens/transformer.py): results and all gradients.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// A part together with what it reads, so that both have gradients.
private struct GoldenSubject: Module {
  var part: TransformerPart
  var x: Tensor
  var memory: Tensor?
  let rows: CallerRows
  let memoryRows: CallerRows?

  init(_ subject: TransformerSubject, _ reader: borrowing SafetensorsReader, _ type: ElementType) throws {
    let name = subject.name
    part = subject.part.converted(to: type)
    try part.load(reader, prefix: "\(name)/parameter/", path: "transformer.safetensors")
    x = try reader.tensor("\(name)/x").converted(to: type)
    rows = CallerRows(try reader.integers("\(name)/lengths").map { Int($0) })
    if subject.part.readsMemory {
      memory = try reader.tensor("\(name)/memory").converted(to: type)
      memoryRows = CallerRows(try reader.integers("\(name)/memoryLengths").map { Int($0) })
    } else {
      (memory, memoryRows) = (nil, nil)
    }
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    part.visit(&visitor)
    visitor.parameter("x", &x)
    if var tensor = memory {
      visitor.parameter("memory", &tensor)
      memory = tensor
    }
  }

  /// Rows in the caller's order.
  func callAsFunction() -> Tensor {
    let input = rows.packed(x)
    let read = memory.flatMap { memory in memoryRows?.packed(memory) } ?? input
    return rows.unpacked(part(input, memory: read).values)
  }
}

@Suite struct TransformerGoldenTests {
  private static let subjects = Result { try TransformerSubject.goldens() }

  @Test(arguments: [ElementType.float64, .float32])
  func resultsAndGradientsEqualPyTorch(_ type: ElementType) throws {
    let reader = try SafetensorsReader(TestFiles.golden("transformer.safetensors"))
    let bound = type == .float64 ? 1e-10 : 1e-4
    for subject in try Self.subjects.get() {
      let name = subject.name
      let golden = try GoldenSubject(subject, reader, type)
      let result = Disagreement(golden(), try reader.tensor("\(name)/y"), relative: bound, absolute: bound)
      #expect(result.isSmall, "\(name): \(result)")
      let direction = try reader.tensor("\(name)/direction").converted(to: type)
      let (_, gradients) = valueAndGradient(of: golden) { ($0() * direction).sum() }
      for parameter in golden.parameters {
        let expected = try reader.tensor("\(name)/gradient/\(parameter.name)")
        let found = gradients[parameter.name]?.dense ?? .zeros(expected.shape, type)
        let disagreement = Disagreement(found, expected, relative: bound, absolute: bound)
        #expect(disagreement.isSmall, "\(name) \(parameter.name): \(disagreement)")
      }
    }
  }

  @Test func everyGoldenParameterIsRead() throws {
    let reader = try SafetensorsReader(TestFiles.golden("transformer.safetensors"))
    for subject in try Self.subjects.get() {
      let prefix = "\(subject.name)/parameter/"
      let stored = Set(reader.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
      #expect(stored == Set(subject.part.parameters.map(\.name)), "\(subject.name)")
    }
  }

  @Test func sinusoidsEqualTheEquation() throws {
    let reader = try SafetensorsReader(TestFiles.golden("transformer.safetensors"))
    for (name, positions, features) in [("sinusoids", 7, 8), ("sinusoids-odd", 4, 5)] {
      let disagreement = Disagreement(
        SinusoidalPositions.vectors(of: 0..<positions, width: features), try reader.tensor(name), relative: 1e-14,
        absolute: 1e-14)
      #expect(disagreement.isSmall, "\(name): \(disagreement)")
    }
  }
}
