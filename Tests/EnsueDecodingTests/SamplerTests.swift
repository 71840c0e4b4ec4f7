// Draws: the distributions after every cut against transformers (Tests/Goldens/sampling.py), and their laws.

import EnsueDecoding
import EnsueFiles
import EnsueTensor
import EnsueTestSupport
import Testing

/// Scores of one row.
private func scores(_ logits: [Double]) throws -> TokenScores {
  try TokenScores(Tensor(logits, shape: [1, logits.count]))
}

/// Options after some changes.
private func options(_ change: (inout SamplingOptions) -> Void) -> SamplingOptions {
  var options = SamplingOptions(seed: 7)
  change(&options)
  return options
}

@Suite struct SamplerGoldens {
  @Test func distributionsEqualTheReference() throws {
    let reader = try SafetensorsReader(TestFiles.golden("sampling.safetensors"))
    let names = reader.names.compactMap { $0.hasSuffix("/logits") ? String($0.dropLast(7)) : nil }
    #expect(names.count == 19)
    for name in names {
      let numbers = try reader.tensor("\(name)/options").doubles
      let cuts = options {
        if numbers[0] > 0 { $0.repetitionPenalty = numbers[0] }
        $0.temperature = numbers[1]
        if numbers[2] > 0 { $0.topK = Int(numbers[2]) }
        if numbers[3] > 0 { $0.topP = numbers[3] }
        if numbers[4] > 0 { $0.minP = numbers[4] }
      }
      let recent = try reader.integers("\(name)/recent").map { Int32($0) }
      let expected = try reader.tensor("\(name)/probabilities").doubles
      var found = expected.map { _ in 0.0 }
      let row = try scores(try reader.tensor("\(name)/logits").doubles)
      for candidate in try Sampler(cuts).candidates(row, recent: recent) {
        found[Int(candidate.id)] = candidate.probability
      }
      #expect(found.map { $0 > 0 } == expected.map { $0 > 0 }, "\(name): what is cut")
      let disagreement = Disagreement(found, expected, relative: 1e-12, absolute: 1e-15)
      #expect(disagreement.isSmall, "\(name): \(disagreement)")
    }
  }
}

@Suite struct SamplerTests {
  private static let logits = [0.3, -1.2, 2.0, 0.9, 2.0, -0.5]

  private func drawn(_ options: SamplingOptions, _ count: Int, sequence: Int = 0) throws -> [Int32] {
    let (sampler, row) = (try Sampler(options), try scores(Self.logits))
    return try (0..<count).map { try sampler.draw(from: row, sequence: sequence, position: $0).id }
  }

  @Test func frequenciesAreProbabilities() throws {
    let count = 20_000
    for cuts in [options { _ in }, options { $0.temperature = 0.5 }, options { $0.topK = 3 }] {
      let sampler = try Sampler(cuts)
      let ids = try drawn(cuts, count)
      for candidate in try sampler.candidates(try scores(Self.logits)) {
        let (p, share) = (candidate.probability, Double(ids.count { $0 == candidate.id }) / Double(count))
        // Five standard deviations.
        #expect(abs(share - p) < 5 * (p * (1 - p) / Double(count)).squareRoot(), "symbol \(candidate.id)")
      }
    }
  }

  @Test func drawsAreFunctionsOfTheirPlace() throws {
    let cuts = options { _ in }
    let ids = try drawn(cuts, 50)
    #expect(ids == (try drawn(cuts, 50)))
    #expect(ids != (try drawn(cuts, 50, sequence: 1)))
    #expect(ids != (try drawn(options { $0.seed = 8 }, 50)))
    // Whatever was drawn before.
    let (sampler, row) = (try Sampler(cuts), try scores(Self.logits))
    #expect(ids[31] == (try sampler.draw(from: row, position: 31).id))
  }

  @Test func greedyTakesTheLikeliestAndOfEqualOnesTheLower() throws {
    #expect(try drawn(.greedy, 5) == [2, 2, 2, 2, 2])
    #expect(try drawn(options { ($0.temperature, $0.excludedIDs) = (0, [2]) }, 3) == [4, 4, 4])
    #expect(try Set(drawn(options { $0.topK = 1 }, 20)) == [2])
    #expect(try Set(drawn(options { $0.topP = 1e-9 }, 20)) == [2])
    // As cold as it gets: the two likeliest are drawn, and nothing is not a number.
    #expect(try Set(drawn(options { $0.temperature = 1e-300 }, 60)) == [2, 4])
  }

  @Test func probabilitiesAreTheModelsOwn() throws {
    let total = Self.logits.reduce(0) { $0 + exponential($1) }
    let cuts = options {
      ($0.temperature, $0.topK, $0.repetitionPenalty, $0.likeliestCount) = (0.4, 2, 3, 3)
    }
    let drawn = try Sampler(cuts).draw(from: try scores(Self.logits), recent: [2], position: 0)
    #expect(abs(drawn.logProbability - (Self.logits[Int(drawn.id)] - logarithm(total))) < 1e-12)
    #expect(drawn.likeliest.map(\.id) == [2, 4, 3])
    #expect(abs(drawn.likeliest[2].logProbability - (0.9 - logarithm(total))) < 1e-12)
  }

  private func exponential(_ x: Double) -> Double { exp(Tensor([x], shape: [1])).scalar }
  private func logarithm(_ x: Double) -> Double { log(Tensor([x], shape: [1])).scalar }

  @Test func thePenaltyLooksAtItsWindow() throws {
    // Symbol 2 loses its place only while the window reaches back to it.
    func best(window: Int?, _ recent: [Int32]) throws -> Int32 {
      let cuts = options { ($0.temperature, $0.repetitionPenalty, $0.repetitionWindow) = (0, 1.5, window) }
      return try Sampler(cuts).draw(from: try scores(Self.logits), recent: recent, position: 0).id
    }
    #expect(try best(window: nil, [2, 0, 0, 0]) == 4)
    #expect(try best(window: 4, [2, 0, 0, 0]) == 4)
    #expect(try best(window: 3, [2, 0, 0, 0]) == 2)
    #expect(try best(window: 0, [2]) == 2)
  }

  @Test func whatCannotFollowIsNeverDrawn() throws {
    let row = try scores([-.infinity, 1, -.infinity, 1])
    let sampler = try Sampler(options { $0.temperature = 3 })
    #expect(try Set((0..<50).map { try sampler.draw(from: row, position: $0).id }) == [1, 3])
    #expect(abs(row.logProbability(of: 1, row: 0) - logarithm(0.5)) < 1e-12)
    #expect(row.logProbability(of: 0, row: 0) == -.infinity)
  }

  @Test func damagedScoresAreFailures() throws {
    for logits in [[1.0, .nan, 2], [.nan, .nan], [.infinity, 1], [-.infinity, -.infinity]] {
      let failure = #expect(throws: Failure.self) { try scores(logits) }
      #expect(failure?.kind == .data)
    }
    let sampler = try Sampler(options { $0.excludedIDs = [0, 1, 99, -1] })
    let failure = #expect(throws: Failure.self) { try sampler.draw(from: try scores([1, 2]), position: 0) }
    #expect(failure?.kind == .data)
  }

  @Test func optionsOutOfRangeAreNamed() throws {
    let wrong: [(String, (inout SamplingOptions) -> Void)] = [
      ("repetitionPenalty", { $0.repetitionPenalty = 0 }), ("repetitionPenalty", { $0.repetitionPenalty = .nan }),
      ("repetitionWindow", { $0.repetitionWindow = -1 }), ("temperature", { $0.temperature = -0.1 }),
      ("temperature", { $0.temperature = .infinity }), ("temperature", { $0.temperature = .nan }),
      ("topK", { $0.topK = 0 }), ("topP", { $0.topP = 0 }), ("topP", { $0.topP = 1.01 }), ("topP", { $0.topP = .nan }),
      ("minP", { $0.minP = -0.01 }), ("minP", { $0.minP = 2 }), ("likeliestCount", { $0.likeliestCount = -1 }),
    ]
    for (name, change) in wrong {
      let failure = #expect(throws: Failure.self, "\(name)") { try Sampler(options(change)) }
      #expect(failure?.kind == .configuration && failure?.place == name)
    }
  }
}
