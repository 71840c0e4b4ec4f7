// What a translation model looked at while it wrote: for every symbol of a translation, how much it took of each symbol
// of the source.

import EnsueBundle
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// The weights of one head.
public struct AlignmentMap: Sendable, Equatable {
  /// From 1, the one nearest to the words.
  public let layer: Int
  /// From 1.
  public let head: Int
  /// For each symbol of the translation one weight for each of the source.
  public let weights: [[Double]]
}

/// A source, a translation, and the attention between them.
public struct TranslationReading: Sendable, Equatable {
  public let source: String
  public let target: String
  /// With their ends.
  public let sourceTokens: [String]
  public let targetTokens: [String]
  /// The places of the source's symbols that the model read as unknown.
  public let unknownPlaces: [Int]
  /// ln p(target | source), its end included where the model writes one.
  public let logProbability: Double
  /// By layer and head.
  public let maps: [AlignmentMap]

  /// The mean of all heads.
  public var mean: [[Double]] {
    guard let first = maps.first else { return [] }
    let share = 1 / Double(maps.count)
    return first.weights.indices.map { row in
      first.weights[row].indices.map { column in maps.reduce(0) { $0 + $1.weights[row][column] } * share }
    }
  }

  /// The maps of one layer, one head, or both.
  /// - Throws: `Failure` of kind `usage` where there is no such layer or head.
  public func selecting(layer: Int?, head: Int?) throws(Failure) -> TranslationReading {
    for (number, numbers, name) in [(layer, maps.map(\.layer), "layer"), (head, maps.map(\.head), "head")] {
      guard let number, !numbers.contains(number), let last = numbers.max() else { continue }
      throw Failure(
        .usage, at: "--\(name)", "a \(name) from 1 to \(last) expected, found \(number)",
        advice: "The model has \(last) of them.")
    }
    return TranslationReading(
      source: source, target: target, sourceTokens: sourceTokens, targetTokens: targetTokens,
      unknownPlaces: unknownPlaces, logProbability: logProbability,
      maps: maps.filter { (layer ?? $0.layer) == $0.layer && (head ?? $0.head) == $0.head })
  }
}

extension TextTranslator {
  /// Reads a pair.
  /// - Parameters:
  ///   - target: nil for the model's own translation.
  ///   - headCount: of a layer.
  /// - Throws: `Failure` of kind `data` for texts that are empty or too long.
  public func reading(_ input: TranslationInput, target: String?, headCount: Int) throws(Failure) -> TranslationReading
  {
    let source = codecs.source.encode(input.text)
    if let failure = failure(input) { throw failure }
    guard !source.isEmpty else { throw Failure(.data, at: input.place, "a text to translate expected, found none") }
    let own = try target == nil ? translate([input])[0][0] : nil
    let text = target ?? own?.text ?? ""
    // One that filled all places of the model leaves none for the beginning.
    let ids = own.map { Array($0.ids.prefix((model.contextLength ?? .max) - 1)) } ?? codecs.target.encode(text)
    let targetInput = TranslationInput(text, place: input.place)
    guard ids.count <= sourceLimit, model.contextLength.map({ ids.count < $0 }) ?? true else {
      throw Failure(
        .data, at: targetInput.place,
        "a translation of at most"
          + " \(min(sourceLimit, (model.contextLength ?? .max) - 1)) symbols expected, found \(ids.count)")
    }
    let sources = PackedTokens([codecs.sourceInput(source)])
    let written = codecs.targetOutput(ids)
    guard !written.isEmpty else {
      throw Failure(.data, at: input.place, "a translation of one symbol or more expected, found none")
    }
    let inputs = PackedTokens([[codecs.target.beginID] + written.dropLast()])
    let scores = logSoftmax(try model.logits(sources: sources, inputs: inputs)).doubles
    let width = model.vocabularySize
    let sum = written.enumerated().reduce(0.0) { $0 + scores[$1.offset * width + Int($1.element)] }
    let maps = try model.attention(sources: sources, inputs: inputs).enumerated().map { index, pairs in
      AlignmentMap(
        layer: index / headCount + 1, head: index % headCount + 1, weights: pairs[0].map { $0.map { Double($0) } })
    }
    return TranslationReading(
      source: input.text, target: text, sourceTokens: codecs.source.tokens(codecs.sourceInput(source)),
      targetTokens: codecs.target.tokens(written),
      unknownPlaces: source.indices.filter { source[$0] == codecs.source.codec.unknownSymbol },
      logProbability: sum, maps: maps)
  }
}

extension TranslationBundle {
  /// Heads of a layer of attention.
  public var headCount: Int {
    switch architecture {
    case .recurrent: 1
    case .transformer(let configuration): configuration.transformer.headCount
    }
  }

  /// Whether the model looks at its source by attention.
  public var isAttentive: Bool {
    switch architecture {
    case .recurrent(let configuration): configuration.context.isAttentive
    case .transformer: true
    }
  }
}
