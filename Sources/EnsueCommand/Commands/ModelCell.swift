// The recurrent cell of a trained model, to be shown.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels

/// The equations that all recurrent layers of a model share, as they were trained, and the sizes of its first layer.
struct ModelCell {
  let title: String
  let formula: CellFormula
  let inputSize: Int
  let hiddenSize: Int

  /// - Parameter path: a run folder or a bundle.
  /// - Throws: `Failure` of kind `usage` where it has no recurrent layers.
  init(of path: String) throws {
    let stack: RecurrentStack
    switch BundleTaskKind(at: path) {
    case .translate:
      let bundle = try TranslationBundle(contentsOf: path)
      guard case .recurrent(let model) = bundle.model else { throw ModelCell.none(path, bundle.architecture.title) }
      (title, stack) = (bundle.architecture.title, model.encoder)
    // Beside the stack that weights are exchanged of, encoders of their own.
    case .classify:
      let bundle = try ClassifierBundle(contentsOf: path)
      title = bundle.architecture.title
      switch bundle.model {
      case let model as RecurrentClassifier: stack = model.encoder
      case let model as CoAttentionClassifier: stack = model.encoder
      case let model as HierarchicalClassifier: stack = model.network.wordEncoder
      default: throw ModelCell.none(path, bundle.architecture.title)
      }
    case .language, .rolls, nil:
      let bundle = try RecurrentBundle(contentsOf: path)
      (title, stack) = (bundle.title, bundle.stack)
    }
    let cell = stack.layers[0].forward
    (formula, inputSize, hiddenSize) = (cell.formula, cell.inputSize, cell.hiddenSize)
  }

  private static func none(_ path: String, _ title: String) -> Failure {
    Failure(.usage, at: path, "a recurrent model expected, found \(title)")
  }
}
