// Post-processors: the tokens that go around a text or a pair of texts.

import EnsueFiles

/// The post-processors by the names that a tokenizer.json gives them.
public enum SubwordPostProcessorKind: String, Codable, CaseIterable, Sendable {
  case sequence = "Sequence"
  case bert = "BertProcessing"
  case roberta = "RobertaProcessing"
  case template = "TemplateProcessing"
  case byteLevel = "ByteLevel"
}

/// Puts special tokens around encoded texts and says which text each id is of.
public indirect enum SubwordPostProcessor: Sendable, Equatable {
  /// A special token: its text and its id.
  public struct Token: Sendable, Equatable {
    public let text: String
    public let id: Int32

    public init(_ text: String, id: Int32) { (self.text, self.id) = (text, id) }
  }

  case sequence([SubwordPostProcessor])
  /// `[CLS] A [SEP] B [SEP]`; B has type 1.
  case bert(separator: Token, beginning: Token)
  /// `<s> A </s></s> B </s>`; all of type 0.
  case roberta(separator: Token, beginning: Token, trimsOffsets: Bool, addsPrefixSpace: Bool)
  case template(EncodingTemplate)
  /// Of offsets alone, which are not kept here.
  case byteLevel(addsPrefixSpace: Bool, cuts: Bool, trimsOffsets: Bool)

  /// Applies it to one text or two.
  func apply(to parts: inout [SubwordEncoding], addsSpecialTokens: Bool) {
    switch self {
    case .sequence(let steps):
      for step in steps { step.apply(to: &parts, addsSpecialTokens: addsSpecialTokens) }
    case .bert(let separator, let beginning):
      guard addsSpecialTokens else { return }
      for index in parts.indices {
        if index == 0 { parts[index].insert(beginning.id) }
        parts[index].append(separator.id, typeID: Int32(index))
      }
    case .roberta(let separator, let beginning, _, _):
      for index in parts.indices {
        parts[index].setType(0)
        guard addsSpecialTokens else { continue }
        parts[index].insert(index == 0 ? beginning.id : separator.id)
        parts[index].append(separator.id, typeID: 0)
      }
    case .template(let template): parts = template.apply(to: parts, addsSpecialTokens: addsSpecialTokens)
    case .byteLevel: break
    }
  }

  /// How many steps put tokens around the texts.
  var addingSteps: Int {
    switch self {
    case .sequence(let steps): steps.reduce(0) { $0 + $1.addingSteps }
    case .bert, .roberta, .template: 1
    case .byteLevel: 0
    }
  }

  /// The types that it may give to ids.
  package var typeIDs: [Int32] {
    switch self {
    case .sequence(let steps): steps.flatMap(\.typeIDs)
    case .bert: [0, 1]
    case .template(let template): (template.single + template.pair).map(\.typeID)
    case .roberta, .byteLevel: [0]
    }
  }

  /// The ids that it may add.
  var tokenIDs: [Int32] {
    switch self {
    case .sequence(let steps): steps.flatMap(\.tokenIDs)
    case .bert(let separator, let beginning), .roberta(let separator, let beginning, _, _):
      [separator.id, beginning.id]
    case .template(let template): template.specialTokens.flatMap(\.ids)
    case .byteLevel: []
    }
  }
}
