// Translation models of other programs as bundles, so that every command that takes a translation model takes them.
// Their symbols are single characters; neither reads a source with its end.

import EnsueFiles
import EnsueModels
import EnsueText

extension TranslationBundle {
  /// The date translator of "Deep Learning from Scratch 2".
  /// - Parameter pairs: the file it was trained on, `source_target` a line: characters are numbered as they come there.
  /// - Throws: `Failure` of kind `missing` or `data`, also where the two do not belong together.
  public init(dateTranslator path: String, pairs: String) throws {
    let checkpoint = try DateTranslatorCheckpoint(contentsOf: path)
    let count = checkpoint.configuration.sourceVocabularySize
    var seen = Set<Unicode.Scalar>()
    var symbols: [String] = []
    var (sourceLength, targetLength) = (0, 0)
    for line in try ForeignCheckpointKind.lines(of: pairs) {
      // A line's source, then its target with the mark before it.
      for scalar in line.unicodeScalars where seen.insert(scalar).inserted { symbols.append(String(scalar)) }
      let sides = line.unicodeScalars.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
      sourceLength = max(sourceLength, sides[0].count)
      targetLength = max(targetLength, sides.dropFirst().first?.count ?? 0)
    }
    guard symbols.count == count, checkpoint.configuration.targetVocabularySize == count else {
      throw Failure(.data, at: pairs, "\(count) characters expected, found \(symbols.count)")
    }
    guard let begin = symbols.firstIndex(of: "_") else {
      throw Failure(.data, at: pairs, "the mark _ before every target expected, found none")
    }
    guard let padding = symbols.firstIndex(of: " "), sourceLength > 0, targetLength > 0 else {
      throw Failure(.data, at: pairs, "sources filled up with spaces, and their targets, expected, found none")
    }
    // The model has no end: it writes ten characters. The mark, which it never writes, takes its place in the codec.
    let codec = SequenceCodec(try TranslationBundle.codec(symbols), beginID: Int32(begin), endID: Int32(begin))
    self.init(
      codecs: TranslationCodecs(
        source: codec, target: codec, isJoint: true, readsSourceEnd: false,
        fixedLengths: TranslationCodecs.FixedLengths(
          source: sourceLength, paddingID: Int32(padding), target: targetLength)),
      architecture: .recurrent(checkpoint.configuration), model: .recurrent(checkpoint.model))
  }

  /// A Transformer of CTranslate2.
  /// - Parameters:
  ///   - folder: model.bin or model.safetensors, source_vocabulary.txt and target_vocabulary.txt, a symbol a line.
  /// - Throws: `Failure` of kind `missing` or `data`, also where the three do not belong together.
  ///   - headCount: where the file does not say; nil for the usual number.
  public init(ctranslate2 folder: String, headCount: Int? = nil) throws {
    let weights = InputFile.exists("\(folder)/model.safetensors") ? "model.safetensors" : "model.bin"
    let checkpoint = try CTranslate2Checkpoint(contentsOf: "\(folder)/\(weights)", headCount: headCount)
    let configuration = checkpoint.configuration
    func side(_ name: String, _ count: Int) throws -> SequenceCodec {
      let path = "\(folder)/\(name)_vocabulary.txt"
      // The unknown symbol is the model's last, and not in the file.
      let symbols = try ForeignCheckpointKind.lines(of: path) + ["<unk>"]
      guard symbols.count == count else {
        throw Failure(.data, at: path, "\(count - 1) symbols expected, found \(symbols.count - 1)")
      }
      guard let begin = symbols.firstIndex(of: "<s>"), let end = symbols.firstIndex(of: "</s>") else {
        throw Failure(.data, at: path, "the symbols <s> and </s> expected, found one or none")
      }
      return SequenceCodec(
        try TranslationBundle.codec(symbols, unknown: "<unk>"), beginID: Int32(begin), endID: Int32(end))
    }
    self.init(
      codecs: TranslationCodecs(
        source: try side("source", configuration.sourceVocabularySize),
        target: try side("target", configuration.targetVocabularySize), isJoint: false, readsSourceEnd: false),
      architecture: .transformer(configuration), model: .transformer(checkpoint.model))
  }

  /// Byte pairs without a pair: every symbol of one character is a token.
  private static func codec(_ symbols: [String], unknown: String? = nil) throws -> TokenCodec {
    let model = try BytePairModel(vocabulary: symbols, merges: [], unknownToken: unknown)
    return .subwords(try SubwordTokenizer(model: .bytePair(model), decoder: .fuse))
  }
}
