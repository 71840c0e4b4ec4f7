// Small checkpoints of other programs, good and bad.

import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

/// A Llama of llama2.c: width 4, inner 3, 2 layers, 2 heads, 1 key head, 5 symbols, 6 places.
private enum SmallLlama {
  static let sizes: [Int32] = [4, 3, 2, 2, 1, 5, 6]

  static func bytes(_ sizes: [Int32] = sizes, count: Int = count, filler: Float = 0.25) -> [UInt8] {
    sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * Int32($0))) } }
      + (0..<count).flatMap { _ in
        (0..<4).map { UInt8(truncatingIfNeeded: filler.bitPattern >> (8 * UInt32($0))) }
      }
  }

  /// Embedding, per layer (norms, queries and output, keys and values, feed-forward), last norm, tables.
  static let count = 5 * 4 + 2 * (2 * 4 + 2 * 16 + 2 * 8 + 3 * 12) + 4 + 6 * 2
}

@Suite struct ForeignFaultTests {
  private static func failure(_ content: [UInt8], _ read: (String) throws -> Void) throws -> Failure? {
    try TestFiles.withDirectory { directory in
      let path = "\(directory)/model"
      try OutputFile.write(content, to: path)
      do {
        try read(path)
        return nil
      } catch let failure as Failure {
        #expect(!failure.description.contains("\n") && failure.kind == .data, "\(failure)")
        return failure
      }
    }
  }

  private static func llama(_ content: [UInt8]) throws -> Failure? {
    try failure(content) { _ = try Llama2cCheckpoint(contentsOf: $0) }
  }

  @Test func aSmallLlamaIsRead() throws {
    #expect(try Self.llama(SmallLlama.bytes()) == nil)
    var untied = SmallLlama.sizes
    untied[5] = -5
    #expect(try Self.llama(SmallLlama.bytes(untied, count: SmallLlama.count + 20)) == nil)
  }

  @Test func badLlamasGiveOneLine() throws {
    func bad(_ place: Int, _ size: Int32) throws -> Failure? {
      var sizes = SmallLlama.sizes
      sizes[place] = size
      return try Self.llama(SmallLlama.bytes(sizes))
    }
    for place in 0..<7 {
      #expect(try bad(place, 0)?.problem.contains("a size from 1") == true, "\(place)")
      // Sizes that would overflow, and those that another length belongs to.
      #expect(try bad(place, .max) != nil && bad(place, .min) != nil && bad(place, 1 << 24) != nil, "\(place)")
    }
    #expect(try bad(0, 6)?.problem.contains("expected") == true)
    #expect(try bad(3, 3)?.problem.contains("heads") == true)
    #expect(try bad(4, 2)?.problem.contains("bytes for these sizes") == true)
    #expect(try Self.llama([])?.problem.contains("28 bytes") == true)
    let whole = SmallLlama.bytes()
    for end in stride(from: 0, to: whole.count, by: 37) {
      #expect(try Self.llama(Array(whole.prefix(end))) != nil, "cut at \(end)")
    }
    #expect(try Self.llama(whole + [0])?.problem.contains("found \(whole.count + 1)") == true)
    let nan = try Self.llama(SmallLlama.bytes(filler: .nan))
    #expect(nan?.problem.contains("not finite") == true)
  }

  /// A table of minGPT's faults: what is replaced in a good file, and what is said.
  private static let faults: [(before: String, after: String, words: String)] = [
    (#""n_layer": 1"#, #""n_layer": 0"#, "config.n_layer"),
    (#""n_layer": 1"#, #""n_layer": 2"#, "is missing"),
    (#""n_layer": 1"#, #""n_layer": 9000000"#, "weights expected by config"),
    (#""n_head": 1"#, #""n_head": 3"#, "divides 4"), (#""n_head": 1"#, #""n_head": "1""#, "config.n_head"),
    (#""block_size": 3"#, #""block_size": 2.0"#, "config.block_size"),
    (#""vocab_size": 2"#, #""vocab_size": 3"#, "transformer.wte.weight is"),
    ("torch.float32", "torch.float16", "a tensor of torch.float32"),
    (#""shape": [2, 4]"#, #""shape": [2, 5]"#, "bytes for [2, 5]"),
    (#""shape": [2, 4]"#, #""shape": []"#, "a shape of one or two"),
    (#""shape": [2, 4]"#, #""shape": [2, -4]"#, "a shape of one or two"),
    (#""shape": [12, 4]"#, #""shape": [4, 12]"#, "the model needs [12, 4]"),
    (#""data": "A"#, #""data": "!"#, "data in base 64"),
    ("transformer.ln_f.bias", "transformer.ln_f.other", "is missing"),
    (#""config""#, #""configuration""#, "a config and tensors"),
  ]

  /// Width 4, one head, one layer, two symbols, three places; every number zero.
  private static let miniature: String = {
    let shapes: [(String, [Int])] = [
      ("transformer.wte.weight", [2, 4]), ("transformer.wpe.weight", [3, 4]), ("transformer.h.0.ln_1.weight", [4]),
      ("transformer.h.0.ln_1.bias", [4]), ("transformer.h.0.attn.bias", [1, 1, 3, 3]),
      ("transformer.h.0.attn.c_attn.weight", [12, 4]), ("transformer.h.0.attn.c_attn.bias", [12]),
      ("transformer.h.0.attn.c_proj.weight", [4, 4]), ("transformer.h.0.attn.c_proj.bias", [4]),
      ("transformer.h.0.ln_2.weight", [4]), ("transformer.h.0.ln_2.bias", [4]),
      ("transformer.h.0.mlp.c_fc.weight", [16, 4]), ("transformer.h.0.mlp.c_fc.bias", [16]),
      ("transformer.h.0.mlp.c_proj.weight", [4, 16]), ("transformer.h.0.mlp.c_proj.bias", [4]),
      ("transformer.ln_f.weight", [4]), ("transformer.ln_f.bias", [4]), ("lm_head.weight", [2, 4]),
    ]
    let tensors = shapes.map { name, shape in
      let bytes = 4 * shape.reduce(1, *)
      let data = String(repeating: "A", count: bytes / 3 * 4) + ["", "AA==", "AAA="][bytes % 3]
      return #""\#(name)": {"shape": \#(shape), "dtype": "torch.float32", "data": "\#(data)"}"#
    }
    let config = #""config": {"n_layer": 1, "n_head": 1, "n_embd": 4, "vocab_size": 2, "block_size": 3}"#
    return "{\(([config] + tensors).joined(separator: ",\n"))}"
  }()

  private static func minGPT(_ text: String) throws -> Failure? {
    try failure(Array(text.utf8)) { _ = try MinGPTCheckpoint(contentsOf: $0) }
  }

  @Test func badGPTsGiveOneLine() throws {
    #expect(try Self.minGPT(Self.miniature) == nil)
    for (before, after, words) in Self.faults {
      let text = Self.miniature.replacingFirst(before, with: after)
      try #require(text != Self.miniature)
      let failure = try Self.minGPT(text)
      #expect(failure?.problem.contains(words) == true, "\(after): \(failure.map { "\($0)" } ?? "read")")
    }
  }

  @Test func badWordLSTMsGiveOneLine() throws {
    func failure(_ change: (inout [String: Tensor]) -> Void) throws -> Failure? {
      var tensors: [String: Tensor] = [
        "embed.W": .ones([5, 2]), "lstm.Wx": .ones([2, 12]), "lstm.Wh": .ones([3, 12]), "lstm.b": .ones([12]),
        "affine.W": .ones([3, 5]), "affine.b": .ones([5]),
      ]
      change(&tensors)
      return try TestFiles.withDirectory { directory in
        let path = "\(directory)/model.safetensors"
        try SafetensorsWriter.write(
          tensors.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }, to: path)
        do {
          _ = try WordLSTMCheckpoint(contentsOf: path)
          return nil
        } catch let failure as Failure { return failure }
      }
    }
    #expect(try failure { _ in } == nil)
    #expect(try failure { $0["lstm.b"] = nil }?.problem.contains("lstm.b of shape [12] expected, found none") == true)
    #expect(try failure { $0["lstm.Wh"] = .ones([3, 9]) }?.problem.contains("lstm.Wh of shape [3, 12]") == true)
    #expect(try failure { $0["embed.W"] = .ones([5]) }?.problem.contains("two axes") == true)
    #expect(try failure { $0["affine.W"] = .ones([5, 3]) }?.problem.contains("affine.W of shape [3, 5]") == true)
    #expect(try failure { $0["lstm2.b"] = .ones([1]) }?.problem.contains("found 'lstm2.b'") == true)
    #expect(
      try failure { $0["affine.b"] = Tensor([Float](repeating: .infinity, count: 5), shape: [5]) }?.problem
        .contains("output.bias has numbers that are not finite") == true)
  }
}

extension String {
  fileprivate func replacingFirst(_ part: String, with other: String) -> String {
    guard let range = self.range(of: part) else { return self }
    return replacingCharacters(in: range, with: other)
  }
}
