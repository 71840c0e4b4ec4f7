// Event files against TensorBoard's own writer: Tests/Goldens/tensorboard.events.py made the records.

import EnsueEvaluation
import EnsueFiles
import Testing

/// A case of `tensorboard.events.json`: a file's first event, or one with scalars.
struct TensorBoardCase: CustomTestStringConvertible, Sendable {
  let object: JSONObject
  var testDescription: String { text("name") ?? "start at \(text("wallTime") ?? "")" }

  static let starts = cases("starts")
  static let scalars = cases("cases")

  private static func cases(_ key: String) -> [TensorBoardCase] {
    let directory = OutputFile.directory(of: OutputFile.directory(of: #filePath)) + "/Goldens"
    let golden = try? JSONValue.contents(of: "\(directory)/tensorboard.events.json").objectValue
    return (golden?[key]?.arrayValue ?? []).compactMap(\.objectValue).map(TensorBoardCase.init)
  }

  func text(_ key: String) -> String? { object[key]?.stringValue }

  func wallTime() throws -> Double { try #require(text("wallTime").flatMap { Double($0) }) }

  /// The bytes of the record.
  func record() throws -> [UInt8] {
    let digits = Array(try #require(text("record")).utf8)
    return try stride(from: 0, to: digits.count, by: 2).map {
      try #require(UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16))
    }
  }

  func scalars() throws -> [(tag: String, value: Double)] {
    let tags = try #require(object["tags"]?.arrayValue).compactMap(\.stringValue)
    let values = try #require(object["values"]?.arrayValue).compactMap { $0.stringValue.flatMap { Double($0) } }
    try #require(tags.count == values.count && !tags.isEmpty)
    return zip(tags, values).map { (tag: $0, value: $1) }
  }
}

@Suite("event files equal TensorBoard's, byte for byte")
struct TensorBoardGoldenTests {
  @Test("the golden file is there")
  func goldens() {
    #expect(TensorBoardCase.starts.count >= 5)
    #expect(TensorBoardCase.scalars.count >= 28)
  }

  @Test("a file's first record", arguments: TensorBoardCase.starts)
  func start(_ golden: TensorBoardCase) throws {
    let folder = try TensorBoardFolder()
    let log = try TensorBoardLog.open(directory: folder.directory, startTime: golden.wallTime())
    #expect(try folder.contents() == golden.record())
    #expect(log.byteCount == (try golden.record().count))
  }

  @Test("a record of scalars", arguments: TensorBoardCase.scalars)
  func scalars(_ golden: TensorBoardCase) throws {
    let folder = try TensorBoardFolder()
    var log = try TensorBoardLog.open(directory: folder.directory, startTime: 0)
    let start = log.byteCount
    let step = try #require(golden.object["step"]?.integerValue)
    try log.append(step: step, seconds: golden.wallTime(), golden.scalars())
    let record = Array(try folder.contents()[start...])
    let expected = try golden.record()
    let different = zip(record, expected).enumerated().first { $1.0 != $1.1 }?.offset
    #expect(record == expected, "first at byte \(different ?? min(record.count, expected.count))")
  }

  @Test("an epoch's record")
  func epoch() throws {
    let golden = try #require(TensorBoardCase.scalars.first { $0.text("name") == "an epoch" })
    let values = try golden.scalars().map(\.value)
    // An epoch of classes has no correlations, and its model draws nothing.
    let others: [EpochScalarKind] = [
      .validationPearson, .validationSpearman, .drawVariance, .drawVarianceWithoutBaseline,
    ]
    let kinds = EpochScalarKind.allCases.filter { !others.contains($0) }
    #expect(try golden.scalars().map(\.tag) == kinds.map(\.rawValue))
    let event = EpochEvent(
      epoch: 3, step: 1234, seconds: 60, trainingLoss: values[0], learningRate: values[4], tokensPerSecond: values[5],
      validation: EvaluationSummary(
        loss: values[1], accuracy: values[2], macroF1: values[3], macroRecall: 0.2, macroPrecision: 0.3, count: 8))
    let folder = try TensorBoardFolder()
    var log = try TensorBoardLog.open(directory: folder.directory, startTime: 0)
    let start = log.byteCount
    try log.append(event, seconds: golden.wallTime())
    #expect(Array(try folder.contents()[start...]) == (try golden.record()))
  }

  // "123456789" is the customary check; the others are from RFC 3720, appendix B.4.
  static let checksums: [(bytes: [UInt8], checksum: UInt32)] = [
    ([], 0), (Array("123456789".utf8), 0xe306_9283), (Array(repeating: 0, count: 32), 0x8a91_36aa),
    (Array(repeating: 0xff, count: 32), 0x62a8_ab43), (Array(0..<32), 0x46dd_794e),
    (Array((0..<32).reversed()), 0x113f_db5c),
  ]

  @Test("CRC-32C", arguments: 0..<checksums.count)
  func checksum(_ index: Int) {
    let (bytes, expected) = TensorBoardGoldenTests.checksums[index]
    for middle in 0...bytes.count {
      var crc = CRC32C()
      crc.append(bytes[..<middle])
      crc.append(bytes[middle...])
      #expect(crc.checksum == expected)
    }
  }
}
