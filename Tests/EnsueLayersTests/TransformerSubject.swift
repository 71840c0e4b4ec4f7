// Attention, blocks and stacks under one type, for the tests that all of them must pass.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// A part of a Transformer that reads packed rows, and for some a memory.
enum TransformerPart: Module {
  case attention(MultiHeadAttention, AttentionReach)
  case crossAttention(MultiHeadAttention)
  case encoderBlock(TransformerEncoderBlock, AttentionReach)
  case decoderBlock(TransformerDecoderBlock)
  case encoder(TransformerEncoder, AttentionReach)
  case decoder(TransformerDecoder)

  mutating func visit(_ visitor: inout ParameterVisitor) {
    switch self {
    case .attention(var part, let reach):
      part.visit(&visitor)
      self = .attention(part, reach)
    case .crossAttention(var part):
      part.visit(&visitor)
      self = .crossAttention(part)
    case .encoderBlock(var part, let reach):
      part.visit(&visitor)
      self = .encoderBlock(part, reach)
    case .decoderBlock(var part):
      part.visit(&visitor)
      self = .decoderBlock(part)
    case .encoder(var part, let reach):
      part.visit(&visitor)
      self = .encoder(part, reach)
    case .decoder(var part):
      part.visit(&visitor)
      self = .decoder(part)
    }
  }

  var readsMemory: Bool {
    switch self {
    case .attention, .encoderBlock, .encoder: false
    case .crossAttention, .decoderBlock, .decoder: true
    }
  }

  func callAsFunction(_ x: PackedSequence, memory: PackedSequence, _ phase: Phase = .inference) -> PackedSequence {
    switch self {
    case .attention(let part, let reach): part(x, reach: reach, phase)
    case .crossAttention(let part): part(x, keys: memory, values: memory, phase)
    case .encoderBlock(let part, let reach): part(x, reach: reach, phase)
    case .decoderBlock(let part): part(x, memory: memory, phase)
    case .encoder(let part, let reach): part(x, reach: reach, phase)
    case .decoder(let part): part(x, memory: memory, phase)
    }
  }
}

/// A part with a name and the width of its memory.
struct TransformerSubject: Sendable, CustomTestStringConvertible {
  static let width = 6

  let name: String
  let part: TransformerPart
  var memoryWidth = TransformerSubject.width
  var testDescription: String { name }

  static func configuration(
    _ norm: NormPlacementKind, layers: Int = 1, finalNorm: Bool = false, dropout: Double = 0
  ) -> TransformerConfiguration {
    var configuration = TransformerConfiguration()
    (configuration.width, configuration.headCount, configuration.layerCount) = (width, 2, layers)
    (configuration.feedForwardSize, configuration.norm, configuration.hasFinalNorm) = (8, norm, finalNorm)
    configuration.activation = norm == .pre ? .gelu : .relu
    configuration.dropout = dropout
    (configuration.attentionDropout, configuration.feedForwardDropout) = (dropout, dropout)
    return configuration
  }

  private static let key = RandomKey(seed: 3)

  /// Those that PyTorch has, by the goldens' names.
  static func goldens() throws -> [TransformerSubject] {
    func attention(hasBias: Bool = true) -> MultiHeadAttention {
      MultiHeadAttention(width: width, headCount: 3, hasBias: hasBias, key: key)
    }
    let (post, pre) = (configuration(.post), configuration(.pre))
    let (postStack, preStack) = (configuration(.post, layers: 2), configuration(.pre, layers: 2, finalNorm: true))
    return [
      TransformerSubject(name: "attention", part: .attention(attention(), .everything)),
      TransformerSubject(name: "attention-causal", part: .attention(attention(), .causal)),
      TransformerSubject(name: "attention-no-bias", part: .attention(attention(hasBias: false), .everything)),
      TransformerSubject(
        name: "attention-cross",
        part: .crossAttention(MultiHeadAttention(width: width, memoryWidth: 4, headCount: 3, key: key)), memoryWidth: 4),
      TransformerSubject(
        name: "encoder-post", part: .encoderBlock(TransformerEncoderBlock(post, key: key), .everything)),
      TransformerSubject(name: "encoder-pre", part: .encoderBlock(TransformerEncoderBlock(pre, key: key), .everything)),
      TransformerSubject(
        name: "encoder-pre-causal", part: .encoderBlock(TransformerEncoderBlock(pre, key: key), .causal)),
      TransformerSubject(name: "decoder-post", part: .decoderBlock(TransformerDecoderBlock(post, key: key))),
      TransformerSubject(name: "decoder-pre", part: .decoderBlock(TransformerDecoderBlock(pre, key: key))),
      TransformerSubject(
        name: "encoder-stack", part: .encoder(try TransformerEncoder(postStack, key: key), .everything)),
      TransformerSubject(
        name: "encoder-stack-norm", part: .encoder(try TransformerEncoder(preStack, key: key), .everything)),
      TransformerSubject(name: "decoder-stack", part: .decoder(try TransformerDecoder(postStack, key: key))),
      TransformerSubject(name: "decoder-stack-norm", part: .decoder(try TransformerDecoder(preStack, key: key))),
    ]
  }

  /// Stacks of two blocks with dropout in every place, for every placement of norms.
  static func stacks(dropout: Double) throws -> [TransformerSubject] {
    try today(dropout: dropout)
      + NormPlacementKind.allCases.flatMap { norm in
        let configuration = configuration(norm, layers: 2, finalNorm: norm == .pre, dropout: dropout)
        var narrow = configuration
        (narrow.activation, narrow.hasBias, narrow.initializer) = (.geluTanh, false, .tFixup)
        return [
          TransformerSubject(
            name: "encoder \(norm)", part: .encoder(try TransformerEncoder(configuration, key: key), .everything)),
          TransformerSubject(
            name: "encoder \(norm), window, no bias",
            part: .encoder(try TransformerEncoder(narrow, key: key), .window(radius: 1))),
          TransformerSubject(
            name: "decoder \(norm)",
            part: .decoder(try TransformerDecoder(configuration, memoryWidth: 4, key: key)), memoryWidth: 4),
        ]
      }
  }

  /// The pieces of today's language models in stacks of two blocks: norms by root mean square, gates, grouped keys,
  /// rotary positions of both layouts.
  private static func today(dropout: Double) throws -> [TransformerSubject] {
    try RotaryLayoutKind.allCases.flatMap { layout in
      var configuration = configuration(.pre, layers: 2, finalNorm: true, dropout: dropout)
      (configuration.headCount, configuration.keyHeadCount, configuration.normKind) = (3, 1, .rms)
      (configuration.feedForward, configuration.activation) = (.gated, layout == .halves ? .silu : .gelu)
      (configuration.hasBias, configuration.rotary) = (
        layout == .interleaved, RotaryPositions(layout: layout, base: 50)
      )
      return [
        TransformerSubject(
          name: "today, \(layout)", part: .encoder(try TransformerEncoder(configuration, key: key), .causal)),
        TransformerSubject(
          name: "decoder of today, \(layout)",
          part: .decoder(try TransformerDecoder(configuration, memoryWidth: 4, key: key)), memoryWidth: 4),
      ]
    }
  }

  func input(_ lengths: [Int], seed: UInt64 = 5, _ type: ElementType = .float32) -> PackedSequence {
    TransformerSubject.rows(lengths, width: TransformerSubject.width, seed: seed, type)
  }

  func memory(_ lengths: [Int], seed: UInt64 = 6, _ type: ElementType = .float32) -> PackedSequence {
    TransformerSubject.rows(lengths, width: memoryWidth, seed: seed, type)
  }

  /// A sequence's rows depend on its place in the caller's batch only through `lengths.count`.
  private static func rows(_ lengths: [Int], width: Int, seed: UInt64, _ type: ElementType) -> PackedSequence {
    let rows = CallerRows(lengths)
    return rows.packed(.normal([rows.layout.rowCount, width], key: RandomKey(seed: seed), type))
  }
}

/// Rows of one sequence after another, in the caller's order, to packed rows and back.
struct CallerRows {
  let layout: PackedLayout
  /// For each packed row, its place in the caller's order, and the other way round.
  private let packedFromCaller: [Int32]
  private let callerFromPacked: [Int32]

  init(_ lengths: [Int]) {
    let layout = PackedLayout(lengths: lengths)
    var starts = [0]
    for length in lengths { starts.append(starts[starts.count - 1] + length) }
    let places = (0..<layout.stepCount).flatMap { step in
      (0..<layout.aliveCount(at: step)).map { Int32(starts[layout.order[$0]] + step) }
    }
    var inverse = places
    for (packed, caller) in places.enumerated() { inverse[Int(caller)] = Int32(packed) }
    (self.layout, packedFromCaller, callerFromPacked) = (layout, places, inverse)
  }

  func packed(_ rows: Tensor) -> PackedSequence {
    PackedSequence(layout: layout, values: rows.gathered(packedFromCaller))
  }

  func unpacked(_ rows: Tensor) -> Tensor { rows.gathered(callerFromPacked) }

  /// The rows of each sequence, in the caller's order.
  static func sequences(_ packed: PackedSequence) -> [Tensor] {
    var lengths = packed.layout.lengths
    for (position, original) in packed.layout.order.enumerated() { lengths[original] = packed.layout.lengths[position] }
    let rows = CallerRows(lengths).unpacked(packed.values.detached)
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return rows.sliced(start..<start + length, axis: 0)
    }
  }

  /// Sequences of the caller's order as a packed batch.
  static func batch(_ sequences: [Tensor]) -> PackedSequence {
    CallerRows(sequences.map { $0.shape[0] }).packed(concatenated(sequences, axis: 0))
  }
}
