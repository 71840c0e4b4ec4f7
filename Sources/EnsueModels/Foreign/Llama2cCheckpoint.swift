// A checkpoint of llama2.c (Karpathy 2023): a Llama (Touvron et al. 2023) as one file of float32.
//
// | rule | why |
// |---|---|
// | the file is exactly as long as its header says | bounded before memory is taken; nothing is cut or made up |
// | numbers are finite | a damaged file is no model |
// | the file's tables of cosines and sines are not read | they follow from the equation |

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// The content of a `.bin` file of llama2.c's first format.
public struct Llama2cCheckpoint: Sendable {
  public let configuration: TransformerLanguageModelConfiguration
  public let model: TransformerLanguageModel

  /// - Throws: `Failure` of kind `missing` or `data`.
  public init(contentsOf path: String) throws {
    let file = try InputFile(path)
    guard file.size >= Llama2cHeader.byteCount else {
      throw Failure(.data, at: path, "a header of \(Llama2cHeader.byteCount) bytes expected, found \(file.size)")
    }
    let header = try Llama2cHeader(file.bytes(at: 0, count: Llama2cHeader.byteCount), path: path)
    guard Double(file.size) == header.fileByteCount else {
      throw Failure(
        .data, at: path, "\(header.fileByteCount.formattedCount) bytes for these sizes expected, found \(file.size)",
        advice: "It was cut short, or is no checkpoint of llama2.c's first format.")
    }
    var reader = FloatFileReader(file, offset: Llama2cHeader.byteCount)
    let tensors = try Llama2cCheckpoint.tensors(&reader, header, path: path)
    configuration = header.configuration
    var model = try TransformerLanguageModel(configuration, key: RandomKey(seed: 0))
    try model.take(tensors)
    self.model = model
  }

  /// The file's tensors, each of all layers, in its order and under the model's names.
  private static func tensors(
    _ reader: inout FloatFileReader, _ header: Llama2cHeader, path: String
  ) throws -> NamedTensors {
    let (width, inner, keys) = (header.width, header.innerSize, header.headSize * header.keyHeadCount)
    let layers: [(name: String, shape: Shape)] = [
      ("attentionNorm.scale", [width]), ("attention.query.weight", [width, width]),
      ("attention.key.weight", [keys, width]), ("attention.value.weight", [keys, width]),
      ("attention.output.weight", [width, width]), ("feedForwardNorm.scale", [width]),
      ("feedForward.inner.weight", [inner, width]), ("feedForward.outer.weight", [width, inner]),
      ("feedForward.factor.weight", [inner, width]),
    ]
    var tensors = try NamedTensors(source: path)
    try tensors.append("embedding.weight", reader.tensor([header.vocabularySize, width]))
    for (name, shape) in layers {
      for layer in 0..<header.layerCount {
        try tensors.append("encoder.blocks.\(layer).\(name)", reader.tensor(shape))
      }
    }
    try tensors.append("encoder.finalNorm.scale", reader.tensor([width]))
    reader.skip(header.contextLength * header.headSize)
    if !header.isTied { try tensors.append("unembedding.weight", reader.tensor([header.vocabularySize, width])) }
    return tensors
  }
}

extension Double {
  /// A whole number without an exponent, where it has one.
  fileprivate var formattedCount: String { UInt64(exactly: self).map(String.init) ?? "\(self)" }
}
