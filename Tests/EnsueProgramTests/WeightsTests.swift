// Weights from and to other libraries, on the command line.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

@Suite struct WeightsTests {
  /// Three characters, the second of which is spelled wrongly; vectors of two, one cell of two units.
  private static func writeCheckpoint(_ sandbox: borrowing Sandbox) throws {
    let cell = "rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell"
    let entries = [
      ("Variable", "rate", [Int]()), ("embedding", "embedding", [3, 2]), ("\(cell)/kernel", "kernel", [4, 8]),
      ("\(cell)/bias", "bias", [8]), ("rnnlm/softmax_w", "w", [2, 3]), ("rnnlm/softmax_b", "b", [3]),
    ]
    for (_, file, shape) in entries {
      let count = shape.reduce(1, *)
      let numbers = (0..<count).flatMap { index in
        withUnsafeBytes(of: Float(index) / Float(count)) { Array($0) }
      }
      try OutputFile.write(numbers, to: "\(sandbox.path)/\(file)")
    }
    let lines = entries.map { #""\#($0.0)": {"filename": "\#($0.1)", "shape": \#($0.2)}"# }
    try sandbox.write("{\(lines.joined(separator: ", "))}", "manifest.json")
    try sandbox.write(#"{"a": 2, "é": 0, "": 1}"#, "vocab.json")
  }

  @Test func aCharRNNWritesAndGivesItsWeightsBack() throws {
    try Sandbox.with { sandbox in
      try WeightsTests.writeCheckpoint(sandbox)
      let plain = try Program.run(["weights", "import", "charrnn", ".", "--out", "two"], in: sandbox.path)
      #expect(plain.code == 0 && plain.errorText.contains("number 1 of the vocabulary is no character"))
      let imported = try Program.run(
        ["weights", "import", "charrnn", ".", "--symbol", "1=b", "--out", "model"], in: sandbox.path)
      try #require(imported.code == 0 && imported.errorText.isEmpty, "\(imported)")
      let written = try Program.run(["generate", "model", "--prompt", "ab", "--length", "50"], in: sandbox.path)
      #expect(written.code == 0)
      #expect(Set(written.outputText.unicodeScalars).isSubset(of: ["a", "b", "é", "\n"]))
      #expect(written.outputText.unicodeScalars.count == 53)
      let exported = try Program.run(
        ["weights", "export", "model", "--layout", "tensorflow", "--out", "cell.safetensors"], in: sandbox.path)
      try #require(exported.code == 0, "\(exported)")
      let kernel = try SafetensorsReader("\(sandbox.path)/cell.safetensors").tensor("cell_0/basic_lstm_cell/kernel")
      #expect(kernel.floats == (0..<32).map { Float($0) / 32 })
    }
  }

  private static func tensors(_ path: String) throws -> NamedTensors {
    let reader = try SafetensorsReader(path)
    return try NamedTensors(reader, path: path)
  }

  /// Numbers changed elsewhere arrive bit for bit, and the way back is as exact.
  @Test(arguments: [
    ("pytorch", "", ""), ("pytorch", "rnn.", "--prefix rnn."), ("keras", "", ""), ("keras", "top/", "--prefix top/"),
  ])
  func layersGoToAnotherLibraryAndBack(_ layout: String, _ prefix: String, _ options: String) throws {
    try Sandbox.with { sandbox in
      func run(_ line: String) throws -> ProgramResult {
        let result = try Program.run(line, in: sandbox.path)
        try #require(result.code == 0 && result.errorText.isEmpty, "\(line): \(result)")
        return result
      }
      try sandbox.addLanguageRun()
      let listed = try run("weights export run --layout \(layout) --out there.safetensors \(options)").outputLines
      #expect(!listed.isEmpty && listed.allSatisfy { $0.hasPrefix(prefix) }, "\(listed)")
      let original = try WeightsTests.tensors(sandbox.place("there.safetensors"))
      let changed = original.elements.map { (name: $0.name, tensor: $0.tensor.scaled(by: 2)) }
      try SafetensorsWriter.write(changed, to: sandbox.place("changed.safetensors"))
      _ = try run("weights import \(layout) changed.safetensors --into run --out further \(options)")
      _ = try run("weights export further --layout \(layout) --out again.safetensors \(options)")
      let again = try WeightsTests.tensors(sandbox.place("again.safetensors"))
      for (name, tensor) in changed { #expect(again[name]?.isIdentical(to: tensor) == true, "\(name)") }
      let before = try WeightsTests.tensors(sandbox.place("run/bundle/model.safetensors"))
      let after = try WeightsTests.tensors(sandbox.place("further/model.safetensors"))
      #expect(before.names == after.names)
      for (name, tensor) in before.elements {
        let isSame = after[name]?.isIdentical(to: tensor)
        #expect(isSame == !name.hasPrefix("encoder."), "\(name)")
      }
      _ = try run("weights import \(layout) there.safetensors --into further --out back \(options)")
      for name in ["model.safetensors", "configuration.json"] {
        #expect(try sandbox.bytes("back/\(name)") == sandbox.bytes("run/bundle/\(name)"), "\(name)")
      }
      #expect(try Program.run("generate back --prompt the --length 3", in: sandbox.path).code == 0)
    }
  }

  @Test func aClassifierTakesNamedLayersOfALargerModel() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      try Program.run("weights export run --layout keras --out cells.safetensors", in: sandbox.path)
      let cells = try WeightsTests.tensors(sandbox.place("cells.safetensors"))
      var model = cells.elements.map {
        (name: $0.name.replacingOccurrences(of: "lstm/lstm_cell/", with: "reader_7/"), tensor: $0.tensor)
      }
      model.append((name: "dense/kernel", tensor: Tensor.ones([4, 2])))
      try SafetensorsWriter.write(model, to: sandbox.place("model.safetensors"))
      let line = "weights import keras model.safetensors --into run --layer reader_7 --out taken"
      let refused = try Program.run(line, in: sandbox.path)
      #expect(refused.code == 65 && refused.errorText.contains("'dense/kernel' is not used"), "\(refused)")
      let taken = try Program.run("\(line) --allow-unused", in: sandbox.path)
      #expect(taken.code == 0 && taken.errorLines == ["left out: 'dense/kernel'"], "\(taken)")
      #expect(try sandbox.bytes("taken/model.safetensors") == sandbox.bytes("run/bundle/model.safetensors"))
    }
  }

  /// Both halves of a translator, with either kind of decoder, give their layers away and take others.
  @Test(arguments: [true, false]) func translatorsHaveTwoSides(_ attends: Bool) throws {
    try Sandbox.with { sandbox in
      func run(_ line: String) throws -> ProgramResult {
        let result = try Program.run(line, in: sandbox.path)
        try #require(result.code == 0 && result.errorText.isEmpty, "\(line): \(result)")
        return result
      }
      try sandbox.addTranslatingRun(attends ? TranslatingRun.shared : TranslatingRun.sharedFixed)
      let before = try WeightsTests.tensors(sandbox.place("run/bundle/model.safetensors"))
      for side in ["encoder", "decoder"] {
        _ = try run("weights export run --side \(side) --layout keras --out there.safetensors")
        let changed = try WeightsTests.tensors(sandbox.place("there.safetensors")).elements.map {
          (name: $0.name, tensor: $0.tensor.scaled(by: 2))
        }
        try SafetensorsWriter.write(changed, to: sandbox.place("changed.safetensors"))
        _ = try run("weights import keras changed.safetensors --into run --side \(side) --out \(side)")
        let after = try WeightsTests.tensors(sandbox.place("\(side)/model.safetensors"))
        let moved = before.elements.filter { after[$0.name]?.isIdentical(to: $0.tensor) == false }.map(\.name)
        #expect(!moved.isEmpty && moved.allSatisfy { $0.hasPrefix("\(side).") }, "\(moved)")
        // What is beside the layers of a decoder is not theirs.
        #expect(!moved.contains { $0.contains("attention") || $0.contains("summary") }, "\(moved)")
        _ = try run("weights import keras there.safetensors --into \(side) --side \(side) --out back")
        let back = try WeightsTests.tensors(sandbox.place("back/model.safetensors"))
        for (name, tensor) in before.elements { #expect(back[name]?.isIdentical(to: tensor) == true, "\(name)") }
      }
      for (line, words) in [
        ("weights export run --layout keras --out x", "--side: encoder or decoder of a translation model expected"),
        ("weights import keras there.safetensors --into run --out x", "--side: encoder or decoder"),
      ] {
        let result = try Program.run(line, in: sandbox.path)
        #expect(result.code == 64 && result.errorText.contains(words) && !sandbox.exists("x"), "\(line): \(result)")
      }
    }
  }

  /// What a layout does not say itself: TensorFlow's forget bias, names of Keras' layers, that there are no biases.
  @Test func layersAreDescribedBothWays() throws {
    try Sandbox.with { sandbox in
      func run(_ line: String) throws -> ProgramResult {
        let result = try Program.run(line, in: sandbox.path)
        try #require(result.code == 0 && result.errorText.isEmpty, "\(line): \(result)")
        return result
      }
      func bias(_ file: String) throws -> [Float] {
        let tensors = try WeightsTests.tensors(sandbox.place(file))
        return try #require(tensors["cell_0/basic_lstm_cell/bias"]).floats
      }
      try sandbox.addLanguageRun()
      _ = try run("weights export run --layout tensorflow --out one.safetensors")
      _ = try run("weights export run --layout tensorflow --forget-bias 0 --out none.safetensors")
      let (one, none) = (try bias("one.safetensors"), try bias("none.safetensors"))
      // i g f o, of eight units each.
      for (index, pair) in zip(one, none).enumerated() {
        let added: Float = (16..<24).contains(index) ? 1 : 0
        #expect(abs(pair.1 - pair.0 - added) < 1e-6, "\(index)")
      }
      _ = try run("weights import tensorflow one.safetensors --forget-bias 0 --into run --out less")
      _ = try run("weights export less --layout tensorflow --forget-bias 0 --out less.safetensors")
      #expect(try bias("less.safetensors") == one)

      let named = try run("weights export run --layout keras --layer reader --out named.safetensors").outputLines
      #expect(!named.isEmpty && named.allSatisfy { $0.hasPrefix("reader/") }, "\(named)")
      _ = try run("weights export run --layout pytorch --out torch.safetensors")
      let summed = try run("weights import pytorch torch.safetensors --into run --out same").outputLines
      #expect(summed == ["biases that are the sum of two, and one from now on: 4"])

      let weights = try WeightsTests.tensors(sandbox.place("torch.safetensors")).elements.filter {
        $0.name.hasPrefix("weight")
      }
      try SafetensorsWriter.write(weights, to: sandbox.place("bare.safetensors"))
      _ = try run("weights import pytorch bare.safetensors --without-biases --into run --out bare")
      let bare = try run("weights export bare --layout pytorch --without-biases --out x.safetensors").outputLines
      #expect(bare == ["weight_ih_l0 [32, 4]", "weight_hh_l0 [32, 8]"])
      for (line, code, words) in [
        ("weights export run --layout pytorch --without-biases --out x", 64, "its biases are not zero"),
        ("weights export run --layout pytorch --layer a --out x", 64, "--layer: only for keras"),
        ("weights export run --layout keras --forget-bias 0 --out x", 64, "--forget-bias: only for tensorflow"),
        ("weights export run --layout keras --side encoder --out x", 64, "--side: a translation model"),
        ("weights import keras named.safetensors --into run --forget-bias 0 --out x", 64, "only for tensorflow"),
      ] {
        let result = try Program.run(line, in: sandbox.path)
        #expect(result.code == Int32(code) && result.errorText.contains(words), "\(line): \(result)")
        #expect(!sandbox.exists("x"), "\(line)")
      }
    }
  }

  /// A bundle that no command would read is not made.
  @Test func damagedLayersAreRefused() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      try Program.run("weights export run --layout pytorch --out there.safetensors", in: sandbox.path)
      let good = try WeightsTests.tensors(sandbox.place("there.safetensors"))
      let broken = good.elements.map { name, tensor in
        name.hasPrefix("bias_hh") ? (name: name, tensor: tensor.scaled(by: .nan)) : (name: name, tensor: tensor)
      }
      try SafetensorsWriter.write(broken, to: sandbox.place("broken.safetensors"))
      var bytes = try sandbox.bytes("there.safetensors")
      bytes[bytes.count - 1] ^= 1
      try OutputFile.write(bytes, to: sandbox.place("damaged.safetensors"))
      for (file, words) in [
        ("broken", "'bias_hh_l0' has numbers that are not finite"), ("damaged", "The file is damaged."),
      ] {
        let result = try Program.run("weights import pytorch \(file).safetensors --into run --out x", in: sandbox.path)
        #expect(result.code == 65 && result.errorText.contains(words), "\(result)")
        #expect(result.errorLines.count == 1 && !sandbox.exists("x"), "\(result)")
      }
    }
  }

  @Test func layersThatDoNotFitAreRefused() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      try sandbox.addLanguageRun("language")
      try Program.run("weights export run --layout pytorch --out small.safetensors", in: sandbox.path)
      for (line, code, words) in [
        ("--into language --out x", 65, "weights of lstm [4 → 8], 1 layer in the layout of PyTorch expected"),
        ("--into language --out x --prefix a.", 65, "'a.weight_ih_l0' [32, 4] is missing"),
        ("--out x", 64, "--into: a run or bundle"), ("--into run --out run", 64, "--out: a folder for a bundle"),
        ("--into run --out x --heads 2", 64, "--heads: only for ctranslate2"),
        ("--into run --out x --layer a", 64, "--layer: only for keras"),
      ] {
        let result = try Program.run("weights import pytorch small.safetensors \(line)", in: sandbox.path)
        #expect(result.code == Int32(code) && result.errorText.contains(words), "\(line): \(result)")
        #expect(result.errorLines.count == 1 && !sandbox.exists("x"), "\(line): \(result)")
      }
      #expect(try sandbox.text("run/configuration.json").contains("digests"))
    }
  }

  private static let folder = "\(TestFiles.data ?? "")/checkpoints"

  /// What the checkpoints' makers document, through the program.
  @Test(.enabled(if: InputFile.isDirectory(WeightsTests.folder), "no checkpoints: set ENSUE_DATA"))
  func foreignModelsWriteWhatTheirMakersDocument() throws {
    let golden = try #require(JSONValue.contents(of: TestFiles.golden("foreign.json")).objectValue)
    let story = try #require(golden["llama2c"]?.objectValue?["text"]?.stringValue)
    try Sandbox.with { sandbox in
      func run(_ arguments: [String]) throws -> String {
        let result = try Program.run(arguments, in: sandbox.path)
        try #require(result.code == 0, "\(arguments): \(result)")
        return result.outputText
      }
      let stories = "\(WeightsTests.folder)/stories260K"
      _ = try run([
        "weights", "import", "llama2c", "\(stories)/stories260K.bin", "--vocabulary", "\(stories)/tok512.bin", "--out",
        "stories",
      ])
      // Without a prompt a text begins as llama2.c begins one, with <s>; a prompt's own is not put there twice.
      for prompt in [[], ["--prompt", "<s>"]] {
        let written = try run(["generate", "stories"] + prompt + ["--temperature", "0", "--length", "200"])
        #expect(written.contains(story), "\(written)")
      }
      _ = try run([
        "weights", "import", "mingpt-json", "\(WeightsTests.folder)/gpt-nano-sort/gpt-nano-sort-model.json", "--out",
        "sort",
      ])
      let sorted = try run(["generate", "sort", "--prompt", "021021", "--temperature", "0", "--length", "6"])
      #expect(sorted == "021021001122\n")
      _ = try run([
        "weights", "import", "dlfs2", "\(WeightsTests.folder)/dlfs2/ptb-rnnlm-lstm100.safetensors", "--vocabulary",
        "\(WeightsTests.folder)/dlfs2/ptb-vocab-by-id.txt", "--out", "words",
      ])
      let words = try run(["generate", "words", "--prompt", "the company said", "--temperature", "0", "--length", "5"])
      // The end of a line is a word of this model, and its likeliest here.
      #expect(words.hasPrefix("the company said\n"))
    }
  }

  private static let testText = "\(TestFiles.data ?? "")/ptb/ptb.test.txt"

  /// The figure of Tests/Goldens/foreign.py, by `ensue evaluate` on the imported bundle.
  @Test(
    .enabled(
      if: InputFile.isDirectory(WeightsTests.folder) && InputFile.exists(WeightsTests.testText),
      "no checkpoints or no Penn Treebank: set ENSUE_DATA"))
  func anImportedModelIsMeasuredAsTheReferenceDoes() throws {
    let golden = try #require(
      JSONValue.contents(of: TestFiles.golden("foreign.json")).objectValue?["wordLSTM"]?.objectValue)
    let count = try #require(golden["words"]?.integerValue)
    let perplexity = try #require(golden["perplexity"]?.doubleValue)
    try Sandbox.with { sandbox in
      let book = "\(WeightsTests.folder)/dlfs2"
      let imported = try Program.run(
        [
          "weights", "import", "dlfs2", "\(book)/ptb-rnnlm-lstm100.safetensors", "--vocabulary",
          "\(book)/ptb-vocab-by-id.txt", "--out", "words",
        ], in: sandbox.path)
      try #require(imported.code == 0, "\(imported)")
      // The end of a line is a word.
      let text = String(decoding: try InputFile.contents(of: WeightsTests.testText), as: UTF8.self)
      let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) + ["\n"] }
      let words = lines.joined().prefix(count)
      try sandbox.write(words.joined(separator: " "), "first.txt")
      let measured = try Program.run("evaluate words --data first.txt --json", in: sandbox.path)
      let figures = try #require(try MainJobTests.json(measured).objectValue, "\(measured)")
      #expect(figures["count"]?.integerValue == count - 1)
      let loss = try #require(figures["loss"]?.doubleValue)
      #expect(abs(loss - log(perplexity)) < 1e-5, "\(loss) against \(log(perplexity))")
    }
  }

  private static let wrongArguments: [([String], Int32)] = [
    (["weights", "import", "charrnn", "absent", "--out", "x"], 66),
    (["weights", "import", "charrnn", ".", "--symbol", "9=u", "--out", "x"], 64),
    (["weights", "import", "charrnn", ".", "--symbol", "1=", "--out", "x"], 64),
    (["weights", "import", "charrnn", "."], 64),
    (["weights", "import", "charrnn", ".", "--vocabulary", "x", "--out", "x"], 64),
    (["weights", "import", "keras", ".", "--out", "x"], 64), (["weights", "import", "llama2c", "w", "--out", "x"], 64),
    (["weights", "import", "llama2c", "absent", "--vocabulary", "w", "--out", "x"], 66),
    (["weights", "import", "llama2c", "w", "--vocabulary", "b", "--out", "x"], 65),
    (["weights", "import", "dlfs2", "w", "--vocabulary", "b", "--out", "x"], 65),
    (["weights", "import", "mingpt-json", "manifest.json", "--out", "x"], 65),
    (["weights", "import", "mingpt-json", "manifest.json", "--symbol", "1=b", "--out", "x"], 64),
    (["weights", "import", "pytorch", "absent", "--into", "absent", "--out", "x"], 66),
    (["weights", "import", "charrnn", ".", "--into", ".", "--out", "x"], 64),
    (["weights", "export", "absent", "--layout", "pytorch", "--out", "x"], 66),
    (["weights", "export", ".", "--layout", "onnx", "--out", "x"], 64),
  ]

  @Test(arguments: WeightsTests.wrongArguments) func wrongArgumentsAreRefused(_ arguments: [String], _ code: Int32)
    throws
  {
    try Sandbox.with { sandbox in
      try WeightsTests.writeCheckpoint(sandbox)
      let result = try Program.run(arguments, in: sandbox.path)
      #expect(result.code == code, "\(result)")
      #expect(result.errorText.hasPrefix("error: ") && result.errorLines.count == 1, "\(result)")
      #expect(!InputFile.exists("\(sandbox.path)/x"))
    }
  }
}
