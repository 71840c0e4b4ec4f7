// The time of attention by the length of a sequence: Performer's linear form (Choromanski et al. 2021) beside softmax
// attention, measured here and now.

import EnsueFiles
import EnsueLayers
import EnsueReport
import EnsueTensor

/// Forward and backward passes over one sequence, at lengths that double.
public struct AttentionTimes: Sendable {
  public var shortest = 256
  public var longest = 16_384
  /// Of queries, keys and values.
  public var width = 64
  public var featureCount = 128
  public var isCausal = false
  /// Passes at each length, the shortest of which counts.
  public var passes = 5
  public var pictureWidth = 720.0

  public init() {}

  /// What was measured at a length, in seconds, and the memory the process had needed at most by then, in bytes.
  public struct Row: Sendable {
    public let length: Int
    public let performer: Double
    public let performerMemory: Int
    public let softmax: Double
  }

  /// Measures; Performer at all lengths first, so that its memory is its own.
  /// - Parameter progress: told of every length before it is measured.
  /// - Throws: `Failure` where the shortest length is longer than the longest.
  public func measured(progress: (String) throws -> Void) throws -> [Row] {
    guard shortest <= longest else {
      throw Failure(.usage, "a shortest length of at most \(longest) steps expected, found \(shortest)")
    }
    let lengths = Array(sequence(first: shortest) { $0 * 2 }.prefix { $0 <= longest })
    let performer = PerformerAttention(size: width, featureCount: featureCount, key: RandomKey(seed: 1))
    let linear = try lengths.map { length in
      try progress("Performer, \(Format.count(length, "step"))")
      let seconds = time(length) { performer(queries: $0, keys: $1, values: $2, isCausal: isCausal).values }
      return (seconds: seconds, memory: ProcessMemory.peakBytes)
    }
    return try zip(lengths, linear).map { length, linear in
      try progress("softmax, \(Format.count(length, "step"))")
      let layout = PairLayout(PackedLayout(lengths: [length]))
      let seconds = time(length) {
        scaledDotProductAttention(
          queries: $0.values, keys: $1.values, values: $2.values, layout, headCount: 1,
          reach: isCausal ? .causal : .everything)
      }
      return Row(length: length, performer: linear.seconds, performerMemory: linear.memory, softmax: seconds)
    }
  }

  /// The shortest of some forward and backward passes.
  private func time(
    _ length: Int, _ attention: (PackedSequence, PackedSequence, PackedSequence) -> Tensor
  ) -> Double {
    let key = RandomKey(seed: 2).derived(length)
    let layout = PackedLayout(lengths: [length])
    let parts = (0..<3).map { Tensor.normal([length, width], mean: 0, deviation: 0.5, key: key.derived($0)) }
    let clock = ContinuousClock()
    return (0..<passes).map { _ in
      clock.measure {
        _ = valueAndGradient(of: Inputs(parts: parts)) { inputs in
          let read = inputs.parts.map { PackedSequence(layout: layout, values: $0) }
          return attention(read[0], read[1], read[2]).mean()
        }
      } / .seconds(1)
    }.min() ?? 0
  }

  /// Queries, keys and values whose gradients are wanted.
  private struct Inputs: Module {
    var parts: [Tensor]
    mutating func visit(_ visitor: inout ParameterVisitor) {
      for index in parts.indices { visitor.parameter("\(index)", &parts[index]) }
    }
  }

  public func table(_ rows: [Row]) -> TextTable {
    TextTable(
      columns: [
        TextTable.Column("length", .trailing), TextTable.Column("Performer", .trailing),
        TextTable.Column("memory so far", .trailing), TextTable.Column("softmax", .trailing),
      ],
      rows: rows.map { row in
        [
          Format.count(row.length), "\(Format.significant(row.performer * 1000)) ms", Format.bytes(row.performerMemory),
          "\(Format.significant(row.softmax * 1000)) ms",
        ]
      })
  }

  public func chart(_ rows: [Row]) -> LineChart {
    func series(_ name: String, _ seconds: (Row) -> Double) -> LineChart.Series {
      LineChart.Series(
        name: name, points: rows.map { LineChart.Point(x: Double($0.length), y: seconds($0) * 1000) })
    }
    return LineChart(
      title: "Attention\(isCausal ? ", causal" : ""): width \(width), \(featureCount) features",
      horizontalTitle: "steps of the sequence", horizontalFormat: .wholeNumber,
      verticalTitle: "forward and backward, milliseconds",
      series: [series("Performer") { $0.performer }, series("softmax") { $0.softmax }], width: pictureWidth)
  }
}
