// What a bundle remembers of a recurrent cell: its equations in full, so that a cell of that name whose equations are
// changed one day changes nothing about a model that was trained before.

import EnsueFiles
import EnsueLayers

/// An architecture with a recurrent cell, by name or by the user's own equations.
package protocol CellArchitecture {
  /// The cell's equations with their rewrites, where they are not what the other settings give today; nil for those.
  var equations: String? { get set }

  /// The cell's equations with the rewrites asked for.
  /// - Throws: `Failure` where equations are in error, or cannot be rewritten so.
  func formula() throws(Failure) -> CellFormula
}

extension CellArchitecture {
  /// As a bundle has it: with the equations in full.
  package func withEquations() throws(Failure) -> Self {
    var stored = self
    stored.equations = try formula().text
    return stored
  }

  /// As it was before it was stored: without equations that its other settings give today.
  package func withoutKnownEquations() -> Self {
    guard let equations else { return self }
    var plain = self
    plain.equations = nil
    guard let known = try? plain.formula(), known.text.utf8.elementsEqual(equations.utf8) else { return self }
    return plain
  }
}

extension CellFormula {
  /// Numbers that recurrent layers keep of every step for its gradient, at least. In floating point, which does not
  /// overflow.
  func leastNumbersPerStep(inputSize: Int, hiddenSize: Int, layerCount: Int) -> Double {
    let first = Double(CellOutline(self, inputSize: inputSize, hiddenSize: hiddenSize).keptCount)
    guard layerCount > 1 else { return first }
    let further = Double(CellOutline(self, inputSize: hiddenSize, hiddenSize: hiddenSize).keptCount)
    return first + Double(layerCount - 1) * further
  }
}

extension ClassifierConfiguration: CellArchitecture {}
extension RecurrentLanguageModelConfiguration: CellArchitecture {}
extension RecurrentTranslatorConfiguration: CellArchitecture {}
extension RollModelConfiguration: CellArchitecture {}

extension LanguageModelArchitecture {
  package func withEquations() throws(Failure) -> LanguageModelArchitecture {
    switch self {
    case .recurrent(let configuration): .recurrent(try configuration.withEquations())
    case .transformer, .bigram, .ngram: self
    }
  }

  package func withoutKnownEquations() -> LanguageModelArchitecture {
    switch self {
    case .recurrent(let configuration): .recurrent(configuration.withoutKnownEquations())
    case .transformer, .bigram, .ngram: self
    }
  }
}

extension TranslationArchitecture {
  package func withEquations() throws(Failure) -> TranslationArchitecture {
    switch self {
    case .recurrent(let configuration): .recurrent(try configuration.withEquations())
    case .transformer: self
    }
  }

  package func withoutKnownEquations() -> TranslationArchitecture {
    switch self {
    case .recurrent(let configuration): .recurrent(configuration.withoutKnownEquations())
    case .transformer: self
    }
  }
}
