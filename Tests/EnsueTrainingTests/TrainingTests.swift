import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

/// A small classifier of every kind and some sentences.
private struct Task {
  let sequences: [[Int32]]
  let labels: [Int]

  init(count: Int = 48) {
    let key = RandomKey(seed: 21)
    sequences = (0..<count).map { row in
      (0..<(2 + row % 9)).map { Int32(2 + key.derived(row).bits(at: $0) % 18) }
    }
    labels = sequences.map { Int($0[0]) % 2 }
  }

  static func configuration(_ kind: ClassifierKind, _ change: (inout ClassifierConfiguration) -> Void = { _ in })
    -> ClassifierConfiguration
  {
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.vocabularySize, configuration.embeddingSize) = (kind, 20, 6)
    (configuration.hiddenSize, configuration.dropout, configuration.nGramBuckets) = (5, 0.2, 64)
    (configuration.headCount, configuration.maximumPositions) = (3, 12)
    change(&configuration)
    return configuration
  }

  /// Some steps of training.
  func train<Model: TextClassifier>(_ model: Model, steps: Int, _ optimizer: OptimizerKind = .adam) throws -> Trainer<
    Model
  > {
    var configuration = OptimizerConfiguration()
    configuration.kind = optimizer
    configuration.learningRate = 0.01
    var trainer = Trainer(model: model, optimizer: Optimizer(configuration), key: RandomKey(seed: 4))
    for _ in 0..<steps { _ = try step(&trainer) }
    return trainer
  }

  func step<Model: TextClassifier>(_ trainer: inout Trainer<Model>) throws -> StepReport {
    try trainer.step(on: [(batch: (), count: labels.count)]) { model, _, phase in
      crossEntropy(logits: model(PackedTokens(sequences), phase), targets: labels)
    }
  }
}

/// A classifier of any kind as one type.
private struct AnyModel: TextClassifier {
  var base: any TextClassifier
  mutating func visit(_ visitor: inout ParameterVisitor) { base.visit(&visitor) }
  func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor { base(tokens, phase) }

  init(_ kind: ClassifierKind, _ change: (inout ClassifierConfiguration) -> Void = { _ in }) throws {
    base = try kind.makeClassifier(Task.configuration(kind, change), key: RandomKey(seed: 1))
  }
}

@Suite struct ClassifierLaws {
  @Test(arguments: ClassifierKind.allCases) func trainingLowersTheLoss(_ kind: ClassifierKind) throws {
    let task = Task()
    var trainer = try task.train(try AnyModel(kind) { $0.dropout = 0 }, steps: 1)
    let first = try task.step(&trainer).loss
    for _ in 0..<60 { _ = try task.step(&trainer) }
    #expect(try task.step(&trainer).loss < first - 0.05)
  }

  @Test(arguments: ClassifierKind.allCases) func gradientEqualsFiniteDifferences(_ kind: ClassifierKind) throws {
    let task = Task(count: 5)
    var model = try AnyModel(kind)
    // Zero weights of the baselines would hide a wrong factor.
    var index = 0
    model.forEachParameter { _, tensor, _ in
      tensor = .normal(tensor.shape, deviation: 0.4, key: RandomKey(seed: 8).derived(index))
      index += 1
    }
    let phase = Phase.training(RandomKey(seed: 2))
    let disagreements = gradientDisagreements(of: model) {
      crossEntropy(logits: $0(PackedTokens(task.sequences), phase), targets: task.labels)
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  @Test(arguments: PoolingKind.allCases) func gradientOfEveryPoolingEqualsFiniteDifferences(_ pooling: PoolingKind)
    throws
  {
    let task = Task(count: 4)
    let model = try AnyModel(.bigru) { ($0.pooling, $0.layerCount) = (pooling, 2) }
    let disagreements = gradientDisagreements(of: model) {
      crossEntropy(logits: $0(PackedTokens(task.sequences), .inference), targets: task.labels)
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  @Test(arguments: ClassifierKind.allCases) func theOrderOfABatchDoesNotMatter(_ kind: ClassifierKind) throws {
    let task = Task()
    let model = try AnyModel(kind)
    let all = model(PackedTokens(task.sequences), .inference)
    let reversed = model(PackedTokens(task.sequences.reversed()), .inference)
    let backwards = (0..<task.sequences.count).reversed().map { Int32($0) }
    #expect(reversed.gathered(backwards).isIdentical(to: all))
    for row in [0, 7, 20] {
      let alone = model(PackedTokens([task.sequences[row]]), .inference)
      #expect(alone.isIdentical(to: all.sliced(row..<row + 1, axis: 0)), "a sentence alone equals it in a batch")
    }
  }

  @Test(arguments: ClassifierKind.allCases) func oneThreadEqualsManyBitForBit(_ kind: ClassifierKind) throws {
    let task = Task()
    let trained = try [1, 2, 5].map { threads in
      try ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        try task.train(try AnyModel(kind), steps: 5).model.namedTensors
      }
    }
    for other in trained {
      for (a, b) in zip(other, trained[0]) { #expect(a.tensor.isIdentical(to: b.tensor), "\(a.name)") }
    }
  }

  @Test(arguments: ClassifierKind.allCases) func savedAndLoadedIsTheSame(_ kind: ClassifierKind) throws {
    try TestFiles.withDirectory { directory in
      let model = try Task().train(try AnyModel(kind), steps: 2).model
      let path = "\(directory)/model.safetensors"
      try SafetensorsWriter.write(model.namedTensors, to: path)
      var other = try AnyModel(kind) { $0.forgetBias = 0 }
      let reader = try SafetensorsReader(path)
      try reader.verifyDigest()
      try other.load(reader, path: path)
      for (a, b) in zip(model.namedTensors, other.namedTensors) { #expect(a.tensor.isIdentical(to: b.tensor)) }
    }
  }

  @Test(arguments: ClassifierKind.allCases) func visitNamesEveryTensor(_ kind: ClassifierKind) throws {
    let model = try kind.makeClassifier(Task.configuration(kind) { $0.pooling = .attention }, key: RandomKey(seed: 1))
    #expect(tensorCount(in: model) == model.parameters.count)
    #expect(Set(model.parameters.map(\.name)).count == model.parameters.count)
  }

  private func tensorCount(in value: Any) -> Int {
    if value is Tensor { return 1 }
    return Mirror(reflecting: value).children.reduce(0) { $0 + tensorCount(in: $1.value) }
  }
}

@Suite struct OptimizerLaws {
  @Test(arguments: OptimizerKind.allCases) func aResumedRunEndsWithTheSameBits(_ kind: OptimizerKind) throws {
    let task = Task()
    let straight = try task.train(try AnyModel(.bilstm), steps: 9, kind)
    let half = try task.train(try AnyModel(.bilstm), steps: 4, kind)
    var optimizer = Optimizer(half.optimizer.configuration)
    let tensors = Dictionary(uniqueKeysWithValues: half.optimizer.tensors.map { ($0.name, $0.tensor) })
    try optimizer.restore(stepCount: half.optimizer.stepCount, for: half.model) { tensors[$0] }
    var resumed = Trainer(model: half.model, optimizer: optimizer, key: RandomKey(seed: 4))
    for _ in 0..<5 { _ = try task.step(&resumed) }
    for (a, b) in zip(resumed.model.namedTensors, straight.model.namedTensors) {
      #expect(a.tensor.isIdentical(to: b.tensor), "\(a.name)")
    }
  }

  /// A few rows, rows of few numbers with few or many between those of a step, rows of many numbers.
  @Test(arguments: OptimizerKind.allCases, [(9, 4, 3), (5000, 3, 40), (5000, 3, 2000), (300, 50, 60), (12, 5000, 5)])
  func rowsEqualTheDenseUpdate(_ kind: OptimizerKind, _ size: (rows: Int, columns: Int, ids: Int)) throws {
    for decay in [0.0, 0.1] {
      var configuration = OptimizerConfiguration()
      (configuration.kind, configuration.weightDecay) = (kind, decay)
      let table = Table(weight: .normal([size.rows, size.columns], key: RandomKey(seed: 1)))
      var (sparse, dense) = (table, table)
      var (sparseOptimizer, denseOptimizer) = (Optimizer(configuration), Optimizer(configuration))
      for step in 0..<6 {
        let drawn = Tensor.uniform([size.ids], in: 0...Double(size.rows) - 0.01, key: RandomKey(seed: UInt64(step)))
        let ids = drawn.doubles.map { Int32($0) } + [2, 2]
        sparseOptimizer.update(&sparse, gradients(sparse, ids, isDense: false))
        denseOptimizer.update(&dense, gradients(dense, ids, isDense: true))
      }
      let disagreement = Disagreement(sparse.weight, dense.weight, relative: 1e-6, absolute: 1e-7)
      #expect(disagreement.isSmall, "decay \(decay): \(disagreement)")
    }
  }

  private func gradients(_ table: Table, _ ids: [Int32], isDense: Bool) -> Gradients {
    valueAndGradient(of: table) { table in
      let loss = square(table.weight.gathered(ids)).sum()
      return isDense ? loss + table.weight.sum() * 0 : loss
    }.gradients
  }

  @Test func rowsOutsideTheTrainedOnesNeverChange() throws {
    var configuration = OptimizerConfiguration()
    (configuration.kind, configuration.weightDecay) = (.adamw, 0.1)
    let weight = Tensor.normal([9, 4], key: RandomKey(seed: 1))
    var model = Frozen(embedding: Embedding(weight: weight, isTrained: false))
    var optimizer = Optimizer(configuration)
    for _ in 0..<3 {
      let (_, gradients) = valueAndGradient(of: model) {
        square($0.embedding(PackedTokens([[1, 3, 1, 5]])).values).sum()
      }
      optimizer.update(&model, gradients)
    }
    let after = model.embedding.weight
    for row in 0..<9 {
      let same = after.sliced(row..<row + 1, axis: 0).isIdentical(to: weight.sliced(row..<row + 1, axis: 0))
      #expect(same == (row != Embedding.unknownRow), "row \(row)")
    }
  }
}

private struct Table: Module {
  var weight: Tensor
  mutating func visit(_ visitor: inout ParameterVisitor) { visitor.parameter("weight", &weight) }
}

private struct Frozen: Module {
  var embedding: Embedding
  mutating func visit(_ visitor: inout ParameterVisitor) { visitor.module("embedding", &embedding) }
}

@Suite struct TrainerTests {
  @Test func aLossThatIsNotFiniteStopsAndChangesNothing() throws {
    let task = Task()
    var trainer = try task.train(try AnyModel(.lstm), steps: 2)
    let before = trainer.model.namedTensors
    let failure = #expect(throws: Failure.self) {
      try trainer.step(on: [(batch: (), count: 1)]) { model, _, phase in
        crossEntropy(logits: model(PackedTokens(task.sequences), phase), targets: task.labels) * Double.infinity
      }
    }
    #expect(failure?.kind == .diverged)
    #expect(failure?.problem.contains("step 3") == true)
    #expect(failure?.problem.contains("the gradient of") == true)
    for (a, b) in zip(trainer.model.namedTensors, before) { #expect(a.tensor.isIdentical(to: b.tensor)) }
    #expect(trainer.optimizer.stepCount == 2)
  }

  @Test func clippingBoundsTheNormAndEveryNumber() throws {
    let table = Table(weight: Tensor([3, -4] as [Float], shape: [1, 2]))
    var configuration = OptimizerConfiguration()
    (configuration.kind, configuration.learningRate) = (.sgd, 1)
    func stepped(_ clipping: GradientClipping) throws -> [Float] {
      var trainer = Trainer(
        model: table, optimizer: Optimizer(configuration), clipping: clipping, key: RandomKey(seed: 0))
      _ = try trainer.step(on: [(batch: (), count: 1)]) { model, _, _ in (square(model.weight) * 0.5).sum() }
      return trainer.model.weight.floats
    }
    let byNorm = try stepped(GradientClipping(norm: 1))
    #expect(abs(byNorm[0] - 2.4) < 1e-5 && abs(byNorm[1] + 3.2) < 1e-5)
    #expect(try stepped(GradientClipping(value: 0.5)) == [2.5, -3.5])
    #expect(try stepped(GradientClipping()) == [0, 0])
  }

  /// The root of 0 has a finite loss and the gradient ±∞ or, times 0, NaN: cut to a limit it would look sound.
  @Test(
    arguments: [GradientClipping(), GradientClipping(value: 0.5), GradientClipping(norm: 1, value: 0.5)],
    [1.0, -1.0, 0.0])
  func clippingHidesNoGradientThatIsNotFinite(_ clipping: GradientClipping, _ factor: Double) throws {
    let table = Table(weight: Tensor([0, 4] as [Float], shape: [1, 2]))
    var trainer = Trainer(
      model: table, optimizer: Optimizer(OptimizerConfiguration()), clipping: clipping, key: RandomKey(seed: 0))
    let failure = #expect(throws: Failure.self) {
      try trainer.step(on: [(batch: (), count: 1)]) { model, _, _ in (sqrt(model.weight) * factor).sum() }
    }
    #expect(failure?.kind == .diverged && failure?.problem.contains("the gradient of weight is not finite") == true)
    #expect(trainer.model.weight.isIdentical(to: table.weight))
  }

  @Test func earlyStoppingKeepsTheBestAndCountsTheStalled() {
    var stopping = EarlyStopping(higherIsBetter: false, patience: 2)
    #expect(stopping.take(1, epoch: 1) == .improved)
    #expect(stopping.take(.nan, epoch: 2) == .stalled)
    #expect(stopping.take(0.5, epoch: 3) == .improved)
    #expect(stopping.take(0.5, epoch: 4) == .stalled)
    #expect(stopping.take(0.6, epoch: 5) == .exhausted)
    #expect(stopping.bestEpoch == 3 && stopping.best == 0.5)
  }

  @Test func theNewestCheckpointIsFoundAndADamagedOneRefused() throws {
    try TestFiles.withDirectory { directory in
      let folder = CheckpointFolder("\(directory)/checkpoints")
      #expect(try folder.newest { _, _, _ in 1 } == nil)
      for step in [1, 2, 30] {
        try folder.write(
          step: step, tensors: [("w", Tensor(repeating: Double(step), shape: [3]))],
          state: .object(["step": .number(step)]))
      }
      #expect(try InputFile.names(in: folder.path).count == 2)
      let found = try folder.newest { reader, state, _ in
        (try reader.tensor("w").floats[0], state["step"]?.integerValue)
      }
      #expect(found?.0 == 30 && found?.1 == 30)
      let newest = "\(folder.path)/step-000000030.safetensors"
      let bytes = try InputFile.contents(of: newest)
      for index in bytes.indices {
        var damaged = bytes
        damaged[index] ^= 0x10
        try OutputFile.write(damaged, to: newest)
        #expect(throws: Failure.self, "a flipped bit in byte \(index)") { try folder.newest { _, _, _ in 0 } }
      }
    }
  }
}
