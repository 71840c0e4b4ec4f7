// The pipelines that the trainers count words with, and that the tokenizers they make begin and end with.

/// What stands around the model of a trained tokenizer.
struct SubwordPipeline: Sendable {
  let kind: SubwordTrainerKind
  let normalizer: SubwordNormalizer?
  let preTokenizer: SubwordPreTokenizer?
  let postProcessor: SubwordPostProcessor?
  let decoder: SubwordDecoder?

  /// SentencePiece's ▁.
  static let spaceMark: Unicode.Scalar = "\u{2581}"

  init(_ kind: SubwordTrainerKind, lowercases: Bool) {
    self.kind = kind
    switch kind {
    case .bytePair:
      normalizer = lowercases ? .lowercase : nil
      preTokenizer = .byteLevel(addsPrefixSpace: false, cuts: true, trimsOffsets: true)
      postProcessor = nil
      decoder = .byteLevel(addsPrefixSpace: true, cuts: true, trimsOffsets: true)
    case .wordPiece:
      // Accents go with capital letters, as in BERT's uncased vocabulary.
      normalizer = .bert(BertNormalization(lowercases: lowercases))
      preTokenizer = .bert
      let ids = Dictionary(uniqueKeysWithValues: zip(kind.requiredTokens, Int32(0)...))
      postProcessor = .bert(
        separator: SubwordPostProcessor.Token("[SEP]", id: ids["[SEP]"] ?? 0),
        beginning: SubwordPostProcessor.Token("[CLS]", id: ids["[CLS]"] ?? 0))
      decoder = .wordPiece(prefix: "##", cleans: true)
    case .unigram, .sentencePieceBytePair:
      let steps: [SubwordNormalizer] = [
        .nmt, .unicode(.nfkc), .replace(.regularExpression(.spaces), with: " "),
      ]
      normalizer = .sequence(steps + (lowercases ? [.lowercase] : []))
      preTokenizer = .metaspace(mark: SubwordPipeline.spaceMark, prefix: .always, cuts: true)
      let metaspace = SubwordDecoder.metaspace(mark: SubwordPipeline.spaceMark, prefix: .always, cuts: true)
      postProcessor = nil
      decoder = kind == .unigram ? metaspace : .sequence([.byteFallback, metaspace])
    case .words, .characters:
      (normalizer, postProcessor) = (lowercases ? .lowercase : nil, nil)
      preTokenizer = kind == .words ? .whitespaceSplit : nil
      // Without a decoder a space goes between two tokens.
      decoder = kind == .words ? nil : .fuse
    }
  }

  /// Calls `body` with each word of a line: for byte-level pieces its bytes as they are, not as characters for them.
  func forEachWord(in line: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
    if kind == .bytePair, normalizer == nil {
      GPT2Scanner(end: line.count).forEachWord(in: line, from: 0) { body(line.extracting($0)) }
      return
    }
    var text: [UInt8] = []
    text.reserveCapacity(line.count)
    for index in line.indices { text.append(line[index]) }
    let keepsStart = normalizer?.apply(to: &text) ?? true
    if kind == .bytePair {
      let span = text.span
      GPT2Scanner(end: span.count).forEachWord(in: span, from: 0) { body(span.extracting($0)) }
      return
    }
    let split = SubwordWords(normalizer: normalizer, preTokenizer: preTokenizer).pieces(text, beginsText: keepsStart)
    for piece in split.pieces { body(split.bytes.span.extracting(piece)) }
  }
}
