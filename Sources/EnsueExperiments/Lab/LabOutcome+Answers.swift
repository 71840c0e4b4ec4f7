// The laboratory's questions, answered with the figures of the runs.

import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueReport
import EnsueTasks
import EnsueTraining

extension LabOutcome {
  /// A paragraph for each question that the classifiers at hand can answer.
  var answers: [String] {
    [maximum, order, attention, encoder, defaults, transfer, pretraining].compactMap { $0 }
  }

  private var maximum: String? {
    guard let figures = compared(.meanMax, .mean) else { return nil }
    return """
      What does the maximum add to the mean? The mean gives each of N words the N-th part of a say: one decisive word \
      among many is diluted. The maximum keeps, for every feature, the word in which it is strongest, wherever it stands \
      and however long the sentence is; how often something is said only the mean knows. Neither knows the order of words. \
      \(figures)
      """
  }

  private var order: String? {
    let figures = [compared(.lstm, .mean), compared(.bilstm, .lstm), compared(.nGram, .bagOfWords)].compactMap { $0 }
    guard !figures.isEmpty else { return nil }
    return """
      What does the order of words add? Bags of words, the mean and the maximum see the same in every order. N-grams see \
      short runs, a recurrent network all that came before, in both directions also what comes after. \
      \(figures.joined(separator: " "))
      """
  }

  private var attention: String? {
    guard entries.contains(.made(.selfAttention)) || entries.contains(.made(.multiHeadAttention)) else { return nil }
    let figures = [compared(.selfAttention, .mean), compared(.multiHeadAttention, .selfAttention)].compactMap { $0 }
    return """
      What are queries, keys, values and position embeddings, and why? From each word's vector x three maps make a query \
      W_q x, what it looks for; a key W_k x, what it can be found by; and a value W_v x, what it hands on. Word i receives \
      Σ_j a_ij v_j with a_ij the softmax over j of q_i·k_j / √d_k; the root keeps the scores' variance at that of one \
      term, where the softmax still has a gradient. With one map for all three, a word would be found by what it looks \
      for, and mostly find itself. Attention sums over a set: with the words in another order, every word receives the \
      same. The order has to be put into the vectors, which is what a learned vector for each position, added to the \
      word's, does. Several heads attend to several things at once, each with d / h features, at the price of one head \
      with d. \(figures.joined(separator: " "))
      """
  }

  private var encoder: String? {
    guard entries.contains(.made(.transformer)) else { return nil }
    let figures = [compared(.transformer, .selfAttention), compared(.transformer, .multiHeadAttention)].compactMap {
      $0
    }
    let layers = trials.first { $0.entry == .made(.transformer) }?.configuration.model.layerCount ?? 1
    return """
      How does the encoder differ from a single attention layer? A layer of attention is one weighted mean of values. A \
      block of the encoder adds what lets such layers be stacked: several heads joined by an output map, a feed-forward \
      layer at each position, which alone computes anything not linear in the values, a residual connection around both, \
      layer norms, and dropout. Stacked, the \(Format.count(layers, "block")) used here let words attend to what earlier \
      blocks found out about the others. \(figures.joined(separator: " "))
      """
  }

  private var defaults: String? {
    guard let trial = trials.first(where: { $0.entry == .made(.transformer) }),
      let used = try? trial.configuration.model.transformer()
    else { return nil }
    let classic = TransformerConfiguration.vaswani2017
    // Without a file, vectors have the configured width; with one, the run's parameters tell.
    let isWidthKnown = trial.configuration.model.width != nil || trial.configuration.embedding.paths.isEmpty
    let width = isWidthKnown ? "d = \(used.width)" : "d that of the word vectors"
    let inner =
      trial.configuration.model.feedForwardSize.map { "d_ff = \($0)" } ?? "d_ff = 4 d"
    let parameters =
      trial.record?.parameters.map {
        " All of this run's model, word vectors included, has \(Format.count($0)) trained parameters."
      } ?? ""
    return """
      What are the classic defaults? \(LabOutcome.sizes(classic, width: "d = \(classic.width)", inner: "d_ff = \(classic.feedForwardSize)")) \
      (Vaswani et al. 2017): \(Format.short(classic.leastWeightCount(.encoder))) weights in the matrices of the encoder, \
      for millions of sentence pairs. Used here: \(LabOutcome.sizes(used, width: width, inner: inner)), \
      \(used.norm.rawValue)-norm, \(trial.configuration.model.positions.rawValue) positions, a learning rate of \
      \(shortest(trial.configuration.optimizer.learningRate)) with the \(trial.configuration.schedule.kind.rawValue) \
      schedule.\(parameters)
      """
  }

  private static func sizes(_ configuration: TransformerConfiguration, width: String, inner: String) -> String {
    "L = \(configuration.layerCount), \(width), h = \(configuration.headCount), \(inner), "
      + "dropout \(shortest(configuration.dropout))"
  }

  /// The most accurate of some.
  private func best(_ isCandidate: (LabEntry) -> Bool) -> LabEntry? {
    entries.filter { isCandidate($0) && !records($0).isEmpty }
      .max { (spread($0, .accuracy)?.mean ?? 0) < (spread($1, .accuracy)?.mean ?? 0) }
  }

  private var transfer: String? {
    guard let known = best({ $0.isMeasured }) else { return nil }
    return """
      What does a classifier know of data that it was not trained on here? One that came trained for the task, on other \
      sentences and by others, needs no training: only what its labels mean in this data has to be said. Its figures \
      hold both how well it was trained and how like the two kinds of sentences are; where it has seen the test \
      sentences before, they say nothing. \(best({ $0.isMade }).flatMap { compared(known, $0) } ?? "")
      """
  }

  private var pretraining: String? {
    guard let tuned = best({ $0.isTuned }) else { return nil }
    return """
      What does pre-training add? A classifier made here knows words by vectors that are the same in every sentence, and \
      all else from the labelled sentences alone. A pre-trained encoder has read far more text without labels, and gives \
      every word a vector that depends on the words around it; fine-tuning puts a new layer on top and moves all weights \
      a little, in few passes with small steps, for larger ones would undo what was learned before. \
      \(best({ $0.isMade }).flatMap { compared(tuned, $0) } ?? "")
      """
  }

  /// Two classifiers' accuracies side by side; nil where one is missing.
  private func compared(_ kind: ClassifierKind, _ other: ClassifierKind) -> String? {
    compared(.made(kind), .made(other))
  }

  private func compared(_ entry: LabEntry, _ other: LabEntry) -> String? {
    guard let a = spread(entry, .accuracy), let b = spread(other, .accuracy), let found = difference(entry, other)
    else { return nil }
    let sign = found.points < 0 ? "−" : "+"
    let clear = found.isClear ? "a clear difference" : "no clear difference"
    return "Here \(title(entry)) has \(Format.percent(a)), \(title(other)) \(Format.percent(b)): "
      + "\(sign)\(Format.fixed(abs(found.points), places: 1)) points, \(clear)."
  }
}
