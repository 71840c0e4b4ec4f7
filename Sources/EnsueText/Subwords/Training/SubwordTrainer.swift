// From text to a tokenizer: counting words, then learning pieces from the counts. The text need not fit into memory; its
// distinct words must.

import EnsueFiles

/// Trains a tokenizer of subwords.
///
///     var trainer = try SubwordTrainer(options)
///     while let piece = try text.next() { trainer.add(piece) }
///     let (tokenizer, report) = try trainer.train()
public struct SubwordTrainer: Sendable {
  public let options: SubwordTrainingOptions
  private var words = SubwordWordCounts()
  private var bytes = 0
  private let pipeline: SubwordPipeline

  /// - Throws: `Failure` of kind `configuration` for settings that cannot be.
  public init(_ options: SubwordTrainingOptions) throws {
    try options.check()
    self.options = options
    pipeline = SubwordPipeline(options.kind, lowercases: options.lowercases)
  }

  /// The number of different words so far.
  public var distinctWordCount: Int { words.count }

  /// Counts the words of a text, line by line: no word goes beyond its line. A line's end belongs to it
  /// where it can be spelled, and is left out elsewhere.
  /// - Parameter text: valid UTF-8.
  public mutating func add(_ text: Span<UInt8>) {
    bytes += text.count
    var start = 0
    var counts = words
    words = SubwordWordCounts()
    while start < text.count {
      var end = start
      while end < text.count, text[end] != ASCII.newline { end += 1 }
      let next = min(end + 1, text.count)
      if end > start, end < text.count, text[end - 1] == ASCII.carriageReturn { end -= 1 }
      let line = text.extracting(start..<(options.kind.spellsLineEnds ? next : end))
      pipeline.forEachWord(in: line) { counts.add($0) }
      start = next
    }
    words = counts
  }

  /// Counts the words of a text.
  public mutating func add(_ text: [UInt8]) {
    let span = text.span
    add(span)
  }

  /// Learns the pieces.
  /// - Parameter progress: called now and then; what it throws ends the training.
  /// - Throws: `Failure` of kind `data` where there was no word, and of kind `configuration` where the vocabulary has no
  ///   room for the special tokens and the alphabet.
  public func train(progress: (SubwordTrainingProgress) throws -> Void = { _ in }) throws -> (
    tokenizer: SubwordTokenizer, report: SubwordTrainingReport
  ) {
    let pieces = try learn(progress)
    let model = try model(pieces)
    var report = SubwordTrainingReport()
    report.bytes = bytes
    report.words = words.total
    report.distinctWords = words.count
    report.cutWords = words.cutWords
    report.vocabularySize = pieces.vocabulary.count
    report.alphabetSize = pieces.alphabetSize
    report.merges = pieces.merges.count
    report.tokens = tokenCount(model)
    return (try tokenizer(model), report)
  }

  /// Learns the pieces without making a tokenizer of them.
  package func learn(_ progress: (SubwordTrainingProgress) throws -> Void) throws -> LearntPieces {
    guard words.count > 0 else { throw Failure(.data, "a text with at least one word expected, found none") }
    switch options.kind {
    case .bytePair, .wordPiece, .sentencePieceBytePair:
      return try MergeTraining(options: options, words: words.sorted()).run(progress)
    case .unigram:
      var training = UnigramTraining(options: options, words: words.sorted())
      return try training.run(progress)
    case .words: return try known(words.counted())
    case .characters:
      let characters = words.scalarCounts()
      return try known(characters, alphabetLimit: options.alphabetLimit ?? .max)
    }
  }

  /// The most frequent entries, as many as there is room for; of two as frequent the first by its bytes.
  /// - Parameter alphabetLimit: how many there may be of an alphabet; nil where the entries are none.
  private func known(_ entries: [(spelling: [UInt8], count: Int)], alphabetLimit: Int? = nil) throws -> LearntPieces {
    let special = options.allSpecialTokens
    guard special.count < options.vocabularySize else {
      throw Failure(
        .configuration,
        "a vocabulary of at least \(special.count + 1) expected for the special tokens and this text, found"
          + " \(options.vocabularySize)")
    }
    let own = Set(special.map { Array($0.utf8) })
    let room = min(options.vocabularySize - special.count, alphabetLimit ?? .max)
    let known = entries.filter { $0.count >= options.minimumFrequency && !own.contains($0.spelling) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.spelling.lexicographicallyPrecedes($1.spelling) }
      .prefix(room)
    guard !known.isEmpty else {
      throw Failure(
        .data, "\(options.kind.rawValue) that occur at least \(options.minimumFrequency) times expected, found none",
        advice: "Train on more text, or ask for less often.")
    }
    return LearntPieces(
      vocabulary: special + known.map { String(decoding: $0.spelling, as: UTF8.self) },
      alphabetSize: alphabetLimit == nil ? 0 : known.count)
  }

  private func tokenizer(_ model: SubwordModel) throws -> SubwordTokenizer {
    try SubwordTokenizer(
      model: model, normalizer: pipeline.normalizer, preTokenizer: pipeline.preTokenizer,
      postProcessor: pipeline.postProcessor, decoder: pipeline.decoder,
      addedTokens: options.allSpecialTokens.map { AddedToken($0) })
  }

  private func model(_ pieces: LearntPieces) throws -> SubwordModel {
    switch options.kind {
    case .bytePair: .bytePair(try BytePairModel(vocabulary: pieces.vocabulary, merges: pieces.merges))
    case .wordPiece: .wordPiece(try WordPieceModel(vocabulary: pieces.vocabulary))
    case .unigram: .unigram(try UnigramModel(pieces: Array(zip(pieces.vocabulary, pieces.scores)), unknownID: 0))
    case .sentencePieceBytePair:
      .bytePair(
        try BytePairModel(
          vocabulary: pieces.vocabulary, merges: pieces.merges, unknownToken: options.kind.requiredTokens[0],
          fusesUnknown: true, fallsBackToBytes: true))
    case .words:
      .wordLevel(try WordLevelModel(vocabulary: pieces.vocabulary, unknownToken: options.kind.requiredTokens[0]))
    // Byte pairs without a pair.
    case .characters:
      .bytePair(
        try BytePairModel(
          vocabulary: pieces.vocabulary, merges: [], unknownToken: options.kind.requiredTokens[0]))
    }
  }

  /// How many pieces the words become.
  private func tokenCount(_ model: SubwordModel) -> Int {
    var workspace = SubwordWorkspace()
    var (ids, spelling): ([Int32], [UInt8]) = ([], [])
    var sum = 0
    for word in 0..<words.count {
      ids.removeAll(keepingCapacity: true)
      let range = words.words.offsets[word]..<words.words.offsets[word + 1]
      if options.kind == .bytePair {
        spelling.removeAll(keepingCapacity: true)
        ByteAlphabet.append(words.words.bytes.span, range, to: &spelling)
        model.append(spelling.span, to: &ids, with: &workspace)
      } else {
        model.append(words.words.bytes.span.extracting(range), to: &ids, with: &workspace)
      }
      sum += ids.count * words.counts[word]
    }
    return sum
  }
}
