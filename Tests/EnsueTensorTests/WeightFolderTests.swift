// The weights of a folder: one file or shards, every floating-point type as 32 bits, and no more than memory holds.

import EnsueFiles
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct WeightFolderTests {
  private static func write(_ tensors: [(name: String, tensor: Tensor)], _ name: String, in folder: String) throws {
    try SafetensorsWriter.write(tensors, to: "\(folder)/\(name)")
  }

  private static func index(_ map: [(String, String)]) -> String {
    "{\"weight_map\": {" + map.map { "\"\($0.0)\": \"\($0.1)\"" }.joined(separator: ", ") + "}}"
  }

  @Test func shardsAreOneView() throws {
    try TestFiles.withDirectory { folder in
      let (a, b, c) = (Tensor([1, 2] as [Float], shape: [2]), Tensor.ones([2, 3]), Tensor.zeros([4]))
      try Self.write([("a", a), ("c", c)], "x.safetensors", in: folder)
      try Self.write([("b", b)], "y.safetensors", in: folder)
      try OutputFile.write(
        Self.index([("b", "y.safetensors"), ("a", "x.safetensors"), ("c", "x.safetensors")]),
        to: "\(folder)/model.safetensors.index.json")
      let weights = try WeightFolder(folder)
      #expect(weights.names == ["a", "c", "b"] && weights.elementCount == 12)
      #expect(weights.sizes("b") == [2, 3] && weights.sizes("d") == nil)
      #expect(try weights.tensor("a").isIdentical(to: a) && weights.tensor("b").isIdentical(to: b))
      let missing = #expect(throws: Failure.self) { try weights.tensor("d") }
      #expect(missing?.problem.contains("tensor 'd' expected, found none") == true)
      try weights.require(elements: 12)
      #expect(throws: Failure.self) { try weights.require(elements: 13) }
      // The one file comes first.
      try Self.write([("only", a)], "model.safetensors", in: folder)
      #expect(try WeightFolder(folder).names == ["only"])
    }
  }

  /// The index decides where a tensor is that two files have; one that it does not name is there all the same.
  @Test func theIndexDecides() throws {
    try TestFiles.withDirectory { folder in
      try Self.write([("a", .ones([1])), ("b", .ones([1]))], "x.safetensors", in: folder)
      try Self.write([("a", .zeros([1])), ("more", .zeros([2]))], "y.safetensors", in: folder)
      try OutputFile.write(
        Self.index([("a", "y.safetensors"), ("b", "x.safetensors")]), to: "\(folder)/model.safetensors.index.json")
      let weights = try WeightFolder(folder)
      #expect(weights.names == ["b", "a", "more"])
      #expect(try weights.tensor("a").floats == [0])
    }
  }

  /// Every bit pattern of both halves: bf16 is the upper half of a float32, f16 is what the processor makes of it.
  @Test func halvesBecomeFloats() throws {
    let patterns = (0...UInt16.max).map { $0 }
    let bytes = patterns.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let header =
      #"{"f":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]},"#
      + #""b":{"dtype":"BF16","shape":[256,256],"data_offsets":[131072,262144]}}"#
    try SafetensorsBytes.withFile(SafetensorsBytes.file(Array(header.utf8), data: bytes + bytes)) { path in
      let weights = try WeightFolder(OutputFile.directory(of: path))
      let (f, b) = (try weights.tensor("f"), try weights.tensor("b"))
      #expect(f.elementType == .float32 && b.elementType == .float32 && b.shape == [256, 256])
      for (pattern, (half, brain)) in zip(patterns, zip(f.floats, b.floats)) {
        let expected = Float(Float16(bitPattern: pattern))
        #expect(half == expected || half.isNaN && expected.isNaN)
        #expect(brain.bitPattern == UInt32(pattern) << 16 || brain.isNaN)
      }
    }
  }

  @Test func whatMemoryCannotHoldIsRefused() throws {
    try TestFiles.withDirectory { folder in
      try Self.write([("a", .ones([1000]))], "model.safetensors", in: folder)
      #expect(try WeightFolder(folder, memory: 4000).elementCount == 1000)
      let failure = #expect(throws: Failure.self) { _ = try WeightFolder(folder, memory: 3999) }
      #expect(failure?.kind == .data && failure?.problem.contains("memory expected, found 1000") == true)
    }
  }

  @Test func numbersOf64BitsBecome32() throws {
    try TestFiles.withDirectory { folder in
      try Self.write([("a", Tensor([0.1, 1e300], shape: [2]))], "model.safetensors", in: folder)
      #expect(try WeightFolder(folder).tensor("a").floats == [0.1, .infinity])
    }
  }
}
