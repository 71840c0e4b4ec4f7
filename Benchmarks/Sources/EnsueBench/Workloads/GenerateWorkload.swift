// generate-128 and generate-512, as in peers/generate.py: characters from LSTM layers, one stream, always the likeliest
// symbol, each read before the next is chosen.

import Ensue

/// The sizes of a model that writes.
struct GenerateSetting: Sendable {
  var symbols = 65
  /// Of the embedding and of every layer.
  var size: Int
  var layerCount: Int

  static let small = GenerateSetting(size: 128, layerCount: 2)
  static let large = GenerateSetting(size: 512, layerCount: 3)

  /// Floating-point operations of a symbol's products.
  var operationsPerToken: Double {
    let size = Double(size)
    return Double(layerCount) * RecurrentCost(gates: 4, input: size, hidden: size).forward + 2 * size * Double(symbols)
  }

  var model: RecurrentLanguageModelConfiguration {
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.embeddingSize) = (symbols, size)
    (configuration.hiddenSize, configuration.layerCount) = (size, layerCount)
    return configuration
  }
}

struct GenerateWorkload: Workload {
  let rows: [RowDescription]
  private var generator: TokenGenerator<RecurrentLanguageModel>

  init(_ setting: GenerateSetting, name: String) throws {
    rows = [RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: setting.operationsPerToken)]
    generator = try TokenGenerator(
      RecurrentLanguageModel(setting.model, key: RandomKey(seed: 1)), prompts: [[1]], options: .greedy, limit: .max)
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] {
    [try repeated(seconds: seconds) { Double(try generator.next().count) }]
  }
}
