// transformer-greedy and transformer-beam, as in peers/transformer-translation.py: 1,000 sentences through a Transformer
// of 6 + 6 blocks of 512 features.

import Ensue

/// One block is all sentences, whatever `seconds` says.
struct TransformerTranslationWorkload: Workload {
  let rows: [RowDescription]
  private let name: String
  private let model: TransformerTranslator
  private let search: TranslationSearch
  private let sources: [[Int32]]

  private static let (sentences, shortest, lengths, steps, specialCount) = (1000, 5, 21, 20, 3)
  /// Sentences whose translations may differ from the peer's: those in which rounding decided between two words.
  private static let differingShare = 0.02

  /// - Parameter width: of the beam; 1 is greedy.
  init(name: String, width: Int) throws {
    let path = "\(Places.translator)/model.safetensors"
    guard InputFile.exists(path) else {
      throw Failure(
        .missing, at: path, "a Transformer's weights expected, found none",
        advice: "The peer writes them; it needs the Python packages ctranslate2 and safetensors.")
    }
    let checkpoint = try CTranslate2Checkpoint(contentsOf: path)
    let blocks = checkpoint.configuration.transformer
    let (d, inner, words) = (
      Double(blocks.width), Double(blocks.feedForwardSize), Double(checkpoint.configuration.targetVocabularySize)
    )
    // Products of a decoder step; those of the encoder, one a sentence, are less than a tenth with a beam.
    let block = 2 * (6 * d * d + 2 * d * inner)
    let encoder = Double(blocks.layerCount) * 2 * (4 * d * d + 2 * d * inner) * 15 / Double(Self.steps)
    let perToken = Double(width) * (Double(blocks.layerCount) * block + 2 * d * words) + encoder
    rows = [RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: perToken)]
    self.name = name
    model = checkpoint.model.prepared()
    var search = TranslationSearch(width: width, lengthPenalty: 0)
    search.maximumLength = .symbols(Self.steps)
    search.forbiddenIDs = [0, 2]
    self.search = search
    let rowSize = 1 + Self.shortest + Self.lengths
    let ids = RandomIDs.drawn(
      Self.sentences * rowSize, below: checkpoint.configuration.sourceVocabularySize - Self.specialCount)
    sources = (0..<Self.sentences).map { sentence in
      let row = ids[sentence * rowSize..<(sentence + 1) * rowSize]
      let length = Self.shortest + Int(row[row.startIndex]) % Self.lengths
      return row.dropFirst().prefix(length).map { $0 + Int32(Self.specialCount) }
    }
  }

  /// All sentences once: their translations are the peer's.
  mutating func warmUp() throws {
    let found = try translations()
    let path = "\(Places.translator)/\(name).json"
    let expected = try JSONValue.parse(InputFile.contents(of: path), name: path).arrayValue ?? []
    let differing = zip(found, expected).count { $0.map { Int($0) } != $1.arrayValue?.compactMap(\.integerValue) }
    guard expected.count == found.count, Double(differing) <= Self.differingShare * Double(found.count) else {
      throw Failure(
        .data, at: path, "the same translations of \(found.count) sentences expected, found \(differing) others")
    }
  }

  mutating func block(seconds: Double) throws -> [Double] {
    let start = now()
    let count = try translations().reduce(0) { $0 + $1.count }
    return [Double(count) / (now() - start)]
  }

  private func translations() throws -> [[Int32]] {
    try search.search(model, sources: sources, begin: 1, end: nil).map { $0[0].ids }
  }
}
