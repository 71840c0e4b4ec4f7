// Small safetensors files, cut at every byte and with every bit turned: refused, or read as something consistent.

import EnsueFiles
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct SafetensorsDamageTests {
  /// The damaged files and one of our own, which carries a digest.
  private static let cases = GoodFile.damaged.map(\.testDescription) + [own]
  private static let own = "our own"

  private func bytes(_ name: String) throws -> [UInt8] {
    if let file = GoodFile.damaged.first(where: { $0.testDescription == name }) { return file.bytes }
    return try TestFiles.withDirectory { directory in
      let path = "\(directory)/own"
      try SafetensorsWriter.write(
        [
          ("weight", Tensor([1.5, -2, .nan, 0] as [Float], shape: [2, 2])), ("empty", Tensor.zeros([0, 3])),
          ("bias", Tensor([0.25] as [Double], shape: [])),
        ], metadata: [("format", "test")], to: path)
      return try InputFile.contents(of: path)
    }
  }

  @Test func thereAreSixFilesAndOurOwn() { #expect(SafetensorsDamageTests.cases.count == 7) }

  @Test(arguments: cases) func everyPrefixIsRefused(_ name: String) throws {
    let whole = try bytes(name)
    try TestFiles.withDirectory { directory in
      let path = "\(directory)/cut"
      for count in 0..<whole.count {
        try SafetensorsBytes.put(Array(whole[..<count]), path)
        let failure = try SafetensorsBytes.failure(path)
        if failure?.kind != .data { Issue.record("cut after \(count) bytes: \(String(describing: failure))") }
      }
      try SafetensorsBytes.put(whole, path)
      #expect(try SafetensorsBytes.failure(path) == nil)
    }
  }

  @Test(arguments: cases) func everyTurnedBitIsRefusedOrReadConsistently(_ name: String) throws {
    let whole = try bytes(name)
    let dataStart = 8 + whole[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    try TestFiles.withDirectory { directory in
      let path = "\(directory)/turned"
      try SafetensorsBytes.put(whole, path)
      let original = try contents(path, dataSize: whole.count - dataStart)
      for bit in 0..<8 * whole.count {
        var turned = whole
        turned[bit / 8] ^= 1 << (bit % 8)
        try SafetensorsBytes.put(turned, path)
        guard let found = try contents(path, dataSize: whole.count - dataStart) else { continue }
        let isSame = found.entries == original?.entries && bit / 8 < dataStart
        if name == SafetensorsDamageTests.own, found.isIntact, !isSame {
          Issue.record("bit \(bit % 8) of byte \(bit / 8) was not noticed")
        }
      }
      #expect(original?.isIntact == (name == SafetensorsDamageTests.own))
    }
  }

  /// What the reader makes of a file; nil when it refuses it. Traps and wrong sizes are what this looks for.
  private func contents(_ path: String, dataSize: Int) throws -> (entries: [SafetensorsEntry], isIntact: Bool)? {
    do {
      let reader = try SafetensorsReader(path)
      var end = 0
      for entry in reader.header.entries {
        let size = entry.sizes.reduce(1, *)
        if entry.range.lowerBound != end || entry.range.count % max(1, size) != 0 { Issue.record("\(entry)") }
        end = entry.range.upperBound
        switch entry.type {
        case .f32, .f64, .f16, .bf16:
          let tensor = try reader.tensor(entry.name)
          if tensor.shape.sizes != entry.sizes || tensor.doubles.count != size { Issue.record("\(entry)") }
        case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .i16, .u16, .i32, .u32, .i64, .u64: break
        }
      }
      if end != dataSize { Issue.record("\(end) of \(dataSize) bytes are described") }
      let digest = try reader.contentDigest().description
      return (reader.header.entries, reader.metadata(SafetensorsWriter.digestKey) == digest)
    } catch let failure as Failure {
      if failure.kind != .data { Issue.record("\(failure)") }
      return nil
    }
  }
}
