// The safetensors writer: what is written is read again bit for bit, and a file is replaced whole or not at all.

import EnsueFiles
import EnsueTensor
import EnsueTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct SafetensorsWriterTests {
  private static let singles: [Float] = [
    0, -0.0, 1, -1.5, .infinity, -.infinity, .nan, Float(bitPattern: 0x7F80_0001), .leastNonzeroMagnitude,
    .greatestFiniteMagnitude, .pi, 0x1p-126,
  ]
  private static let doubles: [Double] = [
    0, -0.0, 1, .infinity, -.infinity, .nan, Double(bitPattern: 0xFFF0_0000_0000_0001), .leastNonzeroMagnitude,
    .greatestFiniteMagnitude, .pi, 0x1p-1022, 1.0 / 3,
  ]

  private static var tensors: [(name: String, tensor: Tensor)] {
    [
      ("single", Tensor(singles, shape: [3, 4])), ("double", Tensor(doubles, shape: [2, 2, 3])),
      ("scalar", Tensor([2.5] as [Float], shape: [])), ("empty", .zeros([2, 0, 3])), ("none", .zeros([0], .float64)),
      ("six", Tensor(singles, shape: [1, 2, 1, 3, 2, 1])), ("", .ones([1])), ("\u{E9}\"\\\n\u{1F600}", .ones([2])),
      ("e\u{301}", .ones([3])), ("\u{E9}", .zeros([3])),
      ("large", .normal([1 << 20, 3], key: RandomKey(seed: 1))),
    ]
  }

  @Test func whatIsWrittenIsReadBitForBit() throws {
    try TestFiles.withDirectory { directory in
      let path = "\(directory)/model.safetensors"
      let metadata = [("z", "1"), ("a", "\"quoted\" \u{7F}\n"), ("\u{E9}", ""), ("e\u{301}", "decomposed")]
      try SafetensorsWriter.write(SafetensorsWriterTests.tensors, metadata: metadata, to: path)
      let reader = try SafetensorsReader(path)
      #expect(reader.names.map { Array($0.utf8) } == SafetensorsWriterTests.tensors.map { Array($0.name.utf8) })
      for (name, tensor) in SafetensorsWriterTests.tensors {
        #expect(try reader.tensor(name).isIdentical(to: tensor), "\(name)")
      }
      let found = reader.header.metadata.dropLast().map { [Array($0.key.utf8), Array($0.value.utf8)] }
      #expect(found == metadata.map { [Array($0.0.utf8), Array($0.1.utf8)] })
      #expect(reader.header.warnings.isEmpty)
      let digest = try reader.contentDigest().description
      #expect(reader.metadata(SafetensorsWriter.digestKey) == digest)
    }
  }

  @Test func theSameTensorsGiveTheSameBytesAndTheDataIsAligned() throws {
    try TestFiles.withDirectory { directory in
      for name in ["a", "b"] { try SafetensorsWriter.write(SafetensorsWriterTests.tensors, to: "\(directory)/\(name)") }
      let bytes = try InputFile.contents(of: "\(directory)/a")
      #expect(try InputFile.contents(of: "\(directory)/b") == bytes)
      let headerLength = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect((8 + headerLength) % 64 == 0)
      #expect(try InputFile.names(in: directory) == ["a", "b"])
    }
  }

  @Test func aFileWithoutTensorsIsAFile() throws {
    try TestFiles.withDirectory { directory in
      try SafetensorsWriter.write([], to: "\(directory)/none")
      let reader = try SafetensorsReader("\(directory)/none")
      #expect(reader.names.isEmpty)
      let digest = try reader.contentDigest().description
      #expect(reader.metadata(SafetensorsWriter.digestKey) == digest)
    }
  }

  @Test func aChangedNumberOrNameChangesTheDigest() throws {
    let tensors: [[(name: String, tensor: Tensor)]] = [
      [("a", Tensor([1, 2] as [Float], shape: [2]))], [("a", Tensor([1, 3] as [Float], shape: [2]))],
      [("b", Tensor([1, 2] as [Float], shape: [2]))], [("a", Tensor([1, 2] as [Float], shape: [2, 1]))],
      [("a", Tensor([1] as [Float], shape: [1])), ("b", Tensor([2] as [Float], shape: [1]))],
    ]
    let digests = try TestFiles.withDirectory { directory in
      try tensors.map { list in
        try SafetensorsWriter.write(list, to: "\(directory)/x")
        return try SafetensorsReader("\(directory)/x").metadata(SafetensorsWriter.digestKey)
      }
    }
    #expect(Set(digests).count == tensors.count)
  }

  @Test func aFileThatCannotBeCreatedNamesThePath() throws {
    try TestFiles.withDirectory { directory in
      try OutputFile.createDirectory("\(directory)/folder/inside")
      let tooLong = "\(directory)/" + String(repeating: "n", count: 300)
      for path in ["\(directory)/absent/model", "\(directory)/folder", tooLong] {
        let failure = #expect(throws: Failure.self) { try SafetensorsWriter.write([("a", .ones([2]))], to: path) }
        #expect(failure?.kind == .cannotCreate && failure?.place == path)
      }
      #expect(try InputFile.names(in: directory) == ["folder"])
      #expect(try InputFile.names(in: "\(directory)/folder") == ["inside"])
    }
  }

  @Test func aWriteThatFailsHalfWayLeavesTheOldFile() async {
    // In a process of its own: the limit on file sizes stands in for a full disk.
    await #expect(processExitsWith: .success) {
      try TestFiles.withDirectory { directory in
        let path = "\(directory)/model.safetensors"
        let old = Tensor([1, 2, 3] as [Float], shape: [3])
        try SafetensorsWriter.write([("a", old)], to: path)
        let before = try InputFile.contents(of: path)
        signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
        #if canImport(Glibc)
          let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #else
          let resource = RLIMIT_FSIZE
        #endif
        #expect(setrlimit(resource, &limit) == 0)
        let failure = #expect(throws: Failure.self) { try SafetensorsWriter.write([("a", .ones([1 << 18]))], to: path) }
        #expect(failure?.kind == .inputOutput && failure?.place == path)
        #expect(try InputFile.contents(of: path) == before)
        #expect(try SafetensorsReader(path).tensor("a").isIdentical(to: old))
        #expect(try InputFile.names(in: directory) == ["model.safetensors"])
      }
    }
  }
}
