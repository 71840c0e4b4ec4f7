// Reads the parts of a language run's data, and notes what is to be said and remembered about each.

import EnsueData
import EnsueFiles
import EnsueText

/// The reading of one run's data.
struct LanguageDataReader {
  private let configuration: LanguageConfiguration
  private(set) var notes: [String] = []
  private(set) var parts: [RunDataPart] = []

  init(_ configuration: LanguageConfiguration) { self.configuration = configuration }

  typealias Parts = (codec: TokenCodec, training: LanguagePart, validation: LanguagePart)

  /// The data of text files.
  mutating func texts() throws -> Parts {
    let options = configuration.data
    let level = configuration.tokens.level
    let text = try LanguageText(options.paths, level: level, encoding: options.encoding, badBytes: options.badBytes)
    parts.append(RunDataPart(name: "training", digest: text.digest, path: text.place))
    if configuration.training.keepsDocumentsApart {
      notes.append("--within-documents: the text of --data is one document; ensue corpus build tells documents apart")
    }
    let isSplit = options.validationPath.utf8.isEmpty
    let end =
      isSplit ? text.validationStart(fraction: options.validationFraction, level: level) : text.bytes.count
    let bytes = Array(text.bytes[..<end])
    let codec = try makeCodec(bytes)
    let training = LanguagePart(bytes, codec, place: text.place)
    note("training", training, codec, replacedBytes: text.replacedBytes)
    if let validation = try heldOut(options.validationPath, "validation", codec) {
      return (codec, training, validation)
    }
    let validation = LanguagePart(Array(text.bytes[end...]), codec, place: text.place)
    note("validation", validation, codec)
    return (codec, training, validation)
  }

  /// The data of a folder of shards.
  mutating func corpus() throws -> Parts {
    let options = configuration.data
    let whole = try TokenCorpus(contentsOf: options.corpus)
    let codec = try corpusCodec(whole)
    parts.append(RunDataPart(name: "training", digest: try digest(of: whole, options.corpus), path: options.corpus))
    if let validation = try heldOut(options.validationPath, "validation", codec) {
      let training = LanguagePart(whole, place: options.corpus)
      note("training", training, codec)
      return (codec, training, validation)
    }
    let held = max(1, Int((Double(whole.count) * options.validationFraction).rounded()))
    let end = max(0, whole.count - held)
    let training = LanguagePart(TokenSlice(base: whole, range: 0..<end), place: options.corpus)
    let validation = try LanguagePart(
      TokenSlice(base: whole, range: end..<whole.count), codec, place: options.corpus)
    note("training", training, codec)
    note("validation", validation, codec)
    noteUnits(of: validation)
    return (codec, training, validation)
  }

  /// A file or a folder of shards besides; nil for the empty path.
  mutating func heldOut(_ path: String, _ name: String, _ codec: TokenCodec) throws -> LanguagePart? {
    guard !path.utf8.isEmpty else { return nil }
    if InputFile.isDirectory(path) {
      let corpus = try TokenCorpus(contentsOf: path)
      try corpus.require(codec)
      parts.append(RunDataPart(name: name, digest: try digest(of: corpus, path), path: path))
      let part = LanguagePart(corpus, place: path)
      note(name, part, codec)
      noteUnits(of: part)
      return part
    }
    let text = try LanguageText(
      [path], level: codec.level, encoding: configuration.data.encoding, badBytes: configuration.data.badBytes)
    parts.append(RunDataPart(name: name, digest: text.digest, path: text.place))
    let part = LanguagePart(text.bytes, codec, place: text.place)
    note(name, part, codec, replacedBytes: text.replacedBytes)
    return part
  }

  /// What the training text decides: its characters, its words.
  private mutating func makeCodec(_ bytes: [UInt8]) throws -> TokenCodec {
    let tokens = configuration.tokens
    if tokens.level != .subwords, !tokens.tokenizer.utf8.isEmpty {
      throw Failure(
        .usage, at: "--tokenizer", "a tokenizer for --level subwords expected, found one for \(tokens.level.rawValue)")
    }
    switch tokens.level {
    case .bytes: return .bytes
    case .characters: return .characters(CharacterAlphabet(String(decoding: bytes, as: UTF8.self).unicodeScalars))
    case .words:
      return .words(WordList(counting: bytes, minimumCount: tokens.minimumCount, limit: tokens.wordLimit))
    case .subwords: return .subwords(try tokenizer())
    }
  }

  private mutating func tokenizer() throws -> SubwordTokenizer {
    let path = configuration.tokens.tokenizer
    guard !path.utf8.isEmpty else {
      throw Failure(
        .usage, "a tokenizer.json for --level subwords expected, found none", advice: "Name it with --tokenizer.")
    }
    let tokenizer = try SubwordTokenizer(contentsOf: path)
    let digests = try SubwordTokenizer.files(of: path).map { try InputFile.digest(of: $0) }
    parts.append(RunDataPart(name: "tokenizer", digest: Digest(ofAll: digests), path: path))
    return tokenizer
  }

  private mutating func note(_ name: String, _ part: LanguagePart, _ codec: TokenCodec, replacedBytes: Int = 0) {
    notes.append("\(name): \(part.count) \(codec.level.unit)s")
    if let unknown = part.unknownCount, unknown > 0 {
      notes.append("  \(unknown) of them not in the training text: read as unknown, not scored")
    }
    if replacedBytes > 0 { notes.append("  \(part.place): \(replacedBytes) bytes that were not UTF-8 replaced") }
  }

  private mutating func noteUnits(of part: LanguagePart) {
    if let note = part.unmeasuredNote { notes.append("  \(note)") }
  }

  /// What the ids of a corpus stand for: what it says itself, or the tokenizer that is named.
  private mutating func corpusCodec(_ corpus: TokenCorpus) throws -> TokenCodec {
    if configuration.tokens.tokenizer.utf8.isEmpty, let codec = try corpus.codec() { return codec }
    let codec = TokenCodec.subwords(try tokenizer())
    try corpus.require(codec)
    return codec
  }

  private func digest(of corpus: TokenCorpus, _ path: String) throws -> Digest {
    guard let digest = Digest(corpus.digest) else {
      throw Failure(
        .data, at: path, "a digest of 32 hexadecimal digits expected, found \(Failure.shown(corpus.digest))")
    }
    return digest
  }
}
