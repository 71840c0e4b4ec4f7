// What a recurrent translation model needs to be told, besides its weights.

import EnsueFiles
import EnsueLayers

/// The architecture of a recurrent encoder–decoder. A bundle stores it beside the weights.
///
/// Without any change it is that of Bahdanau et al. (2015), smaller.
public struct RecurrentTranslatorConfiguration: Sendable, Codable, Equatable {
  public var cell = RecurrentCellKind.gru
  /// The equations of a cell of the user's own, in place of a cell by name; empty for none.
  public var cellFormula = ""
  /// What else is chosen of the cell; nil for the cell as it is.
  public var cellOptions: RecurrentCellOptions?
  /// In a bundle the equations in full, whichever way they were chosen, where they are not what the other settings give;
  /// nil elsewhere.
  public var equations: String?
  public var sourceVocabularySize = 2
  public var targetVocabularySize = 2
  /// Features of a symbol's vector, on both sides.
  public var embeddingSize = 256
  /// Units of the decoder.
  public var hiddenSize = 256
  /// Units of the encoder in each direction; nil for `hiddenSize`.
  public var encoderHiddenSize: Int?
  public var encoderLayerCount = 1
  public var decoderLayerCount = 1
  public var isBidirectional = true
  /// Whether the encoder reads the source from its end (Sutskever et al. 2014).
  public var reversesSource = false
  /// How the encoder's layers are connected, and the decoder's where it does not attend.
  public var connection = ConnectionKind.plain

  public var context = ContextKind.bahdanau
  public var bridge = BridgeKind.tanh
  /// nil for that of the context's paper (`ContextKind.readout`).
  public var readout: ReadoutKind?
  /// Features of what the last layer reads, where the readout is a layer of its own; nil for `embeddingSize` where the
  /// output is tied, else `hiddenSize`.
  public var readoutSize: Int?
  /// The alignment function; nil for that of the context's paper (`ContextKind.score`).
  public var score: AttentionScoreKind?
  public var distribution = AttentionDistributionKind.softmax
  /// Hidden units of alignment functions that have a layer; nil for `hiddenSize`.
  public var attentionSize: Int?
  /// α of entmax.
  public var alpha = 1.5
  /// Attention to a neighbourhood, of the `luong` context; nil for the whole source.
  public var localAttention: LocalAttentionKind?
  /// Steps of a neighbourhood on each side, D.
  public var localRadius = 10
  /// Whether a step reads what the step before attended to, of the `luong` context.
  public var feedsInput = true

  /// Whether source and target have one table of vectors: one vocabulary.
  public var sharesEmbeddings = false
  /// Whether the scores of the next symbol are products with the target's embedding itself (Press and Wolf 2017).
  public var isTied = false
  /// Share of values set to zero after embeddings, between layers and before the output.
  public var dropout = 0.0
  /// The share after embeddings; nil for `dropout`.
  public var embeddingDropout: Double?
  /// The share before the output; nil for `dropout`.
  public var outputDropout: Double?
  /// Share of the symbols of each side's vocabulary that a batch does without (`WordDropout`).
  public var wordDropout = 0.0
  /// Whether dropout draws one mask a sequence instead of one a step (Gal and Ghahramani 2016).
  public var dropsWholeSequences = false
  /// Variational dropout of the recurrence.
  public var recurrentDropout = 0.0
  public var zoneout = 0.0
  public var inputInitializer = InitializerKind.glorot
  public var recurrentInitializer = InitializerKind.orthogonal
  /// Every matrix begins uniform on ± this in place of the above (Sutskever et al. 2014: 0.08); nil for the above.
  public var initializerRange: Double?
  /// First value of the forget gate's bias, where there is one.
  public var forgetBias = 1.0
  /// Whether the sums before activation are normalised (`CellFormula.layerNormalised`).
  public var normalizesLayers = false
  /// The share of its update that the output's state takes over at a step, on both sides; nil for all of it.
  public var leak: Double?
  /// Whether the encoder's states before the first symbol are learned, in place of zeros.
  public var learnsInitialState: Bool {
    get { hasLearnedStates ?? false }
    set { hasLearnedStates = newValue ? true : nil }
  }
  /// Older bundles do not say.
  private var hasLearnedStates: Bool?

  public init() {}

  /// As it stands in tables: `GRU × 2, bahdanau`.
  public var title: String {
    let name = cellFormula.utf8.isEmpty ? cell.title : "own cell"
    let cells = decoderLayerCount > 1 ? "\(name) × \(decoderLayerCount)" : name
    return "\(cells), \(context.rawValue)"
  }
}

extension ContextKind {
  /// What the last layer reads in the context's paper.
  public var readout: ReadoutKind {
    switch self {
    case .initialState, .jordan: .state
    case .everyStep, .bahdanau: .maxout
    case .luong: .attentional
    }
  }

  /// The alignment function of the context's paper.
  public var score: AttentionScoreKind {
    switch self {
    case .initialState, .everyStep, .jordan, .bahdanau: .additive
    case .luong: .general
    }
  }
}
