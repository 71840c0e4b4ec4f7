// The experiments by name.

/// An experiment that one command trains, tabulates and reports.
public enum ExperimentKind: String, Codable, CaseIterable, Sendable {
  case wordOrder = "word-order"
  case latch
  case vanishingGradient = "vanishing-gradient"
  case odyssey
  case regularisers
  case warmup
  case attentionZoo = "attention-zoo"
  case lab
  case context
  case levels
  case contextVector = "context-vector"
  case scheduledSampling = "scheduled-sampling"
  case miniBatch = "minibatch"

  public var summary: String {
    switch self {
    case .wordOrder:
      "sentences of the same words and opposite meaning: what bags of words cannot tell, and sequence models can"
    case .latch:
      "one bit kept for T steps: how often a single tanh unit, an RNN, an LSTM and a GRU learn it (Bengio et al. 1994)"
    case .vanishingGradient:
      "the norm of the gradient against the distance through time, and what clipping does (Pascanu et al. 2013)"
    case .odyssey:
      "the peephole LSTM and its eight variants on three tasks (Greff et al. 2017)"
    case .regularisers:
      "dropout, zoneout, norm-stabilizer, layer norm and gradient propagation on data too small for the model"
    case .warmup:
      "Transformers with layer norms after, before and nowhere, with and without warm-up (Xiong et al. 2020)"
    case .attentionZoo:
      "every alignment function with every distribution on reversal, whose alignment is known"
    case .lab:
      "all classifiers on MR or SemEval-2017, baselines to Transformers: the laboratory's table and its questions"
    case .context:
      "LSTM and Transformer language models: the loss by size and by position in the context (Kaplan et al. 2020)"
    case .levels:
      "a character model writes maps of game levels: how many keep the rules, over training"
    case .contextVector:
      "one vector of the source against attention, by the source's length (Bahdanau et al. 2015)"
    case .scheduledSampling:
      "teacher forcing against decoders that read more and more of their own symbols in training (Bengio et al. 2015)"
    case .miniBatch:
      "how pairs are put into mini-batches, by sentences and by words: loss and exact match over time, BLEU with --data"
        + " (Morishita et al. 2017)"
    }
  }
}
