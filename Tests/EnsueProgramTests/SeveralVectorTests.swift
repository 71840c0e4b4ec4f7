// Several files of word vectors of the same words, from the command line.

import EnsueFiles
import EnsueTensor
import EnsueText
import Testing

@Suite struct SeveralVectorTests {
  private static let line = "train classify --data data.tsv --test data.tsv --embedding-size 8 --batch 16 --quiet"

  /// Neither file tells all words apart.
  private static func with(_ body: (Sandbox) throws -> Void) throws {
    try Sandbox.with { sandbox in
      try sandbox.write(Sentences.vectors(width: 5), "a.txt")
      try sandbox.write(Sentences.vectors(width: 7, value: "0.5"), "b.txt")
      try body(sandbox)
    }
  }

  private static func train(_ sandbox: Sandbox, _ options: String, _ run: String = "run") throws {
    let result = try Program.run("\(line) \(options) --out \(run)", in: sandbox.path)
    try #require(result.code == 0, "\(options): \(result)")
  }

  @Test(arguments: [
    "mean --hidden 16", "bigru --hidden 6", "transformer --heads 2 --positions sinusoidal",
    "transformer --heads 2 --norm none",
  ])
  func trainsEvaluatesPredicts(_ model: String) throws {
    try Self.with { sandbox in
      try Self.train(
        sandbox,
        "--embeddings a.txt,b.txt --train-embeddings --learning-rate 0.01 --epochs 24 --patience 24 --model \(model)")
      let evaluated = try Program.run("evaluate run --json", in: sandbox.path)
      let accuracy = try #require(try MainJobTests.json(evaluated).objectValue?["accuracy"]?.doubleValue)
      #expect(accuracy > 0.95, "\(model): \(evaluated)")
      let predicted = try Program.run(
        "predict run", in: sandbox.path, input: Array("the food was so lovely\nthe plot was so dull\n".utf8))
      #expect(predicted.outputLines.map { $0.prefix(4) } == ["pos\t", "neg\t"], "\(predicted)")
    }
  }

  /// 32 words whose class is whether two signs differ, one in each file: a file alone says nothing of the class, for
  /// either sign is as often in both.
  private static func withHalves(_ body: (Sandbox) throws -> Void) throws {
    try Sandbox.with { sandbox in
      let words = ["b", "d", "f", "g"].flatMap { first in
        ["a", "e", "i", "o", "u", "x", "y", "z"].map { first + $0 }
      }
      func vectors(_ start: String, _ end: String, sign: (Int) -> Int) -> String {
        words.enumerated().map { "\($1)\(start) \(sign($0) == 1 ? 1 : -1)\(end)\n" }.joined()
      }
      try sandbox.write(vectors("", " 0.1 0.1") { $0 & 1 }, "a.txt")
      try sandbox.write(vectors(" 0.1", " 0.1 0.1") { $0 >> 1 & 1 }, "b.txt")
      let rows = (0..<192).map { index in
        (text: words[index % 32], label: ["neg", "pos"][(index & 1) ^ (index >> 1 & 1)])
      }
      try sandbox.write(Sentences.table(rows), "data.tsv")
      try body(sandbox)
    }
  }

  @Test(arguments: ["mean --hidden 16", "bigru --hidden 6"])
  func whatTwoFilesSayTogetherIsLearned(_ model: String) throws {
    try Self.withHalves { sandbox in
      func accuracy(_ files: String, _ run: String) throws -> Double {
        try Self.train(
          sandbox,
          "--embeddings \(files) --no-train-embeddings --learning-rate 0.01 --epochs 40 --patience 40 --model \(model)",
          run)
        let evaluated = try Program.run("evaluate \(run) --json", in: sandbox.path)
        return try #require(try MainJobTests.json(evaluated).objectValue?["accuracy"]?.doubleValue)
      }
      let (both, first, second) = (
        try accuracy("a.txt,b.txt", "both"), try accuracy("a.txt", "first"), try accuracy("b.txt", "second")
      )
      #expect(both > 0.9 && abs(first - 0.5) < 0.05 && abs(second - 0.5) < 0.05, "\(both) \(first) \(second)")
    }
  }

  @Test func tablesStayAsTheyAreWhereTheyAreNotTrained() throws {
    try Self.with { sandbox in
      try Self.train(sandbox, "--embeddings a.txt,b.txt --no-train-embeddings --model mean --hidden 4 --epochs 1")
      let vocabulary = try Vocabulary(contentsOf: sandbox.place("run/bundle/vocabulary.txt"))
      let row = try #require((0..<vocabulary.count).first { vocabulary[$0] == Array("bad".utf8) })
      let reader = try SafetensorsReader(sandbox.place("run/bundle/model.safetensors"))
      for (index, (width, value)) in [(5, 0.25), (7, 0.5)].enumerated() {
        let table = try reader.tensor("embedding.tables.\(index).weight").floats
        #expect(table.count == vocabulary.count * width)
        let vector = [Float(value)] + [Float](repeating: -0.1, count: width - 1)
        #expect(Array(table[row * width..<(row + 1) * width]) == vector)
      }
    }
  }

  @Test func theOptionMayBeRepeated() throws {
    try Self.with { sandbox in
      let options = "--model mean --hidden 4 --epochs 1"
      try Self.train(sandbox, "\(options) --embeddings a.txt,b.txt", "listed")
      try Self.train(sandbox, "\(options) --embeddings a.txt --embeddings b.txt", "repeated")
      let file = "bundle/model.safetensors"
      #expect(try sandbox.bytes("listed/\(file)") == sandbox.bytes("repeated/\(file)"))
    }
  }

  @Test func aBundleWithOtherTablesIsRefused() throws {
    try Self.with { sandbox in
      try Self.train(sandbox, "--embeddings a.txt,b.txt --model mean --hidden 4 --epochs 1")
      let file = "run/bundle/configuration.json"
      let good = try #require(JSONValue.parse(sandbox.bytes(file), name: file).objectValue)
      for (widths, word) in [
        ([5, 8], "embedding.tables.1.weight"), ([5], "architecture"), ([5, 0], "architecture"),
        ([5, 7, 7], "embedding.tables.2.weight"),
      ] {
        var (bundle, architecture) = (good, try #require(good["architecture"]?.objectValue))
        architecture["embeddingSizes"] = .array(widths.map { .number($0) })
        bundle["architecture"] = .object(architecture)
        try sandbox.write(JSONValue.object(bundle).indented, file)
        let result = try Program.run("predict run good", in: sandbox.path)
        #expect(result.code == 65 && result.errorText.contains(word), "\(widths): \(result)")
        #expect(result.errorLines.count == 1, "\(widths): \(result)")
      }
    }
  }
}
