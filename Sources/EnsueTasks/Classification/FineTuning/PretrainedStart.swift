// A run that begins with a pre-trained model: its tokenizer reads the data, its layers are trained further under a head for
// the data's labels (Devlin et al., BERT, 2019, section 4).

import EnsueBundle
import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining

/// A pre-trained classifier to be fine-tuned.
struct PretrainedStart: ClassifierStart {
  let data: ClassificationData
  let parts: [RunDataPart]
  private let bundle: PretrainedClassifierBundle
  /// Weights that the folder has not: they begin anew, by the run's seed.
  private let missing: Set<String>
  private let plan: TuningPlan

  init(_ configuration: ClassificationConfiguration) throws {
    let place = try ModelPlace(configuration.pretrained.path)
    let splits = try configuration.data.request().load()
    var bundle = try PretrainedClassifierBundle(
      folder: place.folder, labels: splits.labels, maximumLength: configuration.text.maximumLength,
      dropout: configuration.pretrained.dropout)
    bundle.readsPairs = splits.training.hasPairs
    let reader = bundle
    plan = try TuningPlan(
      configuration.pretrained, for: bundle.configuration,
      sharesBlock: bundle.model.encoder.blocks.count < bundle.configuration.layerCount)
    var notes = ["pre-trained: \(bundle.title) of \(place.given)"]
    let names = WeightNames(
      bundle.configuration.family, head: .classification, layerCount: bundle.configuration.layerCount)
    if !bundle.report.isEmpty { notes.append("pre-trained: \(bundle.report.text { names.hub($0) })") }
    data = ClassificationData(splits, notes: notes, limit: bundle.maximumLength) { reader.read($0) }
    parts = splits.runParts + [RunDataPart(name: "pretrained", digest: bundle.digest, path: place.folder)]
    (self.bundle, missing) = (bundle, Set(bundle.report.missing))
  }

  var leastWeightCount: Double { bundle.configuration.leastWeightCount }
  var transformerWidth: Int? { bundle.configuration.width }

  func makeModel(key: RandomKey) throws -> AnyTextClassifier {
    let configuration = bundle.configuration
    let new = try EncoderModel(
      configuration, head: .classification, outputCount: bundle.labels.count, key: key)
    var first: [String: Tensor] = [:]
    for parameter in new.parameters where missing.contains(parameter.name) { first[parameter.name] = parameter.tensor }
    var model = bundle.model
    model.forEachParameter { name, tensor, _ in
      if let value = first[name] { tensor = value }
    }
    let prepared = plan.prepared(model, key: key.derived("adapters"))
    return AnyTextClassifier(TunedClassifier(base: PretrainedClassifier(prepared), plan: plan))
  }

  func rates(of model: AnyTextClassifier) -> ParameterRates { plan.rates(of: model) }

  func bundle(of model: AnyTextClassifier) throws -> any TextClassifierBundle {
    guard let tuned = model.base as? TunedClassifier else {
      throw Failure(.internal, "a fine-tuned classifier expected, found \(type(of: model.base))")
    }
    var trained = bundle
    trained.model = plan.shipped(tuned.base.model)
    return trained
  }
}
