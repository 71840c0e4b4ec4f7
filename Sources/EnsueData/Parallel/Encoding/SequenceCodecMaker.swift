// Vocabularies from the sentences of a side, or of both sides.

import EnsueFiles
import EnsueText

/// Makes codecs and notes what went into them and what was left out.
struct SequenceCodecMaker {
  let request: SequenceCodecRequest
  private(set) var notes: [String] = []

  init(request: SequenceCodecRequest) { self.request = request }

  mutating func codec(of sentences: [String], _ side: String) throws -> SequenceCodec {
    switch request.level {
    case .bytes: return noted(.bytes, side, "the 256 bytes")
    case .characters: return characters(sentences, side)
    case .words: return words(sentences, side)
    case .subwords: return try subwords(sentences, side)
    }
  }

  private mutating func noted(_ codec: TokenCodec, _ side: String, _ note: String) -> SequenceCodec {
    notes.append("vocabulary of \(side): \(note)")
    return SequenceCodec(codec)
  }

  /// The frequent ones first, equally frequent ones by their values; ids are by value in any case.
  private mutating func characters(_ sentences: [String], _ side: String) -> SequenceCodec {
    var counts: [UInt32: Int] = [:]
    for sentence in sentences { for scalar in sentence.unicodeScalars { counts[scalar.value, default: 0] += 1 } }
    let frequent = counts.filter { $0.value >= request.minimumCount }
      .sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    // One id is that of unknown characters.
    let kept = frequent.prefix((request.size ?? Int.max) - 1)
    let note = PrintedNumber.counted(kept.count, "character", "characters")
    return noted(
      .characters(CharacterAlphabet(values: kept.map(\.key))), side,
      note + SequenceCodecMaker.cut(counts.count - kept.count))
  }

  private mutating func words(_ sentences: [String], _ side: String) -> SequenceCodec {
    let text = Array(sentences.joined(separator: "\n").utf8)
    // One id is that of unknown words, and one that of line ends, which no sentence has.
    let list = WordList(
      counting: text, minimumCount: request.minimumCount, limit: request.size.map { $0 - 1 })
    let all = WordList(counting: text)
    let note = PrintedNumber.counted(list.words.count - 1, "word", "words")
    return noted(.words(list), side, note + SequenceCodecMaker.cut(all.words.count - list.words.count))
  }

  private mutating func subwords(_ sentences: [String], _ side: String) throws -> SequenceCodec {
    var options = SubwordTrainingOptions(request.trainer)
    options.vocabularySize = request.size ?? options.vocabularySize
    options.minimumFrequency = request.minimumCount
    options.lowercases = request.lowercases
    var trainer = try SubwordTrainer(options)
    for sentence in sentences { trainer.add(Array(sentence.utf8)) }
    let (tokenizer, report) = try trainer.train()
    let missing = options.vocabularySize - report.vocabularySize
    let fewer =
      missing > 0 ? ", \(PrintedNumber.grouped(missing)) fewer than asked for: the text has no more" : ""
    return noted(
      .subwords(tokenizer), side,
      "\(PrintedNumber.grouped(report.vocabularySize)) subwords (\(request.trainer.rawValue)) from"
        + " \(PrintedNumber.counted(report.distinctWords, "different word", "different words")),"
        + " \(PrintedNumber.grouped(report.tokens)) pieces for \(PrintedNumber.counted(report.words, "word", "words"))\(fewer)"
    )
  }

  private static func cut(_ count: Int) -> String {
    count == 0 ? "" : ", \(PrintedNumber.grouped(count)) rarer ones unknown"
  }
}
