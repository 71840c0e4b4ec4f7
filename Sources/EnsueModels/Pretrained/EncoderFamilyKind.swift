// The families of pre-trained encoders.

/// A family of encoders, by the `model_type` of a config.json. MiniLM and others that were distilled into BERT's form
/// are `bert`.
public enum EncoderFamilyKind: String, Codable, CaseIterable, Sendable {
  case bert
  case roberta
  case xlmRoberta = "xlm-roberta"
  case distilbert
  case albert
  case electra

  public var summary: String {
    switch self {
    case .bert: "BERT (Devlin et al. 2019), MiniLM (Wang et al. 2020)"
    case .roberta: "RoBERTa (Liu et al. 2019)"
    case .xlmRoberta: "XLM-RoBERTa (Conneau et al. 2020)"
    case .distilbert: "DistilBERT (Sanh et al. 2019)"
    case .albert: "ALBERT (Lan et al. 2020)"
    case .electra: "ELECTRA (Clark et al. 2020)"
    }
  }

  /// What the family has of its own.
  var family: any EncoderFamily.Type {
    switch self {
    case .bert: BERT.self
    case .roberta: RoBERTa.self
    case .xlmRoberta: XLMRoBERTa.self
    case .distilbert: DistilBERT.self
    case .albert: ALBERT.self
    case .electra: ELECTRA.self
    }
  }
}
