// What every part of a Transformer must do: gradients, independence of a batch's other sequences, threads, files.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct TransformerLaws {
  private static let lengths = [3, 5, 1, 4]
  private static let memoryLengths = [2, 1, 4, 3]

  private static func subjects(dropout: Double = 0) throws -> [TransformerSubject] {
    try TransformerSubject.goldens() + TransformerSubject.stacks(dropout: dropout)
  }

  @Test func gradientsEqualFiniteDifferences() throws {
    for subject in try Self.subjects(dropout: 0.3) {
      let x = subject.input(Self.lengths, .float64)
      let memory = subject.memory(Self.memoryLengths, .float64)
      let direction = Tensor.normal(x.values.shape, key: RandomKey(seed: 8), .float64)
      let phase = Phase.training(RandomKey(seed: 9))
      let disagreements = gradientDisagreements(of: subject.part) {
        ($0(x, memory: memory, phase).values * direction).sum()
      }
      for (parameter, disagreement) in disagreements {
        #expect(disagreement.isSmall, "\(subject.name) \(parameter): \(disagreement)")
      }
    }
  }

  @Test func aSequenceAloneEqualsItInABatchBitForBit() throws {
    for subject in try Self.subjects() {
      let (x, memory) = (subject.input(Self.lengths), subject.memory(Self.memoryLengths))
      let all = CallerRows.sequences(subject.part(x, memory: memory))
      let (sequences, memories) = (CallerRows.sequences(x), CallerRows.sequences(memory))
      for index in sequences.indices {
        let alone = subject.part(
          CallerRows.batch([sequences[index]]), memory: CallerRows.batch([memories[index]]))
        #expect(alone.values.isIdentical(to: all[index]), "\(subject.name): sequence \(index)")
      }
      let reversed = CallerRows.sequences(
        subject.part(CallerRows.batch(sequences.reversed()), memory: CallerRows.batch(memories.reversed())))
      for (a, b) in zip(reversed.reversed(), all) { #expect(a.isIdentical(to: b), "\(subject.name) reversed") }
    }
  }

  @Test func oneThreadEqualsManyBitForBit() throws {
    for subject in try Self.subjects(dropout: 0.2) {
      let x = subject.input([40, 3, 17, 29])
      let memory = subject.memory([5, 31, 2, 9])
      let phase = Phase.training(RandomKey(seed: 9))
      let runs = [1, 2, 5].map { threads in
        ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
          valueAndGradient(of: subject.part) { square($0(x, memory: memory, phase).values).mean() }
        }
      }
      for run in runs.dropFirst() {
        #expect(run.value.isIdentical(to: runs[0].value), "\(subject.name)")
        for name in runs[0].gradients.names {
          let (a, b) = (run.gradients[name]?.dense, runs[0].gradients[name]?.dense)
          #expect(a.map { b?.isIdentical(to: $0) == true } ?? (b == nil), "\(subject.name) \(name)")
        }
      }
    }
  }

  @Test func savedAndLoadedIsTheSame() throws {
    try TestFiles.withDirectory { directory in
      for subject in try Self.subjects() {
        let path = "\(directory)/weights.safetensors"
        try SafetensorsWriter.write(subject.part.namedTensors, to: path)
        var other = subject.part
        other.forEachParameter { _, tensor, _ in tensor = .zeros(tensor.shape) }
        try other.load(SafetensorsReader(path), path: path)
        for (a, b) in zip(subject.part.namedTensors, other.namedTensors) {
          #expect(a.tensor.isIdentical(to: b.tensor), "\(subject.name) \(a.name)")
        }
      }
    }
  }

  @Test func visitNamesEveryTensor() throws {
    for subject in try Self.subjects() {
      #expect(Self.tensorCount(in: subject.part) == subject.part.parameters.count, "\(subject.name)")
      #expect(Set(subject.part.parameters.map(\.name)).count == subject.part.parameters.count, "\(subject.name)")
    }
  }

  private static func tensorCount(in value: Any) -> Int {
    if value is Tensor { return 1 }
    return Mirror(reflecting: value).children.reduce(0) { $0 + tensorCount(in: $1.value) }
  }

  /// Masked self-attention: what comes later cannot be seen.
  @Test func aLaterStepChangesNoEarlierOne() throws {
    for subject in try Self.subjects() where subject.isCausal {
      let x = subject.input([6]), memory = subject.memory([3])
      var changed = x.values.floats
      for index in 4 * TransformerSubject.width..<changed.count { changed[index] += 1 }
      let other = x.replacingValues(Tensor(changed, shape: x.values.shape))
      let (a, b) = (subject.part(x, memory: memory).values, subject.part(other, memory: memory).values)
      #expect(a.sliced(0..<4, axis: 0).isIdentical(to: b.sliced(0..<4, axis: 0)), "\(subject.name)")
      #expect(!a.sliced(4..<5, axis: 0).isIdentical(to: b.sliced(4..<5, axis: 0)), "\(subject.name)")
    }
  }
}

extension TransformerSubject {
  fileprivate var isCausal: Bool {
    switch part {
    case .attention(_, let reach), .encoderBlock(_, let reach), .encoder(_, let reach): reach == .causal
    case .crossAttention: false
    case .decoderBlock, .decoder: true
    }
  }
}
