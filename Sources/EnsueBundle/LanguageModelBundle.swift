// The unit one ships: alphabet, architecture and weights of a character model in a folder.
//
//   configuration.json   alphabet, architecture
//   model.safetensors    the weights

import EnsueModels
import EnsueText

/// A character model with all it needs to read and write text.
public struct LanguageModelBundle: Sendable {
  public let alphabet: CharacterAlphabet
  public let architecture: RecurrentLanguageModelConfiguration
  public let model: RecurrentLanguageModel

  /// - Precondition: the alphabet has a character, and the architecture its size.
  public init(
    alphabet: CharacterAlphabet, architecture: RecurrentLanguageModelConfiguration, model: RecurrentLanguageModel
  ) {
    precondition(
      !alphabet.scalars.isEmpty && alphabet.idCount == architecture.vocabularySize,
      "an architecture of \(architecture.vocabularySize) symbols for an alphabet of \(alphabet.idCount)")
    (self.alphabet, self.architecture, self.model) = (alphabet, architecture, model)
  }
}
