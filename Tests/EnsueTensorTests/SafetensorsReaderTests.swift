// The safetensors reader: what it refuses and how, what it accepts, what it makes of the numbers.

import EnsueFiles
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct SafetensorsReaderTests {
  @Test func theTableOfBadFilesIsLongAndHasNoRepeats() {
    #expect(BadFile.all.count >= 120)
    #expect(Set(BadFile.all.map(\.testDescription)).count == BadFile.all.count)
  }

  @Test(arguments: BadFile.all) func aBadFileIsRefusedInOneClearLine(_ file: BadFile) throws {
    try SafetensorsBytes.withFile(file.bytes) { path in
      let failure = try #require(try SafetensorsBytes.failure(path), "the file was accepted")
      #expect(failure.kind == .data)
      #expect(failure.place.hasPrefix(path))
      let message = failure.description
      for words in file.words { #expect(message.contains(words), "\(message)") }
      #expect(message.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "\(message)")
      #expect(message.utf8.count < path.utf8.count + 600, "\(message.utf8.count) bytes of message")
    }
  }

  @Test(arguments: GoodFile.all) func anUnusualGoodFileIsRead(_ file: GoodFile) throws {
    try SafetensorsBytes.withFile(file.bytes) { path in
      let reader = try SafetensorsReader(path)
      #expect(reader.names.map { Array($0.utf8) } == file.tensors.map { Array($0.name.utf8) })
      #expect(reader.header.warnings == file.warnings)
      for (name, sizes) in file.tensors { #expect(try reader.tensor(name).shape.sizes == sizes) }
    }
  }

  @Test func aMillionTensorsAreTooMany() throws {
    // Small values, refused before any is looked at.
    let header = "{" + (0...1_000_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    try SafetensorsBytes.withFile(SafetensorsBytes.file(header)) { path in
      let failure = try #require(try SafetensorsBytes.failure(path))
      #expect(failure.problem == "at most 1000000 tensors expected, found 1000001")
    }
  }

  @Test func whatIsNoFileIsMissing() throws {
    try TestFiles.withDirectory { directory in
      mkfifo("\(directory)/pipe", 0o644)
      symlink("\(directory)/loop", "\(directory)/loop")
      for path in [directory, "\(directory)/absent", "\(directory)/pipe", "\(directory)/loop", "/dev/zero", ""] {
        let failure = try SafetensorsBytes.failure(path)
        #expect(failure?.kind == .missing, "\(path)")
      }
    }
  }

  @Test func aFileCutWhileItIsReadGivesAFailure() throws {
    try SafetensorsBytes.withFile(SafetensorsBytes.one(#""F32""#, "[4096]", "[0,16384]", data: 16384)) { path in
      let reader = try SafetensorsReader(path)
      #expect(truncate(path, 100) == 0)
      let failure = #expect(throws: Failure.self) { try reader.tensor("a") }
      #expect(failure?.kind == .inputOutput && failure?.problem == "the file changed while it was read")
      #expect(throws: Failure.self) { try reader.contentDigest() }
    }
  }

  @Test func whatAModelCannotUseIsNamed() throws {
    let bytes = SafetensorsBytes.members(
      SafetensorsBytes.entry("weight", #""I64""#, "[1]", "[0,8]"),
      SafetensorsBytes.entry("deep", #""F32""#, "[1,1,1,1,1,1,1]", "[8,12]"), data: 12)
    try SafetensorsBytes.withFile(bytes) { path in
      let reader = try SafetensorsReader(path)
      let integers = #expect(throws: Failure.self) { try reader.tensor("weight") }
      #expect(integers?.problem == "tensor 'weight': F32, F64, F16 or BF16 expected, found I64")
      #expect(try reader.integers("weight") == [0x0706_0504_0302_0100])
      let deep = #expect(throws: Failure.self) { try reader.tensor("deep") }
      #expect(deep?.problem == "tensor 'deep': at most 6 axes expected, found 7")
      let absent = #expect(throws: Failure.self) { try reader.tensor("wieght") }
      #expect(absent?.problem == "tensor 'wieght' expected, found none (there is 'weight')")
      let wrong = #expect(throws: Failure.self) { try reader.integers("deep") }
      #expect(wrong?.kind == .data)
    }
  }

  @Test(arguments: SafetensorsType.allCases) func everyTypeHasItsSize(_ type: SafetensorsType) throws {
    let widths: [SafetensorsType: Int] = [
      .bool: 1, .u8: 1, .i8: 1, .f8e5m2: 1, .f8e4m3: 1, .i16: 2, .u16: 2, .f16: 2, .bf16: 2, .i32: 4, .u32: 4, .f32: 4,
      .f64: 8, .i64: 8, .u64: 8,
    ]
    let width = try #require(widths[type])
    let bytes = SafetensorsBytes.one("\"\(type.rawValue)\"", "[3]", "[0,\(3 * width)]", data: 3 * width)
    try SafetensorsBytes.withFile(bytes) { path in
      let reader = try SafetensorsReader(path)
      let found = reader.entry("a")
      let entry = try #require(found)
      #expect(entry.type == type && entry.sizes == [3] && entry.range == 0..<3 * width)
      if [.f16, .bf16, .f32, .f64].contains(type) {
        #expect(try reader.tensor("a").elementType == (type == .f64 ? .float64 : .float32))
      } else {
        #expect(throws: Failure.self) { try reader.tensor("a") }
      }
    }
  }
}

@Suite struct SafetensorsHalfPrecision {
  /// All 65,536 words of a 16-bit type, as the reader sees them.
  private func all(_ type: String) throws -> [Float] {
    let data = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let header = "{\(SafetensorsBytes.entry("a", "\"\(type)\"", "[65536]", "[0,131072]"))}"
    return try SafetensorsBytes.withFile(SafetensorsBytes.file(Array(header.utf8), data: data)) {
      try SafetensorsReader($0).tensor("a").floats
    }
  }

  /// The number that a word means by IEEE 754's definition; nil for NaN.
  private func meaning(_ word: Int, exponentBits: Int, fractionBits: Int) -> Double? {
    let sign: Double = word >> 15 == 1 ? -1 : 1
    let exponent = word >> fractionBits & (1 << exponentBits - 1)
    let fraction = Double(word & (1 << fractionBits - 1)) / Double(1 << fractionBits)
    let bias = 1 << (exponentBits - 1) - 1
    if exponent == 1 << exponentBits - 1 { return fraction == 0 ? sign * .infinity : nil }
    func power(_ n: Int) -> Double { Double(sign: .plus, exponent: n, significand: 1) }
    return sign * (exponent == 0 ? fraction * power(1 - bias) : (1 + fraction) * power(exponent - bias))
  }

  @Test(arguments: [("F16", 5, 10), ("BF16", 8, 7)]) func everyWordMeansItsNumber(
    _ type: String, _ exponentBits: Int, _ fractionBits: Int
  ) throws {
    for (word, number) in try all(type).enumerated() {
      guard let expected = meaning(word, exponentBits: exponentBits, fractionBits: fractionBits) else {
        #expect(number.isNaN)
        continue
      }
      guard Double(number) == expected, number.sign == expected.sign else {
        Issue.record("\(type) word \(word): \(number) against \(expected)")
        return
      }
    }
  }

  @Test func knownWords() throws {
    let half = try all("F16")
    for (word, number) in [
      (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504), (0x3555, 0.333251953125), (0x0001, 0x1p-24), (0x0400, 0x1p-14),
    ] as [(Int, Float)] { #expect(half[word] == number) }
    let brain = try all("BF16")
    for (word, number) in [(0x3F80, 1), (0x4049, 3.140625), (0xC2F7, -123.5), (0x0001, 0x1p-133)] as [(Int, Float)] {
      #expect(brain[word] == number)
    }
  }
}
