// The encoder of a folder, with a head of its own or a new one.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

extension SubwordTokenizer {
  /// What is read of a text without a token, where none go around it: one unknown word, as of classifiers made here.
  func idsOfNothing(_ encoder: EncoderConfiguration) -> [Int32] { [model.unknownID ?? Int32(encoder.paddingID)] }
}

extension PretrainedFolder {
  /// What config.json says of the encoder.
  /// - Throws: `Failure` of kind `data`, naming the member at fault.
  public func encoderConfiguration() throws(Failure) -> EncoderConfiguration {
    guard EncoderFamilyKind(rawValue: modelType) != nil else { throw wrongFamily(for: .encoder) }
    return try EncoderConfiguration(config, path: "\(path)/config.json")
  }

  /// The encoder with a head.
  /// - Parameters:
  ///   - labels: of a head that is to be trained; nil for the folder's own, whose head must then be there. Where the two
  ///     are not the same, the head's last map begins anew; the name of a number says nothing.
  ///   - precision: of a model that is only run; nil for one to train or to write.
  ///   - dropout: in place of config.json's.
  /// - Returns: the model, what of it begins anew, and which tensors were not used.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public func encoderModel(
    head: EncoderHeadKind, labels wanted: [String]? = nil, _ precision: WeightPrecisionKind? = nil,
    dropout: EncoderDropout = EncoderDropout()
  ) throws -> (model: EncoderModel, report: WeightReport) {
    let configuration = try encoderConfiguration().taking(dropout)
    let outputCount = try outputCount(head, wanted)
    let weights = try WeightFolder(path)
    try weights.require(elements: configuration.leastWeightCount)
    try configuration.check(weights: weights.names, path: "\(path)/config.json")
    var model = try EncoderModel(
      loading: configuration, head: head, outputCount: outputCount, pooling: sentence?.pooling ?? SentencePooling(),
      precision, key: RandomKey(seed: 0))
    let names = WeightNames(configuration.family, head: head, layerCount: configuration.layerCount)
    // transformers' names of classes say nothing: a head of theirs may be one of any.
    let isNumber = wanted?.count == 1 && labels?.count == 1
    let replacesHead = wanted != nil && wanted != labels && !isNumber
    func isOutput(_ name: String) -> Bool { names.own(name)?.hasPrefix("head.output.") == true }
    var naming = WeightNaming { name in names.own(name).map { [WeightPlace($0)] } ?? [] }
    naming.isIgnored = { names.isIgnored($0) || replacesHead && isOutput($0) }
    naming.isOptional = { wanted != nil && $0.hasPrefix("head.") }
    naming.theirs = { names.hub($0) }
    let report = try model.take(weights, naming, at: weights.source)
    return (model, report)
  }

  private func outputCount(_ head: EncoderHeadKind, _ wanted: [String]?) throws(Failure) -> Int {
    switch head {
    case .embedding: return 1
    case .classification, .tagging:
      guard let labels = wanted ?? labels else {
        throw Failure(
          .data, at: "\(path)/config.json", "id2label: the labels of a classifier expected, found nothing",
          advice: "An encoder without a head is to be trained first.")
      }
      return labels.count
    }
  }
}
