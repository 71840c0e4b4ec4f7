// Laws of the generated reviews: equal bags, opposite labels, no overlap, the same for the same seed.

import EnsueData
import EnsueFiles
import Testing

@Suite struct ReviewTests {
  private func words(_ text: String) -> [[UInt8]] { text.utf8.split(separator: UInt8(ascii: " ")).map(Array.init) }

  private func bag(_ text: String) -> [[UInt8]] { words(text).sorted { $0.lexicographicallyPrecedes($1) } }

  @Test(arguments: [1, 2, 77]) func partsAreWhatTheyPromise(_ seed: UInt64) throws {
    let splits = try ReviewCorpus(seed: seed).splits()
    #expect(splits.parts.map(\.count) == [6_000, 1_000, 1_000])
    var owner: [[[UInt8]]: String] = [:]
    for part in splits.parts {
      #expect(part.classBalance.counts == [part.count / 2, part.count / 2])
      var labels: [[[UInt8]]: [Int]] = [:]
      for example in part.examples { labels[bag(example.text), default: []].append(example.label) }
      #expect(labels.count == part.count / 2)
      #expect(labels.values.allSatisfy { $0.sorted() == [0, 1] })
      for key in labels.keys { #expect(owner.updateValue(part.name, forKey: key) == nil) }
    }
    #expect(Set(splits.parts.flatMap(\.examples).map { Array($0.text.utf8) }).count == 8_000)
  }

  @Test func seedDecidesEverything() throws {
    let small = ReviewCorpus(trainingCount: 200, validationCount: 20, testCount: 20, seed: 4)
    #expect(try small.splits() == small.splits())
    var other = small
    other.seed = 5
    #expect(try small.splits().training.contentDigest != other.splits().training.contentDigest)
    #expect(try small.splits().training.contentDigest.description == "8a6894da9a2a498de1f5e761e07b3d6f")
  }

  @Test func namedPairsAreFairAndHeldOut() throws {
    let splits = try ReviewCorpus().splits()
    let known = Set(splits.training.examples.flatMap { words($0.text) })
    let bags = Set(splits.parts.flatMap(\.examples).map { bag($0.text) })
    #expect(WordOrder.pairs.count >= 6)
    for pair in WordOrder.pairs {
      #expect(bag(pair.positive) == bag(pair.negative) && pair.positive != pair.negative)
      #expect(words(pair.positive).allSatisfy { known.contains($0) }, "\(pair.positive)")
      #expect(!bags.contains(bag(pair.positive)))
    }
  }

  @Test func freshPairsAreNew() throws {
    let training = try ReviewCorpus().splits().training
    let pairs = WordOrder.freshPairs(500, seed: 1, excluding: [training])
    #expect(pairs.count == 500 && pairs == WordOrder.freshPairs(500, seed: 1, excluding: [training]))
    let bags = Set(training.examples.map { bag($0.text) })
    for pair in pairs {
      #expect(bag(pair.positive) == bag(pair.negative) && pair.positive != pair.negative)
      #expect(!bags.contains(bag(pair.positive)))
    }
    #expect(pairs != WordOrder.freshPairs(500, seed: 2, excluding: [training]))
  }

  /// The word at one place, over all lengths of opening, says nothing: of no (place, word) seen often is the share of
  /// positive sentences far from one half.
  @Test func placesAloneTellLittle() throws {
    let training = try ReviewCorpus().splits().training
    var counts: [[UInt8]: (positive: Int, all: Int)] = [:]
    for example in training.examples {
      for (place, word) in words(example.text).enumerated() {
        counts[Array("\(place) ".utf8) + word, default: (0, 0)].positive += example.label
        counts[Array("\(place) ".utf8) + word, default: (0, 0)].all += 1
      }
    }
    for (key, count) in counts where count.all >= 400 {
      let share = Double(count.positive) / Double(count.all)
      #expect(abs(share - 0.5) < 0.1, "\(Failure.shown(key)) \(share)")
    }
  }

  @Test(arguments: [(3, 0, 0), (0, 0, 0), (-2, 0, 0), (2, 1, 0), (2, 0, 200_002)])
  func wrongCounts(_ training: Int, _ validation: Int, _ test: Int) throws {
    let corpus = ReviewCorpus(trainingCount: training, validationCount: validation, testCount: test)
    let failure = try #require(throws: Failure.self) { _ = try corpus.splits() }
    #expect(failure.kind == .configuration)
  }
}
