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

  /// - Precondition: there is a pair.
  package init(_ pairs: [EncodedPair], _ codecs: TranslationCodecs) {
    let target = codecs.target
    sources = PackedTokens(pairs.map { codecs.sourceInput($0.source) })
    inputs = PackedTokens(pairs.map { [target.beginID] + $0.target })
    outputs = PackedTokens(pairs.map { $0.target + [target.endID] })
    unknownID = target.codec.unknownSymbol
  }

  /// The symbols to learn. Nobody can say which of all the others an unknown one was: it is not learned.
  package var targets: [Int] { outputs.ids.map { $0 == unknownID ? -1 : Int($0) } }

  /// Symbols that are written, ends among them.
  package var count: Int { outputs.ids.count }
}
