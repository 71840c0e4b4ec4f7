// The vectors of both sides' symbols.

import EnsueLayers
import EnsueTensor

/// A table of vectors for each side, or one for both.
public struct TranslationEmbeddings: Module {
  public var source: Embedding
  /// nil where the source's table serves.
  public private(set) var ownTarget: Embedding?

  /// - Parameter target: nil where the source's table serves.
  init(source: Tensor, target: Tensor?) {
    self.source = Embedding(weight: source, isTrained: true)
    ownTarget = target.map { Embedding(weight: $0, isTrained: true) }
  }

  public var target: Embedding { ownTarget ?? source }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("source", &source)
    if var part = ownTarget {
      visitor.module("target", &part)
      ownTarget = part
    }
  }
}
