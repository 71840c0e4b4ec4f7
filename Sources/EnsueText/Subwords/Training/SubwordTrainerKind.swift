// The ways to make a vocabulary from text.

/// The trainers, by name.
public enum SubwordTrainerKind: String, Codable, CaseIterable, Sendable {
  /// Byte-level byte-pair encoding, as GPT-2's: Sennrich et al. (2016), Radford et al. (2019).
  case bytePair = "bpe"
  /// Schuster and Nakajima (2012), as BERT's.
  case wordPiece = "wordpiece"
  /// Kudo (2018), as SentencePiece's.
  case unigram
  /// Byte-pair encoding over characters, bytes for the others: Kudo and Richardson (2018).
  case sentencePieceBytePair = "sentencepiece-bpe"
  /// Nothing is learned but which words there are.
  case words
  /// The same of characters (Unicode scalars).
  case characters

  /// Those that learn pieces of words.
  public static let ofPieces = allCases.filter { $0 != .words && $0 != .characters }

  /// What it makes, in one line.
  public var summary: String {
    switch self {
    case .bytePair: "byte-level byte-pair encoding, as GPT-2's: no text is unknown"
    case .wordPiece: "word pieces, as BERT's: ## before what goes on a word"
    case .unigram: "pieces with probabilities, as SentencePiece's: the likeliest cut"
    case .sentencePieceBytePair: "byte-pair encoding over characters with ▁ for a space; rare characters as bytes"
    case .words: "whole words, parted by white space; others are unknown"
    case .characters: "single characters, spaces and line ends among them; others are unknown"
    }
  }

  /// Whether the end of a line can be spelled.
  var spellsLineEnds: Bool {
    switch self {
    case .bytePair, .characters: true
    case .wordPiece, .unigram, .sentencePieceBytePair, .words: false
    }
  }

  /// The tokens that such a tokenizer cannot do without; they have the first ids.
  public var requiredTokens: [String] {
    switch self {
    case .bytePair: []
    case .wordPiece: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    case .unigram, .sentencePieceBytePair: ["<unk>", "<s>", "</s>"]
    case .words, .characters: ["<unk>"]
    }
  }
}
