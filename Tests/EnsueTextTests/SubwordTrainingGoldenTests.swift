// What the trainers of subwords learn, beside what the trainers of Hugging Face's tokenizers learn.

import EnsueFiles
import EnsueText
import Testing

/// A case of Tests/Goldens/tokenizer-training.json.
struct SubwordTrainingGolden: Sendable, CustomTestStringConvertible {
  let text: String
  let options: SubwordTrainingOptions
  let values: JSONObject

  var testDescription: String { "\(text) \(options.kind.rawValue) \(options.vocabularySize)" }

  static let all: [SubwordTrainingGolden] = {
    let json = try? JSONValue.contents(of: "\(folder)/tokenizer-training.json")
    return (json?.objectValue?["cases"]?.arrayValue ?? []).compactMap { $0.objectValue }.compactMap { values in
      guard let text = values["text"]?.stringValue, let size = values["size"]?.integerValue,
        let kind = values["kind"]?.stringValue.flatMap({ SubwordTrainerKind(rawValue: $0) })
      else { return nil }
      var options = SubwordTrainingOptions(kind)
      options.vocabularySize = size
      options.minimumFrequency = values["minimum"]?.integerValue ?? 1
      options.specialTokens = values["special"]?.arrayValue?.compactMap(\.stringValue) ?? []
      options.lowercases = kind == .wordPiece
      return SubwordTrainingGolden(text: text, options: options, values: values)
    }
  }()

  static let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Goldens"

  /// Whether its text is here.
  var isReady: Bool { text == "small" || InputFile.exists("\(dataFolder)/ptb/ptb.train.txt") }

  /// The lines to train on and those held out, with their ends.
  func lines() throws -> (training: [[UInt8]], heldOut: [[UInt8]]) {
    if text == "ptb" {
      let parts = try ["train", "valid"].map { try Self.lines("\(dataFolder)/ptb/ptb.\($0).txt") }
      return (parts[0], parts[1])
    }
    let lines = try Self.lines("\(Self.folder)/tokenizer-training.txt")
    if options.kind != .unigram { return (lines, []) }
    let isHeldOut = { (index: Int) in index % 10 == 9 }
    return (
      lines.indices.filter { !isHeldOut($0) }.map { lines[$0] }, lines.indices.filter(isHeldOut).map { lines[$0] }
    )
  }

  private static func lines(_ path: String) throws -> [[UInt8]] {
    let bytes = try InputFile.contents(of: path)
    return bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) + [0x0A] }
      .dropLast()
  }

  func trainer() throws -> SubwordTrainer {
    var trainer = try SubwordTrainer(options)
    for line in try lines().training { trainer.add(line) }
    return trainer
  }
}

@Suite struct SubwordTrainingGoldenTests {
  @Test func theFileHasAllKinds() {
    // The library has no trainer of characters, and its words are a matter of sorting (SubwordTrainingTests).
    #expect(Set(SubwordTrainingGolden.all.map(\.options.kind)) == Set(SubwordTrainerKind.ofPieces))
    #expect(SubwordTrainingGolden.all.count >= 11)
  }

  @Test(arguments: SubwordTrainingGolden.all.filter { $0.values["merges"] != nil })
  func mergesAreTheLibrarys(_ golden: SubwordTrainingGolden) throws {
    guard golden.isReady else { return print("skipped: \(golden.testDescription): no PTB in ENSUE_DATA") }
    let pieces = try golden.trainer().learn { _ in }
    let merges = pieces.merges.map { "\($0.left) \($0.right)" }
    let first = golden.values["merges"]?.arrayValue?.compactMap(\.stringValue) ?? []
    if let place = zip(merges, first).enumerated().first(where: { $0.element.0 != $0.element.1 }) {
      Issue.record("merge \(place.offset): '\(place.element.0)' learnt, '\(place.element.1)' expected")
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in merges.flatMap({ Array("\($0)\n".utf8) }) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    #expect(merges.count == golden.values["count"]?.integerValue)
    let digits = String(hash, radix: 16)
    #expect(String(repeating: "0", count: 16 - digits.count) + digits == golden.values["digest"]?.stringValue)
    // The library's vocabulary has what ours has, in the same number.
    #expect(pieces.vocabulary.count == golden.values["vocabulary"]?.integerValue)
  }

  /// Where the library's own runs agree, so do we; where they do not, any choice is right.
  @Test(arguments: SubwordTrainingGolden.all.filter { $0.values["common"] != nil })
  func wordPiecesAreThoseTheLibrarysRunsHaveInCommon(_ golden: SubwordTrainingGolden) throws {
    let pieces = Set(try golden.trainer().learn { _ in }.vocabulary)
    let common = golden.values["common"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(pieces.count == golden.options.vocabularySize && common.count > 700)
    let missing = common.filter { !pieces.contains($0) }
    #expect(missing.isEmpty, "\(missing)")
  }

  @Test(arguments: SubwordTrainingGolden.all.filter { $0.values["tokens"] != nil })
  func unigramsNeedAtMostOneHundredthMorePiecesThanTheLibrarys(_ golden: SubwordTrainingGolden) throws {
    guard golden.isReady else { return print("skipped: \(golden.testDescription): no PTB in ENSUE_DATA") }
    let (tokenizer, report) = try golden.trainer().train()
    #expect(report.vocabularySize <= golden.options.vocabularySize)
    let heldOut = try golden.lines().heldOut.map { text($0.dropLast()) }
    let tokens = heldOut.reduce(0) { $0 + tokenizer.encode($1).count }
    let characters = heldOut.reduce(0) { $0 + $1.unicodeScalars.count }
    let library = try #require(golden.values["tokens"]?.integerValue)
    #expect(characters == golden.values["characters"]?.integerValue)
    print("\(golden.testDescription): \(tokens) pieces for \(characters) characters held out, the library's \(library)")
    #expect(Double(tokens) <= 1.01 * Double(library))
  }
}

private func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
