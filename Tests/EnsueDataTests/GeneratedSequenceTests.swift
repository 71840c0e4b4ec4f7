// Laws of all sequence tasks: the same example whenever asked, shapes as promised, packing, requests.

import EnsueData
import EnsueFiles
import Testing

/// The tasks that need no file, in their variants.
func generatedTasks(seed: UInt64 = 1) throws -> [any SequenceTask] {
  [
    try LatchTask(seed: seed), try LatchTask(length: 12, cue: .indicator, asksForClass: true, seed: seed),
    try AddingProblem(length: 31, seed: seed), try AddingProblem(length: 40, lengthsVary: true, seed: seed),
    try CopyMemory(delay: 7, seed: seed), try CopyMemory(delay: 3, rememberedCount: 4, symbolCount: 2, seed: seed),
    try Reversal(length: 20, seed: seed), try Reversal(length: 13, symbolCount: 5, seed: seed),
    try GeneratedChorales(trainingCount: 40, validationCount: 40, testCount: 40, seed: seed),
  ]
}

/// The mean and the variance of numbers.
func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
}

@Suite struct GeneratedSequenceTests {
  @Test(arguments: SequencePart.allCases) func anExampleIsAFunctionOfItsIndex(_ part: SequencePart) throws {
    for (task, again) in zip(try generatedTasks(), try generatedTasks()) {
      let forwards = (0..<40).map { task.example($0, of: part) }
      let backwards = (0..<40).reversed().map { again.example($0, of: part) }
      #expect(forwards == backwards.reversed(), "\(task.summary)")
    }
  }

  @Test func indicesPartsAndSeedsDiffer() throws {
    for (task, other) in zip(try generatedTasks(seed: 1), try generatedTasks(seed: 2)) {
      // Four symbols out of two are 16 sequences in all.
      if (task as? CopyMemory)?.symbolCount == 2 { continue }
      var seen = Set<[Float]>()
      var count = 0
      for part in SequencePart.allCases {
        for index in 0..<40 {
          seen.insert(task.example(index, of: part).inputs)
          seen.insert(other.example(index, of: part).inputs)
          count += 2
        }
      }
      #expect(seen.count == count, "\(task.summary)")
    }
  }

  @Test func shapesAreAsPromised() throws {
    for task in try generatedTasks() {
      for index in 0..<20 {
        let example = task.example(index, of: .test)
        #expect(example.inputSize == task.inputSize && example.target.kind == task.targetKind)
        #expect(example.inputs.count == example.length * task.inputSize && !example.judged.isEmpty)
        #expect(example.judged.upperBound == example.length && example.inputs.allSatisfy(\.isFinite))
        switch example.target {
        case .number(let number): #expect(number.isFinite && task.outputSize == 1)
        case .classIndex(let index): #expect(0..<task.outputSize ~= Int(index))
        case .symbols(let symbols): #expect(symbols.allSatisfy { 0..<task.outputSize ~= Int($0) })
        case .multiHot(let values):
          #expect(values.count == example.length * task.outputSize && values.allSatisfy { $0 == 0 || $0 == 1 })
        }
      }
      #expect(task.baseline(on: .test).loss > 0 && task.baseline(on: .test).loss.isFinite)
      #expect(task.name == task.kind.rawValue && !task.summary.isEmpty)
    }
  }

  /// What a seed gives is a promise. Latching goes through the system's logarithm and is compared as numbers.
  @Test func seedsStayWhatTheyAre() throws {
    let digests = try generatedTasks(seed: 7).dropFirst(2).map { task -> String in
      var bytes: [UInt8] = []
      for part in SequencePart.allCases {
        for index in [0, 1, 39] {
          for value in task.example(index, of: part).inputs {
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
          }
        }
      }
      return Digest(of: bytes).description
    }
    #expect(
      digests == [
        "764cc48f1873edd835f549a50a14d536", "c97706c03264d9de826f33e6ac1b88b4", "889d53f259112df1e0de944d50c36a39",
        "8b5778a954bf27ec4b702595c7c2ccbf", "ca1304bf9bcf34470f30479674b9db1f", "0052bb7e764bee55453099d895912c30",
        "17dfcab2545ca94fbd29aa377f375c50",
      ])
    let noise = try LatchTask(length: 6, seed: 7).example(0, of: .training).inputs
    #expect(
      zip(noise, [-1, -1, -1, 0.266_433_6, -0.160_506_26, 0.081_242_45] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 },
      "\(noise)")
  }

  @Test func batchesArePackedLongestFirst() throws {
    let example = { (length: Int, base: Float) in
      SequenceExample(
        inputSize: 2, inputs: (0..<(2 * length)).map { base + Float($0) },
        target: .symbols((0..<length).map { Int32(base) + Int32($0) }), judged: (length - 1)..<length)
    }
    let batch = SequenceBatch([example(1, 100), example(3, 200), example(2, 300), example(3, 400)])
    #expect(batch.order == [1, 3, 2, 0] && batch.lengths == [3, 3, 2, 1] && batch.inputSize == 2)
    #expect(batch.inputs == [200, 201, 400, 401, 300, 301, 100, 101, 202, 203, 402, 403, 302, 303, 204, 205, 404, 405])
    #expect(batch.targets == .symbols([200, 400, 300, 100, 201, 401, 301, 202, 402]))
    #expect(batch.judgedRows == [3, 6, 7, 8])
  }

  @Test func batchesHoldTheirExamples() throws {
    for task in try generatedTasks() {
      let indices = [5, 0, 17, 3]
      let batch = task.batch(indices, of: .validation)
      let examples = batch.order.map { task.example(indices[$0], of: .validation) }
      #expect(batch.lengths == examples.map(\.length))
      #expect(batch.judgedRows.count == examples.reduce(0) { $0 + $1.judged.count })
      // Rows step by step, as anyone would pack them.
      var inputs: [Float] = []
      var symbols: [Int32] = []
      var values: [Float] = []
      for step in 0..<batch.lengths[0] {
        for example in examples where step < example.length {
          inputs += example.input(at: step)
          if case .symbols(let all) = example.target { symbols.append(all[step]) }
          if case .multiHot(let all) = example.target { values += all[(step * 88)..<(step * 88 + 88)] }
        }
      }
      #expect(batch.inputs == inputs)
      switch batch.targets {
      case .numbers(let numbers): #expect(examples.map(\.target) == numbers.map(SequenceTarget.number))
      case .classes(let classes): #expect(examples.map(\.target) == classes.map(SequenceTarget.classIndex))
      case .symbols(let rows): #expect(rows == symbols)
      case .multiHot(let rows): #expect(rows == values)
      }
    }
  }

  @Test func namesAreWhatOneTypes() {
    #expect(
      SequenceTaskKind.allCases.map(\.rawValue) == [
        "latch", "adding", "copy-memory", "reversal", "chorales", "generated-chorales",
      ])
    #expect(SequenceTaskKind.allCases.allSatisfy { !$0.summary.isEmpty })
    #expect(
      SequenceTargetKind.allCases.map(\.rawValue) == [
        "number-at-end", "class-at-end", "symbol-at-every-step", "multi-hot-at-every-step",
      ])
  }

  @Test(arguments: SequenceTaskKind.allCases.filter { !$0.needsFile }) func requestsMakeTasks(_ kind: SequenceTaskKind)
    throws
  {
    let task = try SequenceTaskRequest(kind: kind, seed: 3).task()
    #expect(task.kind == kind)
    #expect(try task.example(2, of: .test) == SequenceTaskRequest(kind: kind, seed: 3).task().example(2, of: .test))
  }

  @Test(arguments: [
    (SequenceTaskRequest(kind: .latch, length: 3), Failure.Kind.configuration, "a number from 4 to 100000"),
    (SequenceTaskRequest(kind: .latch, length: 100_001), .configuration, "found 100001"),
    (SequenceTaskRequest(kind: .adding, length: 1), .configuration, "a number from 2 to 100000 expected, found 1"),
    (SequenceTaskRequest(kind: .adding, length: .min), .configuration, "found -9223372036854775808"),
    (SequenceTaskRequest(kind: .copyMemory, length: 0), .configuration, "a number from 1 to 100000"),
    (SequenceTaskRequest(kind: .reversal, length: 0), .configuration, "a number from 1 to 100000 expected, found 0"),
    (SequenceTaskRequest(kind: .chorales), .usage, "a file of chorales expected, found none"),
    (SequenceTaskRequest(kind: .chorales, length: 5, path: "x.json"), .usage, "no length for the task chorales"),
    (SequenceTaskRequest(kind: .generatedChorales, length: 5), .usage, "no length for the task generated-chorales"),
    (SequenceTaskRequest(kind: .adding, path: "a\nb"), .usage, "found 'a\\nb'"),
    (SequenceTaskRequest(kind: .chorales, path: "/no/such/file.json"), .missing, "cannot be read"),
  ])
  func requestsThatAreRefused(_ request: SequenceTaskRequest, _ kind: Failure.Kind, _ words: String) throws {
    let failure = try #require(throws: Failure.self) { _ = try request.task() }
    #expect(failure.kind == kind && failure.description.contains(words), "\(failure)")
  }

  @Test func settingsOutOfRange() {
    #expect(throws: Failure.self) { try LatchTask(cueLength: 0) }
    #expect(throws: Failure.self) { try LatchTask(noise: -0.1) }
    #expect(throws: Failure.self) { try LatchTask(noise: .nan) }
    #expect(throws: Failure.self) { try LatchTask(noise: .infinity) }
    #expect(throws: Failure.self) { try CopyMemory(rememberedCount: 0) }
    #expect(throws: Failure.self) { try CopyMemory(symbolCount: 1) }
    #expect(throws: Failure.self) { try Reversal(symbolCount: 257) }
    #expect(throws: Failure.self) { try GeneratedChorales(validationCount: 0) }
    #expect(throws: Failure.self) { try GeneratedChorales(phraseCounts: 0...3) }
    #expect(throws: Failure.self) { try GeneratedChorales(phraseCounts: 1...101) }
  }
}
