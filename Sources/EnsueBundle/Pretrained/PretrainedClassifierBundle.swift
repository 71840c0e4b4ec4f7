// An encoder classifier with its tokenizer and labels: what is evaluated, used and fine-tuned.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// A classifier of texts or pairs of texts as a folder of the Hub has it.
public struct PretrainedClassifierBundle: Sendable {
  public var tokenizer: SubwordTokenizer
  public var model: EncoderModel
  /// In the order of the model's outputs.
  public var labels: [String]
  public var configuration: EncoderConfiguration
  /// Tokens of the longest input, special ones among them.
  public let maximumLength: Int
  public var problem: PretrainedProblemKind
  /// Whether it was trained on pairs of texts, here: models from elsewhere do not say.
  public var readsPairs: Bool
  /// What began anew, and what of the files was not used.
  public let report: WeightReport
  /// What config.json says of other things: it is written again.
  let config: JSONObject
  let settings: HubTokenizerSettings

  /// config.json's word for pairs, which transformers keeps and does not read.
  static let pairsKey = "ensue_reads_pairs"

  /// A classifier that was made here.
  /// - Throws: `Failure` of kind `configuration` for a length that has no room for a token between the special ones.
  public init(
    tokenizer: SubwordTokenizer, model: EncoderModel, labels: [String], maximumLength: Int? = nil,
    problem: PretrainedProblemKind = .singleLabel
  ) throws(Failure) {
    try self.init(
      tokenizer, model, labels, maximumLength ?? model.encoder.configuration.maximumLength, problem, WeightReport(),
      JSONObject(), HubTokenizerSettings(), place: "maximumLength")
  }

  private init(
    _ tokenizer: SubwordTokenizer, _ model: EncoderModel, _ labels: [String], _ maximumLength: Int,
    _ problem: PretrainedProblemKind, _ report: WeightReport, _ config: JSONObject, _ settings: HubTokenizerSettings,
    place: String
  ) throws(Failure) {
    (self.tokenizer, self.model, self.labels, self.problem) = (tokenizer, model, labels, problem)
    configuration = model.encoder.configuration
    readsPairs = config[PretrainedClassifierBundle.pairsKey] == .boolean(true)
    (self.maximumLength, self.report, self.config, self.settings) = (maximumLength, report, config, settings)
    let around = tokenizer.encoding(ofPair: "", "").ids.count
    guard maximumLength > around else {
      throw Failure(
        .configuration, at: place,
        "inputs of more than the \(around) tokens around them expected, found \(maximumLength)")
    }
  }

  /// Reads a folder.
  /// - Parameters:
  ///   - folder: as the Hub has it.
  ///   - labels: of a head that is to be trained; nil for the folder's own.
  ///   - maximumLength: nil for as much as the folder allows.
  ///   - precision: of a model that is only run; nil for one to train or to write.
  ///   - dropout: in place of the folder's own.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(
    folder: String, labels: [String]? = nil, maximumLength: Int? = nil, precision: WeightPrecisionKind? = nil,
    dropout: EncoderDropout = EncoderDropout()
  ) throws {
    let folder = try PretrainedFolder(folder)
    let tokenizer = try folder.tokenizer()
    try folder.check(tokenizer, for: folder.encoderConfiguration())
    let longest = try folder.maximumLength
    if let maximumLength, maximumLength > longest {
      throw Failure(
        .configuration, at: "maximumLength",
        "at most the \(longest) tokens that \(folder.path) has places for expected, found \(maximumLength)")
    }
    let (model, report) = try folder.encoderModel(head: .classification, labels: labels, precision, dropout: dropout)
    try self.init(
      tokenizer, model, labels ?? folder.labels ?? [], maximumLength ?? longest,
      labels == nil ? folder.problem : labels?.count == 1 ? .regression : .singleLabel, report, folder.config,
      HubTokenizerSettings(folder: folder.path), place: folder.path)
  }

  /// A text or a pair as the model reads it: with special tokens, cut to `maximumLength`; one without a token as one
  /// unknown word.
  /// - Returns: ids, the number of the text that each is of, and whether some were cut off.
  public func encode(_ text: String, _ pair: String? = nil) -> (ids: [Int32], types: [Int32], isCut: Bool) {
    let (encoding, isCut) = tokenizer.encoding(of: text, pair, maximumLength: maximumLength)
    // RoBERTa has one type; a tokenizer may number a pair's texts all the same.
    let types = encoding.typeIDs.map { configuration.typeCount > 1 ? $0 : 0 }
    if encoding.ids.isEmpty { return (tokenizer.idsOfNothing(configuration), [0], isCut) }
    return (encoding.ids, types, isCut)
  }

  /// Scores of texts or pairs, [texts, outputs].
  /// - Throws: `Failure` of kind `data` for ids that the model has no vectors for.
  public func scores(_ texts: [(String, String?)]) throws(Failure) -> Tensor {
    let inputs = texts.map { encode($0.0, $0.1) }
    return try model(EncoderInput(inputs.map(\.ids), types: inputs.map(\.types)))
  }
}
