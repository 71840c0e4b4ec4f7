// Pairs as a translation model reads them: a source with its end; a target as it is read, its beginning first, and as it
// is to be written, its end last.

import EnsueBundle
import EnsueData
import EnsueTensor
import EnsueText

/// Several pairs, packed.
package struct PairBatch: Sendable {
  package let sources: PackedTokens
  package let inputs: PackedTokens
  /// The symbol after each packed row of `inputs`.
  let outputs: PackedTokens
  private let unknownID: Int32?

  /// - Precondition: there is a pair, and every target has a symbol where the model writes no end.
  package init(_ pairs: [EncodedPair], _ codecs: TranslationCodecs) {
    let written = pairs.map { codecs.targetOutput($0.target) }
    sources = PackedTokens(pairs.map { codecs.sourceInput($0.source) })
    inputs = PackedTokens(written.map { [codecs.target.beginID] + $0.dropLast() })
    outputs = PackedTokens(written)
    unknownID = codecs.target.codec.unknownSymbol
  }

  /// The symbols to learn. Nobody can say which of all the others an unknown one was: it is not learned.
  package var targets: [Int] { outputs.ids.map { $0 == unknownID ? -1 : Int($0) } }

  /// Symbols that are written, ends among them.
  package var count: Int { outputs.ids.count }
}
