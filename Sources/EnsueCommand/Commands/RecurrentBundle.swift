// A bundle whose recurrent layers are looked at, or replaced by another library's.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels

/// The halves of a translator.
enum RecurrentSideKind: String, CaseIterable, Sendable {
  case encoder
  case decoder
}

/// A bundle with one stack of recurrent layers, or the one that is meant.
enum RecurrentBundle {
  case language(LanguageModelBundle, RecurrentLanguageModel)
  case classify(ClassifierBundle, RecurrentClassifier)
  case rolls(RollBundle, RollModel)
  case translate(TranslationBundle, RecurrentTranslator, RecurrentSideKind)

  /// - Parameters:
  ///   - path: a run folder or a bundle.
  ///   - side: of a translator; nil for other models.
  /// - Throws: `Failure` of kind `usage` where it has no recurrent layers.
  init(contentsOf path: String, side: RecurrentSideKind? = nil) throws {
    let task = BundleTaskKind(at: path)
    if let side, let task, task != .translate {
      throw Failure(
        .usage, at: "--side", "a translation model for its \(side.rawValue) expected, found \(task.title)",
        advice: "Leave out --side.")
    }
    switch task {
    case .language:
      let bundle = try LanguageModelBundle(contentsOf: path)
      guard case .recurrent(let model) = bundle.model else {
        throw Failure(.usage, at: path, "a recurrent model expected, found \(bundle.architecture.title)")
      }
      self = .language(bundle, model)
    case .rolls:
      let bundle = try RollBundle(contentsOf: path)
      self = .rolls(bundle, bundle.model)
    case .translate:
      guard let side else {
        throw Failure(
          .usage, at: "--side",
          "\(RecurrentSideKind.encoder.rawValue) or \(RecurrentSideKind.decoder.rawValue) of a"
            + " translation model expected, found nothing")
      }
      let bundle = try TranslationBundle(contentsOf: path)
      guard case .recurrent(let model) = bundle.model else {
        throw Failure(.usage, at: path, "a recurrent model expected, found \(bundle.architecture.title)")
      }
      self = .translate(bundle, model, side)
    // What is no bundle of these is refused as it is read.
    case .classify, nil:
      let bundle = try ClassifierBundle(contentsOf: path)
      guard let model = bundle.model as? RecurrentClassifier else {
        throw Failure(.usage, at: path, "a recurrent model expected, found \(bundle.architecture.kind.title)")
      }
      self = .classify(bundle, model)
    }
  }

  /// As it stands in tables: `LSTM × 2`.
  var title: String {
    switch self {
    case .language(let bundle, _): bundle.architecture.title
    case .classify(let bundle, _): bundle.architecture.title
    case .rolls(let bundle, _): bundle.architecture.title
    case .translate(let bundle, _, _): bundle.architecture.title
    }
  }

  var stack: RecurrentStack {
    get {
      switch self {
      case .language(_, let model): model.encoder
      case .classify(_, let model): model.encoder
      case .rolls(_, let model): model.encoder
      case .translate(_, let model, .encoder): model.encoder
      case .translate(_, let model, .decoder): model.decoder.stack
      }
    }
    set {
      switch self {
      case .language(let bundle, var model):
        model.encoder = newValue
        self = .language(bundle, model)
      case .classify(let bundle, var model):
        model.encoder = newValue
        self = .classify(bundle, model)
      case .rolls(let bundle, var model):
        model.encoder = newValue
        self = .rolls(bundle, model)
      case .translate(let bundle, var model, let side):
        switch side {
        case .encoder: model.encoder = newValue
        case .decoder: model.decoder.stack = newValue
        }
        self = .translate(bundle, model, side)
      }
    }
  }

  /// Writes the bundle with the layers as they are now.
  func write(to folder: String) throws {
    switch self {
    case .language(let bundle, let model):
      try LanguageModelBundle(
        codec: bundle.codec, architecture: bundle.architecture, model: .recurrent(model), beginning: bundle.beginning
      ).write(to: folder)
    case .classify(let bundle, let model):
      try ClassifierBundle(
        labels: bundle.labels, encoder: bundle.encoder, architecture: bundle.architecture, model: model
      ).write(to: folder)
    case .rolls(let bundle, let model):
      try RollBundle(architecture: bundle.architecture, model: model, openings: bundle.openings).write(to: folder)
    case .translate(let bundle, let model, _):
      try TranslationBundle(codecs: bundle.codecs, architecture: bundle.architecture, model: .recurrent(model))
        .write(to: folder)
    }
  }
}
