// A bundle whose recurrent layers are looked at, or replaced by another library's.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels

/// A bundle with one stack of recurrent layers.
enum RecurrentBundle {
  case language(LanguageModelBundle, RecurrentLanguageModel)
  case classify(ClassifierBundle, RecurrentClassifier)
  case rolls(RollBundle, RollModel)

  /// - Parameter path: a run folder or a bundle.
  /// - Throws: `Failure` of kind `usage` where it has no recurrent layers.
  init(contentsOf path: String) throws {
    switch BundleTaskKind(at: path) {
    case .language:
      let bundle = try LanguageModelBundle(contentsOf: path)
      guard case .recurrent(let model) = bundle.model else {
        throw Failure(.usage, at: path, "a recurrent model expected, found \(bundle.architecture.title)")
      }
      self = .language(bundle, model)
    case .rolls:
      let bundle = try RollBundle(contentsOf: path)
      self = .rolls(bundle, bundle.model)
    // What is no bundle of these is refused as it is read.
    case .classify, .translate, nil:
      let bundle = try ClassifierBundle(contentsOf: path)
      guard let model = bundle.model as? RecurrentClassifier else {
        throw Failure(.usage, at: path, "a recurrent model expected, found \(bundle.architecture.kind.title)")
      }
      self = .classify(bundle, model)
    }
  }

  var stack: RecurrentStack {
    get {
      switch self {
      case .language(_, let model): model.encoder
      case .classify(_, let model): model.encoder
      case .rolls(_, let model): model.encoder
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
    }
  }
}
