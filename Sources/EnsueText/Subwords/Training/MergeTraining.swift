// Byte-pair encoding and word pieces from the counts of words: both learn merges, and differ in the alphabet and in
// what is written before a piece that goes on a word.

import EnsueFiles

/// Training by merges.
struct MergeTraining {
  let options: SubwordTrainingOptions
  let words: SubwordWordCounts

  /// `##` of word pieces.
  static let continuingPrefix: [UInt8] = Array("##".utf8)

  /// Learns until the vocabulary is full or no pair is frequent enough.
  func run(_ progress: (SubwordTrainingProgress) throws -> Void) throws -> LearntPieces {
    var (vocabulary, alphabetSize) = initialVocabulary()
    let symbols = words(as: &vocabulary)
    guard vocabulary.count <= options.vocabularySize else {
      throw Failure(
        .configuration,
        "a vocabulary of at least \(vocabulary.count) expected for the special tokens and the alphabet of this text,"
          + " found \(options.vocabularySize)",
        advice: options.kind == .bytePair ? "" : "An alphabet limit leaves the rarest characters out.")
    }
    var learner = MergeLearner(
      vocabulary: vocabulary, words: symbols, counts: words.counts,
      continuingPrefix: options.kind == .wordPiece ? MergeTraining.continuingPrefix : [])
    while learner.vocabulary.count < options.vocabularySize {
      guard learner.learn(minimumFrequency: options.minimumFrequency) else { break }
      if learner.merges.count % 64 == 0 {
        try progress(
          SubwordTrainingProgress(
            stage: .merging, completed: learner.vocabulary.count, total: options.vocabularySize))
      }
    }
    return learnt(learner, alphabetSize)
  }

  private func learnt(_ learner: MergeLearner, _ alphabetSize: Int) -> LearntPieces {
    let spellings = (0..<learner.vocabulary.count).map { String(decoding: learner.vocabulary[$0], as: UTF8.self) }
    return LearntPieces(
      vocabulary: spellings, alphabetSize: alphabetSize,
      merges: learner.merges.map { (spellings[Int($0.left)], spellings[Int($0.right)]) })
  }

  /// Special tokens, bytes where they are needed, and the alphabet.
  private func initialVocabulary() -> (ByteTable, alphabetSize: Int) {
    var vocabulary = ByteTable()
    for token in options.allSpecialTokens { vocabulary.insert(Array(token.utf8)) }
    let before = vocabulary.count
    switch options.kind {
    case .bytePair:
      for scalar in ByteAlphabet.scalars.sorted() { vocabulary.insert(MergeTraining.spelling(scalar)) }
    case .sentencePieceBytePair:
      for byte in UInt8.min...UInt8.max { vocabulary.insert(MergeTraining.fallbackSpelling(byte)) }
      for scalar in words.alphabet(limit: options.alphabetLimit) { vocabulary.insert(scalar) }
    case .wordPiece, .unigram, .words, .characters:
      for scalar in words.alphabet(limit: options.alphabetLimit) { vocabulary.insert(scalar) }
    }
    return (vocabulary, vocabulary.count - before)
  }

  /// A character of GPT-2's alphabet in UTF-8.
  private static func spelling(_ scalar: UInt16) -> [UInt8] {
    Unicode.Scalar(scalar).map { Array(String($0).utf8) } ?? []
  }

  /// SentencePiece's name of a byte: `<0x0A>`.
  private static func fallbackSpelling(_ byte: UInt8) -> [UInt8] {
    let digits = String(byte, radix: 16, uppercase: true)
    return Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8)
  }

  /// The symbols of every word; characters outside the alphabet are passed over.
  private func words(as vocabulary: inout ByteTable) -> [[Int32]] {
    switch options.kind {
    case .bytePair: bytes(vocabulary)
    case .sentencePieceBytePair, .unigram, .words, .characters: scalars(vocabulary)
    case .wordPiece: continuedScalars(&vocabulary)
    }
  }

  private func bytes(_ vocabulary: ByteTable) -> [[Int32]] {
    let symbols = ByteAlphabet.scalars.map { Int32(vocabulary.find(MergeTraining.spelling($0)) ?? 0) }
    return (0..<words.count).map { word in
      words.words.bytes[words.words.offsets[word]..<words.words.offsets[word + 1]].map { symbols[Int($0)] }
    }
  }

  private func scalars(_ vocabulary: ByteTable) -> [[Int32]] {
    (0..<words.count).map { word in
      let starts = words.scalarStarts(of: word)
      return zip(starts, starts.dropFirst()).compactMap { start, end in
        vocabulary.find(words.words.bytes.span.extracting(start..<end)).map { Int32($0) }
      }
    }
  }

  /// A character after the first of a word is another symbol, with the prefix. These come after the alphabet, in its
  /// order. (In Hugging Face's trainer their order, and with it some ties, changes from run to run.)
  private func continuedScalars(_ vocabulary: inout ByteTable) -> [[Int32]] {
    let plain = scalarRuns(vocabulary)
    let later = Set(plain.flatMap { $0.filter { !$0.isFirst }.map(\.symbol) })
    var continued: [Int32: Int32] = [:]
    for symbol in later.sorted(by: { vocabulary[Int($0)].lexicographicallyPrecedes(vocabulary[Int($1)]) }) {
      let spelling = MergeTraining.continuingPrefix + vocabulary[Int(symbol)]
      continued[symbol] = Int32(vocabulary.insert(spelling).index)
    }
    return plain.map { $0.map { $0.isFirst ? $0.symbol : continued[$0.symbol] ?? $0.symbol } }
  }

  private func scalarRuns(_ vocabulary: ByteTable) -> [[(symbol: Int32, isFirst: Bool)]] {
    (0..<words.count).map { word in
      let starts = words.scalarStarts(of: word)
      return zip(starts, starts.dropFirst()).compactMap { start, end in
        vocabulary.find(words.words.bytes.span.extracting(start..<end)).map { (Int32($0), start == starts[0]) }
      }
    }
  }
}
