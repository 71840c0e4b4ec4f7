// A pre-trained encoder that shows its attention. A head is not needed: without one nothing is said of labels.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// An encoder of a folder as the Hub has it.
public struct AttendingEncoder: AttendingBundle {
  private let bundle: PretrainedClassifierBundle
  /// Whether the folder's own head chooses one of several labels.
  private let choosesLabel: Bool

  /// What of the files was not used; a head that they lack is not spoken of.
  public var report: WeightReport { WeightReport(unused: bundle.report.unused) }
  public var readsPairs: Bool { bundle.readsPairs }

  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(folder path: String) throws {
    let folder = try PretrainedFolder(path)
    // A head that the files do not have begins anew, and is not asked.
    bundle = try PretrainedClassifierBundle(folder: path, labels: folder.labels ?? ["", ""])
    choosesLabel =
      folder.problem == .singleLabel && folder.labels.map { $0.count > 1 } == true && bundle.report.missing.isEmpty
  }

  public func attention(in text: String, pair: String?) throws(Failure) -> AttentionReading {
    let (ids, types, isCut) = bundle.encode(text, pair)
    let configuration = bundle.configuration
    try AttentionReading.check(
      weightCount: Double(configuration.layerCount * configuration.headCount) * Double(ids.count) * Double(ids.count),
      tokenCount: ids.count, of: text)
    let input = EncoderInput([ids], types: [types])
    let tokens = bundle.tokenizer.symbols(ids)
    let weights = try bundle.model.encoder.attentionWeights(input).map { $0[0] }
    let probabilities =
      choosesLabel ? softmax(try bundle.model(input).converted(to: .float64)).doubles : []
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }
    return AttentionReading(
      text: text, pair: pair, tokens: tokens, isUnknown: ids.map { $0 == bundle.tokenizer.model.unknownID },
      label: best.map { bundle.labels[$0] }, probability: best.map { probabilities[$0] },
      maps: AttentionMap.selfAttention(weights, of: tokens), isCut: isCut)
  }
}
