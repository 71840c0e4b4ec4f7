// What the classifier of a run begins with, and what becomes of it: made for the data, or pre-trained.

import EnsueBundle
import EnsueEvaluation
import EnsueFiles
import EnsueTensor
import EnsueTraining

/// A run's data and its model before the first step.
protocol ClassifierStart: Sendable {
  var data: ClassificationData { get }
  /// What the outcome depends on beside the settings, by its content.
  var parts: [RunDataPart] { get }
  /// The numbers of the model, never more than there are.
  var leastWeightCount: Double { get }
  /// Features of its Transformer; nil for other models.
  var transformerWidth: Int? { get }

  /// The model, the same one for the same key.
  func makeModel(key: RandomKey) throws -> AnyTextClassifier
  /// Factors of the learning rate by parameter.
  func rates(of model: AnyTextClassifier) -> ParameterRates
  /// What ships of a trained model.
  func bundle(of model: AnyTextClassifier) throws -> any TextClassifierBundle
}

extension ClassificationConfiguration {
  /// Reads the data and makes ready what the run begins with.
  func start() throws -> any ClassifierStart {
    try checkPretrained()
    try checkLabels()
    return try pretrained.isGiven ? PretrainedStart(self) : NewClassifierStart(self)
  }
}
