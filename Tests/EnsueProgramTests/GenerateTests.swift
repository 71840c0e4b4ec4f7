// What ensue generate can be asked for.

import EnsueBundle
import EnsueFiles
import EnsueText
import Foundation
import Testing

@Suite struct GenerateTests {
  private func run(_ options: [String], _ body: (Sandbox, (_ more: [String]) throws -> ProgramResult) throws -> Void)
    throws
  {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      try body(sandbox) { try Program.run(["generate", "run"] + options + $0, in: sandbox.path) }
    }
  }

  @Test func severalPromptsAreTheSameAsEachAlone() throws {
    try run(["--length", "30", "--seed", "3"]) { sandbox, generate in
      try sandbox.write("the\r\na film\n\nb\n", "prompts.txt")
      let together = try generate(["--prompts", "prompts.txt", "--json"])
      let texts = try together.outputLines.map {
        try #require(try JSONValue.parse(Array($0.utf8), name: "line").objectValue)
      }
      #expect(texts.map { $0["prompt"]?.stringValue } == ["the\r", "a film", "", "b"], "\(together)")
      let first = try generate(["--prompt", "the\r", "--json"])
      #expect(first.outputLines == Array(together.outputLines.prefix(1)))
      // Streamed or not, a text is the same.
      let streamed = try generate(["--prompt", "the\r"])
      #expect(streamed.outputText == "the\r" + (texts[0]["text"]?.stringValue ?? "") + "\n")
      let samples = try generate(["--prompt", "the", "--samples", "3", "--json"])
      #expect(Set(samples.outputLines).count == 3, "\(samples)")
    }
  }

  @Test func stopStringsEndATextAndAreNotInIt() throws {
    try run(["--length", "200", "--prompt", "the"]) { _, generate in
      let whole = String(try generate([]).outputText.dropFirst(3).dropLast())
      let stop = String(whole.dropFirst(8).prefix(3))
      let cut = try generate(["--stop", stop, "--stop", "never there"])
      let range = try #require(whole.range(of: stop))
      #expect(cut.outputText == "the" + whole[..<range.lowerBound] + "\n", "\(cut)")
      if let end = whole.firstIndex(of: "\n") {
        #expect(try generate(["--stop", "\\n"]).outputText == "the" + whole[..<end] + "\n")
      }
    }
  }

  @Test func logProbabilitiesAddUp() throws {
    try run(["--length", "12", "--prompt", "the", "--temperature", "0"]) { _, generate in
      let result = try generate(["--log-probabilities", "--json"])
      let object = try JSONValue.parse(result.output, name: "line").objectValue
      let tokens = try #require(object?["tokens"]?.arrayValue, "\(result)")
      #expect(tokens.count == 12)
      #expect(tokens.compactMap { $0.objectValue?["text"]?.stringValue }.joined() == object?["text"]?.stringValue)
      for token in tokens { #expect(token.objectValue?["logProbability"]?.doubleValue ?? 1 <= 0) }
      let lines = try generate(["--log-probabilities"]).outputLines
      #expect(lines.count == 13 && lines[0].split(separator: "\t").count >= 2)
    }
  }

  @Test func aBeamIsAtLeastAsLikelyAsGreed() throws {
    try run(["--length", "8", "--prompt", "the"]) { _, generate in
      let greedy = try generate(["--temperature", "0"])
      #expect(try generate(["--beam", "1"]).outputText == greedy.outputText)
      let drawn = try generate(["--temperature", "0", "--json", "--log-probabilities"])
      let tokens = try JSONValue.parse(drawn.output, name: "line").objectValue?["tokens"]?.arrayValue
      let least = try #require(tokens).reduce(0) { $0 + ($1.objectValue?["logProbability"]?.doubleValue ?? .nan) }
      let best = try generate(["--beam", "4", "--samples", "3", "--json"])
      let sums = try best.outputLines.map { line in
        let object = try #require(try JSONValue.parse(Array(line.utf8), name: "line").objectValue)
        #expect(object["prompt"]?.stringValue == "the" && object["tokens"] == nil, "\(best)")
        return try #require(object["logProbability"]?.doubleValue, "\(best)")
      }
      #expect(sums.count == 3 && sums == sums.sorted(by: >) && sums[0] >= least - 1e-9, "\(sums), greedy \(least)")
      let shown = try generate(["--beam", "4", "--samples", "3", "--json", "--log-probabilities"])
      for (line, sum) in zip(shown.outputLines, sums) {
        let object = try #require(try JSONValue.parse(Array(line.utf8), name: "line").objectValue)
        let tokens = try #require(object["tokens"]?.arrayValue).map { $0.objectValue }
        let text = tokens.compactMap { $0?["text"]?.stringValue }.joined()
        #expect(tokens.count == 8 && text == object["text"]?.stringValue)
        let parts = tokens.compactMap { $0?["logProbability"]?.doubleValue }
        #expect(parts.allSatisfy { $0 <= 0 } && abs(parts.reduce(0, +) - sum) < 1e-9, "\(shown)")
      }
      let lines = try generate(["--beam", "1", "--log-probabilities"]).outputLines
      #expect(try lines == generate(["--temperature", "0", "--log-probabilities"]).outputLines)
    }
  }

  @Test func aBeamOfNothingIsThePrompt() throws {
    try run(["--length", "0", "--prompt", "the", "--beam", "4"]) { _, generate in
      let (plain, json) = (try generate([]), try generate(["--json"]))
      #expect(plain.outputText == "the\n")
      #expect(json.outputText == #"{"prompt":"the","text":"","logProbability":0}"# + "\n")
    }
  }

  /// Counts make the unknown word the likeliest of all, and it is not written for that.
  @Test func neitherDrawsNorABeamWriteTheUnknown() throws {
    try Sandbox.withText { sandbox in
      let trained = try Program.run(
        "train language --data text.txt --model ngram --order 2 --level words --max-words 3 --quiet --out run",
        in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      for options in ["--beam 3", "--beam 1", "--temperature 0", "--seed 2"] {
        let written = try Program.run("generate run --prompt the --length 20 \(options)", in: sandbox.path)
        #expect(written.code == 0 && !written.outputText.contains("<unk>"), "\(options): \(written)")
      }
    }
  }

  /// A table with more rows than the tokenizer has ids.
  @Test func idsWithoutATokenAreNotWritten() throws {
    let folder = PretrainedDecoderTests.folder("gpt2-shards")
    let size = try LanguageModelBundle(contentsOf: folder).codec.vocabularySize
    try Sandbox.with { sandbox in
      let options = "--temperature 100 --samples 40 --length 30 --json --log-probabilities"
      let result = try Program.run(["generate", folder] + Program.words(options), in: sandbox.path)
      let ids = try result.outputLines.flatMap { line in
        try JSONValue.parse(Array(line.utf8), name: "line").objectValue?["tokens"]?.arrayValue ?? []
      }.compactMap { $0.objectValue?["id"]?.integerValue }
      #expect(!ids.isEmpty && ids.allSatisfy { $0 < size }, "\(result)")
    }
  }

  @Test func cutsThatLeaveOneTokenAreGreed() throws {
    try run(["--length", "20", "--prompt", "the", "--seed", "7"]) { _, generate in
      let greedy = try generate(["--temperature", "0"]).outputText
      for cut in [["--top-k", "1"], ["--top-p", "0.000001"], ["--min-p", "1"]] {
        #expect(try generate(cut).outputText == greedy, "\(cut)")
      }
      #expect(try generate(["--repetition-penalty", "5", "--temperature", "0"]).outputText != greedy)
    }
  }

  @Test func aPromptLongerThanTheContext() throws {
    try Sandbox.withText { sandbox in
      let trained = try Program.run(
        "train language --data text.txt --model transformer --width 8 --heads 2 --layers 1 --context 6 --max-steps 4"
          + " --validate-every 2 --quiet --out gpt", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let log = try sandbox.text("gpt/metrics.jsonl")
      #expect(log.contains("\"step\":2,") && log.contains("\"step\":4,") && !log.contains("\"step\":6,"), "\(log)")
      let long = try Program.run(["generate", "gpt", "--prompt", "seven77"], in: sandbox.path)
      #expect(long.code == 65 && long.errorText.contains("context of 6 characters"), "\(long)")
      try sandbox.write("the\nseven77\n", "prompts.txt")
      let second = try Program.run(["generate", "gpt", "--prompts", "prompts.txt"], in: sandbox.path)
      #expect(second.code == 65 && second.errorText.contains("prompts.txt:2"), "\(second)")
      // What is written may be longer than the context.
      let written = try Program.run(["generate", "gpt", "--prompt", "the", "--length", "40"], in: sandbox.path)
      #expect(written.code == 0 && written.outputText.unicodeScalars.count == 44, "\(written)")
    }
  }
}
