// A translation model whose scores a test writes down, and small real ones.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import Synchronization

/// How many hypotheses a model was asked about, step by step.
final class RowLog: Sendable {
  private let rows = Mutex<[Int]>([])

  func append(_ count: Int) { rows.withLock { $0.append(count) } }
  var counts: [Int] { rows.withLock { $0 } }
}

/// A model whose scores and attention are functions of the source and of what was read.
struct WrittenTranslator: TranslationModel {
  struct Memory: Sendable {
    var sources: [[Int32]]
    var read: [[Int32]]
  }

  var sourceVocabularySize = 9
  let vocabularySize: Int
  var contextLength: Int?
  var sourceLength: Int?
  var headCount = 0
  var elementType = ElementType.float64
  /// A symbol of a source that it fails at.
  var poison: Int32?
  var log: RowLog?
  let scores: @Sendable (_ source: [Int32], _ read: [Int32]) -> [Double]

  func makeMemory(_ sources: PackedTokens) throws(Failure) -> Memory {
    if let poison, sources.ids.contains(poison) { throw Failure(.data, at: "model", "no \(poison) expected") }
    return Memory(sources: sources.sequences, read: .init(repeating: [], count: sources.layout.batchSize))
  }

  func next(_ tokens: PackedTokens, _ memory: inout Memory) throws(Failure) -> Tensor {
    for (row, more) in tokens.sequences.enumerated() { memory.read[row] += more }
    log?.append(memory.read.count)
    let rows = zip(memory.sources, memory.read).flatMap { scores($0, $1) }
    return Tensor(rows, shape: [memory.read.count, vocabularySize]).converted(to: elementType)
  }

  func select(_ sequences: [Int], in memory: inout Memory) {
    memory.sources = sequences.map { memory.sources[$0] }
    memory.read = sequences.map { memory.read[$0] }
  }

  func alignments(in memory: Memory) -> [[SourceWeights]] {
    (0..<headCount).map { head in zip(memory.sources, memory.read).map { weights(head, $0, $1) } }
  }

  /// Where one head looks: positive, of sum 1.
  func weights(_ head: Int, _ source: [Int32], _ read: [Int32]) -> [Float] {
    let key = (source + read).reduce(RandomKey(seed: 77).derived(head)) { $0.derived(Int($1)) }
    let raw = source.indices.map { Float(1 + key.bits(at: $0) % 50) }
    return raw.map { $0 / raw.reduce(0, +) }
  }

  /// Scores drawn for every source and history anew.
  static func random(_ vocabularySize: Int, seed: UInt64, spread: Double = 4) -> WrittenTranslator {
    WrittenTranslator(vocabularySize: vocabularySize) { source, read in
      let key = (source + [-1] + read).reduce(RandomKey(seed: seed)) { $0.derived(Int($1) + 1) }
      return (0..<vocabularySize).map { Double(key.bits(at: $0) >> 11) * 0x1p-53 * spread }
    }
  }
}

/// Random sources of these lengths.
func randomSources(_ lengths: [Int], seed: UInt64, symbols: UInt64 = 9) -> [[Int32]] {
  let key = RandomKey(seed: seed).derived("sources")
  return lengths.enumerated().map { row, length in
    (0..<length).map { Int32(key.derived(row).bits(at: $0) % symbols) }
  }
}

/// A Transformer of random weights, large enough that the symbols before matter.
func sampleTransformer() throws -> AnyTranslationModel {
  var configuration = TransformerTranslatorConfiguration()
  (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (9, 11)
  (configuration.transformer.width, configuration.transformer.headCount) = (12, 3)
  (configuration.transformer.layerCount, configuration.transformer.feedForwardSize) = (2, 20)
  return sharpened(try TranslationArchitecture.transformer(configuration).makeModel(key: RandomKey(seed: 4)))
}

/// A GRU with attention, the same.
func sampleRecurrent() throws -> AnyTranslationModel {
  var configuration = RecurrentTranslatorConfiguration()
  (configuration.sourceVocabularySize, configuration.targetVocabularySize) = (9, 11)
  (configuration.embeddingSize, configuration.hiddenSize, configuration.encoderHiddenSize) = (6, 8, 4)
  return sharpened(try TranslationArchitecture.recurrent(configuration).makeModel(key: RandomKey(seed: 4)))
}

private func sharpened(_ model: AnyTranslationModel) -> AnyTranslationModel {
  var (copy, index) = (model, 0)
  copy.forEachParameter { _, tensor, _ in
    tensor = tensor.detached + Tensor.normal(tensor.shape, deviation: 0.5, key: RandomKey(seed: 21).derived(index))
    index += 1
  }
  return copy
}
