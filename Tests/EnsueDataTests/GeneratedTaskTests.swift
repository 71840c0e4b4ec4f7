// Latching, adding and copying: what their sequences are made of, and their baselines by simulation.

import EnsueData
import Foundation
import Testing

@Suite struct GeneratedTaskTests {
  /// The number at the end.
  private func answer(_ example: SequenceExample) throws -> Double {
    guard case .number(let number) = example.target else { throw CancellationError() }
    return Double(number)
  }

  @Test func latchShowsTheClassThenNoise() throws {
    let task = try LatchTask(length: 23, cueLength: 3, noise: 0.2)
    var noise: [Double] = []
    var positive = 0
    var products: [Double] = []
    for index in 0..<5_000 {
      let example = task.example(index, of: .training)
      let answer = try answer(example)
      #expect(example.length == 23 && example.judged == 22..<23 && abs(abs(answer) - 0.8) < 1e-7)
      let cue: Float = answer > 0 ? 1 : -1
      #expect(example.inputs[..<3].allSatisfy { $0 == cue })
      let rest = example.inputs[3...].map(Double.init)
      noise += rest
      products.append(answer * rest.reduce(0, +))
      positive += answer > 0 ? 1 : 0
    }
    // 100,000 numbers: the mean within five standard errors, the variance too (its own is σ² √(2/n)).
    let (mean, variance) = moments(noise)
    #expect(abs(mean) < 5 * 0.2 / 100_000.squareRoot())
    #expect(abs(variance - 0.04) < 5 * 0.04 * (2.0 / 100_000).squareRoot())
    let fourth = noise.reduce(0) { $0 + pow($1 / 0.2, 4) } / 100_000
    #expect(abs(fourth - 3) < 5 * (96.0 / 100_000).squareRoot())
    let inside = Double(noise.count { abs($0) < 0.2 }) / 100_000
    #expect(abs(inside - 0.682_689) < 0.008)
    #expect(abs(positive - 2_500) < 5 * 36)
    // The noise says nothing about the class.
    let (covariance, spread) = moments(products)
    #expect(abs(covariance) < 5 * (spread / 5_000).squareRoot())
  }

  @Test func latchIndicatorsAreTrainableInputs() throws {
    let (signs, indicators) = (try LatchTask(length: 9), try LatchTask(length: 9, cue: .indicator, asksForClass: true))
    #expect(signs.inputSize == 1 && indicators.inputSize == 7 && indicators.outputSize == 2)
    for index in 0..<200 {
      let (sign, indicator) = (signs.example(index, of: .test), indicators.example(index, of: .test))
      guard case .classIndex(let label) = indicator.target else { throw CancellationError() }
      #expect(try answer(sign) > 0 ? label == 1 : label == 0)
      for step in 0..<9 {
        var expected = [Float](repeating: 0, count: 7)
        if step < 3 { expected[1 + Int(label) * 3 + step] = 1 } else { expected[0] = sign.inputs[step] }
        #expect(Array(indicator.input(at: step)) == expected)
      }
    }
  }

  @Test func latchBaselines() throws {
    let numbers = try LatchTask()
    let errors = try (0..<100).map { pow(try answer(numbers.example($0, of: .test)), 2) }
    #expect(abs(moments(errors).mean - numbers.baseline(on: .test).loss) < 1e-6)
    let classes = try LatchTask(asksForClass: true)
    #expect(abs(classes.baseline(on: .test).loss - log(2)) < 1e-15)
    #expect(try LatchTask(noise: 0).example(0, of: .test).inputs[3...].allSatisfy { $0 == 0 })
  }

  @Test(arguments: [2, 3, 31, 100]) func addingMarksOneInEachHalf(_ length: Int) throws {
    let task = try AddingProblem(length: length)
    var places = [Int](repeating: 0, count: length)
    for index in 0..<2_000 {
      let example = task.example(index, of: .validation)
      #expect(example.length == length)
      let values = (0..<length).map { example.inputs[2 * $0] }
      let marks = (0..<length).map { example.inputs[2 * $0 + 1] }
      let marked = (0..<length).filter { marks[$0] == 1 }
      #expect(marks.allSatisfy { $0 == 0 || $0 == 1 })
      try #require(marked.count == 2)
      #expect(marked[0] < length / 2 && marked[1] >= length / 2)
      #expect(values.allSatisfy { 0..<1 ~= $0 })
      #expect(try answer(example) == Double(values[marked[0]] + values[marked[1]]))
      for place in marked { places[place] += 1 }
    }
    // Each place of a half equally often, within six standard deviations of its binomial count.
    for (place, count) in places.enumerated() {
      let share = place < length / 2 ? 1 / Double(length / 2) : 1 / Double(length - length / 2)
      #expect(abs(Double(count) - 2_000 * share) <= 6 * (2_000 * share * (1 - share)).squareRoot(), "\(place)")
    }
  }

  @Test func addingValuesAreUniformAndTheBaselineHolds() throws {
    let task = try AddingProblem(length: 20)
    let examples = (0..<20_000).map { task.example($0, of: .training) }
    let errors = try examples.map { pow(try answer($0) - 1, 2) }
    let (error, spread) = moments(errors)
    #expect(task.baseline(on: .training).loss == 1.0 / 6)
    #expect(abs(error - 1.0 / 6) < 5 * (spread / 20_000).squareRoot(), "\(error)")
    var bins = [Int](repeating: 0, count: 10)
    for example in examples { for step in 0..<20 { bins[Int(example.inputs[2 * step] * 10)] += 1 } }
    // χ² with 9 degrees of freedom: above 40 once in 100,000 times.
    #expect(bins.reduce(0.0) { $0 + pow(Double($1) - 40_000, 2) / 40_000 } < 40, "\(bins)")
  }

  @Test func addingLengthsVary() throws {
    let task = try AddingProblem(length: 50, lengthsVary: true)
    #expect(task.lengths == 50...55 && task.summary.contains("50 to 55"))
    var counts: [Int: Int] = [:]
    for index in 0..<6_000 {
      let length = task.example(index, of: .test).length
      counts[length, default: 0] += 1
    }
    #expect(counts.keys.sorted() == Array(50...55))
    #expect(counts.values.allSatisfy { abs($0 - 1_000) < 6 * 29 }, "\(counts)")
    #expect(try AddingProblem(length: 9, lengthsVary: true).lengths == 9...9)
  }

  @Test(arguments: [(1, 10, 8), (7, 10, 8), (100, 10, 8), (3, 1, 2), (20, 5, 30)])
  func copyingAsksForWhatWasShown(_ delay: Int, _ remembered: Int, _ symbolCount: Int) throws {
    let task = try CopyMemory(delay: delay, rememberedCount: remembered, symbolCount: symbolCount)
    #expect(task.inputSize == symbolCount + 2 && task.outputSize == symbolCount + 1)
    for index in 0..<50 {
      let example = task.example(index, of: .training)
      #expect(example.length == delay + 2 * remembered)
      #expect(example.judged == (delay + remembered)..<(delay + 2 * remembered))
      let shown = try (0..<example.length).map { step in
        let row = Array(example.input(at: step))
        #expect(row.reduce(0, +) == 1)
        return try #require(row.firstIndex(of: 1))
      }
      guard case .symbols(let answers) = example.target else { throw CancellationError() }
      #expect(shown[..<remembered].allSatisfy { $0 < symbolCount })
      let blanks = Array(repeating: task.blank, count: delay - 1)
      let silence = Array(repeating: task.blank, count: remembered)
      #expect(Array(shown[remembered...]) == blanks + [task.delimiter] + silence)
      #expect(answers[..<(delay + remembered)].allSatisfy { Int($0) == task.blank })
      #expect(answers[example.judged].map(Int.init) == Array(shown[..<remembered]))
    }
  }

  @Test(arguments: [(1, 8), (2, 2), (10, 8), (31, 5)])
  func reversingAsksForTheSequenceBackwards(_ length: Int, _ symbolCount: Int) throws {
    let task = try Reversal(length: length, symbolCount: symbolCount)
    #expect(abs(task.baseline(on: .test).loss - log(Double(symbolCount))) < 1e-15)
    var counts = [Int](repeating: 0, count: symbolCount)
    for index in 0..<200 {
      let example = task.example(index, of: .training)
      #expect(example.length == length && example.judged == 0..<length)
      let shown = try (0..<length).map { try #require(example.input(at: $0).enumerated().first { $1 == 1 }).offset }
      guard case .symbols(let answers) = example.target else { throw CancellationError() }
      #expect(answers.map(Int.init) == shown.reversed())
      for step in 0..<length { #expect(Int(answers[step]) == shown[task.source(of: step)]) }
      for symbol in shown { counts[symbol] += 1 }
    }
    let expected = 200 * Double(length) / Double(symbolCount)
    #expect(counts.allSatisfy { abs(Double($0) - expected) < 6 * expected.squareRoot() }, "\(counts)")
  }

  /// The best predictor that knows the step and nothing else: the entropy of the answers at each step.
  @Test func copyingBaselineIsTheEntropyOfTheAnswers() throws {
    let task = try CopyMemory(delay: 30)
    #expect(abs(task.baseline(on: .test).loss - 10 * log(8) / 50) < 1e-15)
    let count = 20_000
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 9), count: task.length)
    for index in 0..<count {
      guard case .symbols(let answers) = task.example(index, of: .test).target else { throw CancellationError() }
      for (step, answer) in answers.enumerated() { counts[step][Int(answer)] += 1 }
    }
    let entropies = counts.map { row in
      row.filter { $0 > 0 }.reduce(0.0) { $0 - Double($1) / Double(count) * log(Double($1) / Double(count)) }
    }
    #expect(entropies[..<40].allSatisfy { $0 == 0 })
    // The plug-in entropy of 8 equally likely symbols lies below ln 8 by about 7 / (2 n).
    #expect(entropies[40...].allSatisfy { log(8) - 20.0 / Double(count) < $0 && $0 <= log(8) }, "\(entropies)")
    let mean = entropies.reduce(0, +) / Double(task.length)
    #expect(abs(mean - task.baseline(on: .test).loss) < 1e-3)
  }
}
