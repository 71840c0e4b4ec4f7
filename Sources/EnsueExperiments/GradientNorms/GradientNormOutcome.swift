// What the vanishing-gradient experiment found.

import EnsueEvaluation
import EnsueReport
import EnsueTraining

/// Profiles and training curves, and what they show.
public struct GradientNormOutcome: ExperimentOutcome {
  public let experiment: GradientNormExperiment
  public let profiles: [GradientNormTrial]
  public let clipping: [ClippingTrial]

  /// The profiles of a network: one for each seed.
  func profiles(_ subject: GradientNormSubject, afterTraining: Bool) -> [GradientProfile] {
    profiles.filter { $0.subject == subject }.compactMap { afterTraining ? $0.after : $0.before }
  }

  /// log₁₀ of the norm at a distance relative to distance 0, over seeds.
  public func logarithm(
    _ subject: GradientNormSubject, afterTraining: Bool = false, distance: Int
  ) -> Spread? {
    Spread(profiles(subject, afterTraining: afterTraining).map { $0.logarithms[distance] })
  }

  private func factor(_ subject: GradientNormSubject, _ afterTraining: Bool) -> Spread? {
    Spread(profiles(subject, afterTraining: afterTraining).map(\.factorPerStep))
  }

  public var report: ExperimentReport {
    ExperimentReport(
      title: "Gradients through time",
      parts: [
        .text(setup), .text(profileConclusion),
        .chart(.lines(profileChart(afterTraining: false)), file: "gradients-before"),
        .chart(.lines(profileChart(afterTraining: true)), file: "gradients-after"),
        .table(
          profileTable,
          caption:
            "log₁₀ of ‖∂L/∂s(T−d)‖ / ‖∂L/∂s(T)‖ at distances d, the factor by which the norm changes at each step "
            + "on the way back, and the lowest validation loss: mean ± standard deviation over seeds."),
        .text(clippingConclusion), .chart(.lines(clippingChart), file: "clipping"),
        .table(
          clippingTable, caption: "An RNN with large recurrent weights under plain gradient descent, over seeds."),
      ])
  }

  private var setup: String {
    let e = experiment
    return """
      How large is the gradient of the loss after the last step with respect to the states d steps before? Networks of \
      \(e.hiddenSize) units on the adding problem of \(e.length) steps, before and after \
      \(Format.count(e.training.stepLimit)) steps of Adam; recurrent weights orthogonal at first, those of the RNN called \
      large times \(shortest(e.largeScale)). Means over \(e.sequenceCount) sequences and \
      \(Format.count(e.seedCount, "seed")). Of an LSTM the state is h and c together. Always answering 1 has a loss of \
      \(Format.significant(1.0 / 6)).
      """
  }

  private var profileConclusion: String {
    let parts = experiment.subjects.compactMap { subject -> String? in
      guard let before = factor(subject, false) else { return nil }
      let after = factor(subject, true).map { ", after training by \(Format.fixed($0.mean, places: 3))" } ?? ""
      let word = before.mean < 0.98 ? "vanish" : before.mean > 1.02 ? "explode" : "keep their size"
      return "\(subject.title): gradients \(word) at first, changing by \(Format.fixed(before.mean, places: 3)) a step"
        + after
    }
    return parts.joined(separator: "; ") + "."
  }

  private func losses(_ clips: Bool) -> [Double] {
    clipping.filter { $0.clips == clips }.map { trial in
      trial.divergedStep == nil ? trial.curve.last?.validationLoss ?? .nan : .nan
    }
  }

  private var clippingConclusion: String {
    let parts = [true, false].map { clips -> String in
      let all = losses(clips)
      let finite = all.filter(\.isFinite)
      let diverged = all.count - finite.count
      let mean = Spread(finite).map { "ends at a loss of \($0.text(places: 4))" } ?? "never ends"
      let lost = diverged == 0 ? "" : ", and \(diverged) of \(Format.count(all.count, "run")) diverged"
      return "\(clips ? "with" : "without") clipping it \(mean)\(lost)"
    }
    return """
      Clipping: the RNN with large weights on the adding problem of \(experiment.clippedLength) steps, gradient descent \
      with rate \(shortest(experiment.clippedTraining.optimizer.learningRate)); \
      \(parts.joined(separator: "; ")).
      """
  }

  private var profileTable: TextTable {
    let distances = [experiment.length / 2, experiment.length - 1]
    let rows = experiment.subjects.flatMap { subject in
      [false, true].map { after -> [String] in
        let loss = Spread(profiles.filter { $0.subject == subject }.map(\.loss))
        return [subject.title, after ? "after" : "before"]
          + distances.map { logarithm(subject, afterTraining: after, distance: $0)?.text(places: 1) ?? "–" }
          + [factor(subject, after)?.text(places: 3) ?? "–", after ? loss?.text(places: 3) ?? "–" : ""]
      }
    }
    return TextTable(
      columns: [.init("network"), .init("training")] + distances.map { .init("d = \($0)", .trailing) } + [
        .init("factor a step", .trailing), .init("loss", .trailing),
      ], rows: rows)
  }

  private var clippingTable: TextTable {
    let rows = [true, false].map { clips -> [String] in
      let trials = clipping.filter { $0.clips == clips }
      let finite = losses(clips).filter(\.isFinite)
      return [
        clips ? "norm at most \(shortest(experiment.clippedTraining.clipping ?? .nan))" : "none",
        Spread(finite)?.text(places: 4) ?? "–", "\(trials.count - finite.count)/\(trials.count)",
        Format.significant(trials.map(\.largestGradientNorm).max() ?? .nan),
      ]
    }
    return TextTable(
      columns: [
        .init("clipping"), .init("last validation loss", .trailing), .init("diverged", .trailing),
        .init("largest gradient norm", .trailing),
      ], rows: rows)
  }

  private func profileChart(afterTraining: Bool) -> LineChart {
    LineChart(
      title: "Gradient norm, \(afterTraining ? "after" : "before") training", horizontalTitle: "distance T − t, steps",
      horizontalFormat: .wholeNumber, verticalTitle: "log₁₀ of the norm relative to the last step's",
      series: experiment.subjects.map { subject in
        .init(
          name: subject.title,
          points: (0..<experiment.length).map { distance in
            .init(
              x: Double(distance),
              y: logarithm(subject, afterTraining: afterTraining, distance: distance)?.mean ?? .nan)
          })
      }, width: ExperimentReport.chartWidth)
  }

  /// One line a seed: a mean would hide the runs that jump.
  private var clippingChart: LineChart {
    LineChart(
      title: "Clipping and the loss", horizontalTitle: "step", horizontalFormat: .wholeNumber,
      verticalTitle: "validation loss, one line a seed, at most 1",
      series: [true, false].flatMap { clips in
        clipping.filter { $0.clips == clips }.map { trial in
          .init(
            name: clips ? "with clipping" : "without", isDashed: !clips,
            points: trial.curve.map { .init(x: Double($0.step), y: min($0.validationLoss, 1)) })
        }
      }, width: ExperimentReport.chartWidth)
  }
}
