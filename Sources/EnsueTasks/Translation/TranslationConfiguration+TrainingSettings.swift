// The leaves of training and validation.

import EnsueData
import EnsueEvaluation
import EnsueModels
import EnsueTraining

extension TranslationConfiguration {
  static let trainingSettings: [Setting<Self>] = loopSettings + clippingSettings + choiceSettings + seedSettings

  private static let loopSettings: [Setting<Self>] = [
    .integer("training.epochs", \.training.epochs, 1...1_000_000, option: "epochs", "most passes over the pairs"),
    .integer(
      "training.maximumSteps", \.training.maximumSteps, 1...1_000_000_000, option: "max-steps",
      "most steps, if the epochs last longer"),
    .integer(
      "training.validationInterval", \.training.validationInterval, 1...1_000_000_000, option: "validate-every",
      "steps between two validations; none for the end of every epoch"),
    .choice(
      "training.strategy", \.training.strategy, option: "strategy",
      "which pairs make a batch: any, or those of like length"),
    .choice("training.unit", \.training.unit, option: "batch-unit", "what the size of a batch counts"),
    .integer(
      "training.batchSize", \.training.batchSize, 1...1_000_000, option: "batch",
      "sentences of a batch, or words with --batch-unit words"),
    .integer(
      "training.accumulation", \.training.accumulation, 1...10_000, option: "accumulate",
      "batches whose gradients make one step"),
    .number(
      "training.labelSmoothing", \.training.labelSmoothing, 0..<1, option: "label-smoothing",
      "share of the target spread over all symbols"),
  ]

  private static let choiceSettings: [Setting<Self>] =
    [
      .choice(
        "training.metric", \.training.criterion, option: "metric",
        "validation number that decides which weights are best"
      ),
      patienceSetting(in: "validations"),
    ] + averagingSettings

  static let samplingSettings: [Setting<Self>] =
    [
      .choice(
        "sampling.decay", \.sampling.decay, option: "scheduled-sampling",
        "how the share of true symbols falls that a decoder reads in training; none for true ones only")
    ] + decaySettings.read(by: "--scheduled-sampling") { $0.sampling.decay != nil }

  private static let decaySettings: [Setting<Self>] = [
    .number(
      "sampling.constant", \.sampling.schedule.constant, .above(0, through: 1e9), option: "sampling-constant",
      "k of the decay"),
    .number(
      "sampling.slope", \.sampling.schedule.slope, 0...1, option: "sampling-slope", "c of linear decay"
    ).read(by: "--scheduled-sampling linear") { $0.sampling.decay == .linear },
    .number(
      "sampling.least", \.sampling.schedule.least, 0...1, option: "sampling-least", "least share of true symbols"),
    .choice(
      "sampling.symbols", \.sampling.schedule.symbols, option: "sampling-symbols", "which of its own symbols it reads"),
    .integer(
      "sampling.passes", \.sampling.passes, 1...10_000, option: "sampling-passes",
      "how often a batch is read for them; as many as a target has symbols: each written after its own"),
  ]

  static let validationSettings: [Setting<Self>] =
    translatedSettings
    + testSettings.read(by: "a run with test pairs") { $0.data.hasTest }

  private static let translatedSettings: [Setting<Self>] = [
    .integer(
      "validation.sentences", \.validation.sentenceCount, 0...1_000_000_000, option: "validation-sentences",
      "sentences to translate at every validation; 0 for the loss alone, none for all"),
    .integer(
      "validation.beam", \.validation.beamWidth, 1...1000, option: "validation-beam",
      "translations looked at side by side at validation; 1 takes the likeliest symbol"
    ).read(by: "a validation that translates sentences or samples") {
      $0.validation.sentenceCount != 0 || $0.validation.sampleCount > 0
    },
    .integer(
      "validation.samples", \.validation.sampleCount, 0...1000, option: "samples",
      "translations written into the run folder at every validation"),
  ]

  private static let testSettings: [Setting<Self>] = [
    .integer(
      "test.beam", \.test.beamWidth, 1...1000, option: "test-beam",
      "translations looked at side by side when the test data is translated"),
    .number(
      "test.lengthPenalty", \.test.lengthPenalty, 0...10, option: "test-length-penalty",
      "above 0: longer translations are preferred then"),
  ]
}
