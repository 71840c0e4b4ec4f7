// The seven sizes that a checkpoint of llama2.c begins with, and all that follows from them.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Sizes of a Llama in llama2.c's first format: seven little-endian 32-bit integers.
struct Llama2cHeader {
  static let byteCount = 28

  let width, innerSize, layerCount, headCount, keyHeadCount, vocabularySize, contextLength: Int
  /// Whether the embedding gives the scores too; a negative number of symbols says that it does not.
  let isTied: Bool

  /// - Parameter bytes: the first 28 of the file.
  /// - Throws: `Failure` of kind `data` where the sizes make no Llama.
  init(_ bytes: [UInt8], path: String) throws(Failure) {
    let numbers = stride(from: 0, to: Llama2cHeader.byteCount, by: 4).map { place in
      Int(Int32(bitPattern: (0..<4).reduce(0 as UInt32) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }))
    }
    isTied = numbers[5] > 0
    (width, innerSize, layerCount, headCount, keyHeadCount) = (
      numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
    )
    (vocabularySize, contextLength) = (abs(numbers[5]), numbers[6])
    let names = ["width", "inner size", "layers", "heads", "key heads", "symbols", "context"]
    let sizes = [width, innerSize, layerCount, headCount, keyHeadCount, vocabularySize, contextLength]
    for (name, size) in zip(names, sizes) where !(1...1 << 24).contains(size) {
      throw Failure(
        .data, at: path, "\(name): a size from 1 to 16777216 expected, found \(size)",
        advice: "Only llama2.c's first format is read, which has neither a magic number nor a version.")
    }
    guard width % headCount == 0, headCount % keyHeadCount == 0, (width / headCount).isMultiple(of: 2) else {
      throw Failure(
        .data, at: path,
        """
        heads of an even number of features that divide the width, and key heads that divide the heads, expected, found \
        \(headCount) and \(keyHeadCount) of \(width)
        """)
    }
  }

  /// d_k
  var headSize: Int { width / headCount }

  /// The size of the file. In floating point, which does not overflow.
  var fileByteCount: Double {
    let (d, inner, symbols) = (Double(width), Double(innerSize), Double(vocabularySize))
    let keys = Double(headSize * keyHeadCount)
    let layer = 2 * d + 2 * d * d + 2 * d * keys + 3 * d * inner
    // The tables of cosines and sines, which are computed anew, stand between the last norm and the scores' matrix.
    let tables = Double(contextLength) * Double(headSize)
    let ends = symbols * d * (isTied ? 1 : 2) + d
    return Double(Llama2cHeader.byteCount) + 4 * (ends + Double(layerCount) * layer + tables)
  }

  var configuration: TransformerLanguageModelConfiguration {
    var blocks = TransformerConfiguration.llama
    (blocks.width, blocks.headCount, blocks.keyHeadCount) = (width, headCount, keyHeadCount)
    (blocks.layerCount, blocks.feedForwardSize) = (layerCount, innerSize)
    blocks.rotary = RotaryPositions(layout: .interleaved)
    var configuration = TransformerLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.contextLength) = (vocabularySize, contextLength)
    (configuration.positions, configuration.isTied, configuration.transformer) = (.rotary, isTied, blocks)
    return configuration
  }
}
