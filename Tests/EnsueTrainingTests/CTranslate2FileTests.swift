// CTranslate2's own file of weights: every kind of number and version, and what is no such file.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

/// A file byte for byte.
private struct Draft {
  var bytes: [UInt8] = []

  init(version: Int, count: Int, specification: String = "TransformerBase") {
    integer(version, 4)
    string(specification)
    integer(2, 4)
    integer(count, 4)
  }

  mutating func integer(_ value: Int, _ byteCount: Int) {
    bytes += (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  mutating func string(_ text: String) {
    integer(text.utf8.count + 1, 2)
    bytes += Array(text.utf8) + [0]
  }

  /// - Parameters:
  ///   - kind: CTranslate2's number of a kind of numbers; before version 4 the bytes of a number.
  ///   - length: in bytes; before version 4 in numbers.
  mutating func variable(_ name: String, _ sizes: [Int], kind: Int, length: Int, _ content: [UInt8]) {
    string(name)
    integer(sizes.count, 1)
    for size in sizes { integer(size, 4) }
    integer(kind, 1)
    integer(length, 4)
    bytes += content
  }

  mutating func floats(_ name: String, _ sizes: [Int], _ values: [Float], version: Int) {
    let content: [UInt8] = values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    let isOld = version < 4
    variable(name, sizes, kind: isOld ? 4 : 0, length: isOld ? values.count : content.count, content)
  }

  mutating func halves(_ name: String, _ patterns: [UInt16], kind: Int) {
    variable(
      name, [patterns.count], kind: kind, length: 2 * patterns.count,
      patterns.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
  }

  static func good(version: Int) -> Draft {
    var draft = Draft(version: version, count: 2)
    draft.floats("a/weight", [2, 3], [1, -2, 0.5, 4, 5, 6], version: version)
    draft.floats("a/bias", [2], [7, 8], version: version)
    if version > 2 { draft.integer(0, 4) }
    return draft
  }
}

@Suite struct CTranslate2FileTests {
  private static func with<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
    try TestFiles.withDirectory { directory in
      let path = "\(directory)/model.bin"
      try OutputFile.write(bytes, to: path)
      return try body(path)
    }
  }

  @Test(arguments: 2...6) func everyVersionIsRead(_ version: Int) throws {
    try Self.with(Draft.good(version: version).bytes) { path in
      let file = try CTranslate2File(path)
      #expect(file.names == ["a/weight", "a/bias"])
      #expect(file.elementCount == 8)
      #expect(file.sizes("a/weight") == [2, 3])
      #expect(file.sizes("b") == nil)
      #expect(try file.tensor("a/weight").isIdentical(to: Tensor([1, -2, 0.5, 4, 5, 6] as [Float], shape: [2, 3])))
      #expect(try file.tensor("a/bias").floats == [7, 8])
    }
  }

  /// Halves, and other names for a variable.
  @Test func everyKindOfNumberIsRead() throws {
    var draft = Draft(version: 6, count: 3)
    draft.halves("half", [0x3C00, 0xC000, 0x3800], kind: 4)
    draft.halves("brain", [0x3F80, 0xC000, 0x3F00], kind: 5)
    draft.variable("heads", [], kind: 2, length: 2, [8, 0])
    draft.integer(1, 4)
    draft.string("tied")
    draft.string("brain")
    try Self.with(draft.bytes) { path in
      let file = try CTranslate2File(path)
      for name in ["half", "brain", "tied"] { #expect(try file.tensor(name).floats == [1, -2, 0.5], "\(name)") }
      for (name, words) in [("heads", "a setting of int16"), ("absent", "found none")] {
        do {
          _ = try file.tensor(name)
          Issue.record("\(name) was read")
        } catch let failure as Failure { #expect(failure.problem.contains(words)) }
      }
    }
  }

  /// Files of CTranslate2's own converters (Tests/Goldens/ctranslate2-file.py).
  @Test(arguments: ["float32", "float16", "bfloat16"]) func convertersFilesAreRead(_ kind: String) throws {
    let file = try CTranslate2File(TestFiles.golden("ctranslate2-file/\(kind).bin"))
    let names = ["encoder/linear/bias", "encoder/linear/weight", "encoder/num_heads", "encoder/tied/weight"]
    #expect(file.names == names)
    let weight = Tensor((0..<6).map { Float($0) / 8 }, shape: [2, 3])
    for name in ["encoder/linear/weight", "encoder/tied/weight"] {
      #expect(try file.tensor(name).isIdentical(to: weight), "\(name)")
    }
    #expect(try file.tensor("encoder/linear/bias").floats == [-1, 0.5])
  }

  @Test func quantizedFilesAreRefused() throws {
    let bytes = try InputFile.contents(of: TestFiles.golden("ctranslate2-file/int8.bin"))
    let failure = try #require(try Self.failure(bytes))
    #expect(failure.problem.contains("'encoder/linear/weight': float32, float16 or bfloat16 expected, found quantized"))
  }

  fileprivate struct Fault: Sendable {
    let name: String
    let words: String
    let bytes: [UInt8]

    init(_ name: String, _ words: String, version: Int = 6, count: Int = 1, _ change: (inout Draft) -> Void) {
      var draft = Draft(version: version, count: count)
      change(&draft)
      (self.name, self.words, bytes) = (name, words, draft.bytes)
    }

    init(_ name: String, _ words: String, bytes: [UInt8]) { (self.name, self.words, self.bytes) = (name, words, bytes) }
  }

  private static let faults: [Fault] = [
    Fault("nothing", "the version of a model.bin of CTranslate2 of 4 bytes expected, found 0", bytes: []),
    Fault("three bytes", "of 4 bytes expected, found 3", bytes: [6, 0, 0]),
    Fault("a version of 1", "version from 2 to 6 expected, found 1", version: 1) { _ in },
    Fault("a version of 7", "found 7", version: 7) { _ in },
    Fault("a pickle", "a PyTorch pickle or zip file", bytes: [0x50, 0x4B, 0x03, 0x04, 0, 0, 0, 0]),
    Fault("no variables", "from 1 to 65536 variables expected, found 0", count: 0) { _ in },
    Fault("four thousand million variables", "found 4294967295", count: 0xFFFF_FFFF) { _ in },
    Fault("variables that are not there", "the name of a variable of 2 bytes expected, found 0") { _ in },
    Fault("a name of nothing", "the name of a variable of 2 to 1024 bytes with its zero expected, found 1") {
      $0.integer(1, 2)
    },
    Fault("a name without its end", "the name of a variable of 2 to 1024 bytes with its zero expected, found 0") {
      $0.integer(0, 2)
    },
    Fault("an endless name", "found 65535") { $0.integer(65535, 2) },
    Fault("a name that goes on", "UTF-8 that ends in a zero") {
      $0.integer(3, 2)
      $0.bytes += Array("abc".utf8)
    },
    Fault("a name with a zero inside", "UTF-8 that ends in a zero") {
      $0.integer(4, 2)
      $0.bytes += [97, 0, 98, 0]
    },
    Fault("a name that is no text", "UTF-8 that ends in a zero") {
      $0.integer(2, 2)
      $0.bytes += [0xFF, 0]
    },
    Fault("seven axes", "at most 6 axes expected, found 7") {
      $0.variable("w", [1, 1, 1, 1, 1, 1, 1], kind: 0, length: 4, [0, 0, 0, 0])
    },
    Fault("an axis of nothing", "sizes of no more numbers") { $0.variable("w", [0], kind: 0, length: 0, []) },
    Fault("sizes that overflow", "sizes of no more numbers") {
      $0.variable("w", [Int](repeating: 0xFFFF_FFFF, count: 5), kind: 0, length: 4, [0, 0, 0, 0])
    },
    Fault("numbers that are not there", "'w': numbers of 32 bytes expected, found 4") {
      $0.variable("w", [8], kind: 0, length: 32, [0, 0, 0, 0])
    },
    Fault("a length that lies", "'w': 8 bytes of sizes [2] expected, found 4") {
      $0.variable("w", [2], kind: 0, length: 4, [0, 0, 0, 0])
    },
    Fault("numbers that lie", "'w': 2 numbers of sizes [2] expected, found 3", version: 3) {
      $0.variable("w", [2], kind: 4, length: 3, [UInt8](repeating: 0, count: 12))
    },
    Fault("a kind of numbers that is none", "from 0 to 5 expected, found 6") {
      $0.variable("w", [1], kind: 6, length: 4, [0, 0, 0, 0])
    },
    Fault("numbers of 3 bytes", "1, 2 or 4 bytes expected, found 3", version: 2) {
      $0.variable("w", [1], kind: 3, length: 1, [0, 0, 0])
    },
    Fault("weights of 8 bits", "found quantized weights of int8") {
      $0.variable("w", [4], kind: 1, length: 4, [0, 0, 0, 0])
    },
    Fault("weights of 16 bits", "found quantized weights of int16", version: 2) {
      $0.variable("w", [2], kind: 2, length: 2, [0, 0, 0, 0])
    },
    Fault("a variable twice", "found 'w' twice", count: 2) {
      for _ in 0..<2 { $0.floats("w", [1], [0], version: 6) }
    },
    Fault("a name for what is not there", "the name 'v' expected, found none") {
      $0.floats("w", [1], [0], version: 6)
      $0.integer(1, 4)
      $0.string("u")
      $0.string("v")
    },
    Fault("a name that is taken", "found 'w' twice") {
      $0.floats("w", [1], [0], version: 6)
      $0.integer(1, 4)
      $0.string("w")
      $0.string("w")
    },
    Fault("a name too many", "from 0 to 65536 other names expected, found 65537") {
      $0.floats("w", [1], [0], version: 6)
      $0.integer(65537, 4)
    },
    Fault("names for much memory", "for at most three times the file's numbers expected, found more") {
      $0.floats("w", [1024], [Float](repeating: 0, count: 1024), version: 6)
      $0.integer(5, 4)
      for alias in 0..<5 {
        $0.string("v\(alias)")
        $0.string("w")
      }
    },
    Fault("no number of other names", "the number of other names of 4 bytes expected, found 0") {
      $0.floats("w", [1], [0], version: 6)
    },
    Fault("a byte after the end", "the end of the file expected, found 1", bytes: Draft.good(version: 2).bytes + [0]),
  ]

  private static func failure(_ bytes: [UInt8]) throws -> Failure? {
    try with(bytes) { path in
      do {
        _ = try CTranslate2File(path)
        return nil
      } catch let failure as Failure { return failure }
    }
  }

  @Test(arguments: faults.map(\.name)) func badFilesGiveOneLine(_ name: String) throws {
    let fault = try #require(Self.faults.first { $0.name == name })
    let failure = try #require(try Self.failure(fault.bytes))
    #expect(failure.kind == .data && failure.problem.contains(fault.words), "\(failure)")
    #expect(!failure.description.contains("\n"))
    if name.hasPrefix("weights of") { #expect(failure.advice.contains("--quantization float32")) }
  }

  /// Cut anywhere, a file is refused.
  @Test(arguments: [2, 3, 6]) func cutFilesAreRefused(_ version: Int) throws {
    let whole = Draft.good(version: version).bytes
    for end in 0..<whole.count { #expect(try Self.failure(Array(whole.prefix(end))) != nil, "cut at \(end)") }
    #expect(try Self.failure(whole) == nil)
  }

  /// A model of one block on either side with vectors of 4, and settings of 16 bits.
  private static func model(_ settings: [(name: String, value: Int)]) -> [UInt8] {
    let blocks: [(place: String, maps: [(rows: Int, columns: Int)])] = [
      ("encoder/layer_0/self_attention", [(12, 4), (4, 4)]), ("encoder/layer_0/ffn", [(8, 4), (4, 8)]),
      ("decoder/layer_0/self_attention", [(12, 4), (4, 4)]),
      ("decoder/layer_0/attention", [(4, 4), (8, 4), (4, 4)]), ("decoder/layer_0/ffn", [(8, 4), (4, 8)]),
    ]
    var shapes: [(name: String, sizes: [Int])] = [
      ("encoder/embeddings/weight", [3, 4]), ("decoder/embeddings/weight", [3, 4]),
      ("decoder/projection/weight", [3, 4]), ("decoder/projection/bias", [3]),
    ]
    for place in ["encoder", "decoder"] + blocks.map({ $0.place }) {
      for part in ["gamma", "beta"] { shapes.append(("\(place)/layer_norm/\(part)", [4])) }
    }
    for block in blocks {
      for (number, map) in block.maps.enumerated() {
        shapes.append(("\(block.place)/linear_\(number)/weight", [map.rows, map.columns]))
        shapes.append(("\(block.place)/linear_\(number)/bias", [map.rows]))
      }
    }
    var draft = Draft(version: 6, count: shapes.count + settings.count)
    for (name, sizes) in shapes {
      draft.floats(name, sizes, [Float](repeating: 0.5, count: sizes.reduce(1, *)), version: 6)
    }
    for (name, value) in settings {
      draft.variable(
        name, [], kind: 2, length: 2, [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)])
    }
    draft.integer(0, 4)
    return draft.bytes
  }

  /// The heads of such a model.
  private static func heads(_ settings: [(name: String, value: Int)], given: Int? = nil) throws -> Int {
    try with(model(settings)) { path in
      try CTranslate2Checkpoint(contentsOf: path, headCount: given).configuration.transformer.headCount
    }
  }

  @Test func theFileSaysHowManyHeadsThereAre() throws {
    let settings: [(name: String, value: Int)] = [
      ("encoder/num_heads", 2), ("encoder/pre_norm", 1), ("encoder/activation", 0), ("encoder/embeddings_merge", 0),
      ("decoder/num_heads", 2), ("decoder/alignment_layer", -1), ("decoder/alignment_heads", 1),
      ("decoder/scale_embeddings", 1),
    ]
    #expect(try Self.heads(settings) == 2)
    #expect(try Self.heads(settings, given: 2) == 2)
    #expect(try Self.heads([], given: 4) == 4)
  }

  @Test func settingsOfOtherModelsAreRefused() throws {
    let faults: [(settings: [(name: String, value: Int)], words: String)] = [
      ([("decoder/pre_norm", 0)], "'decoder/pre_norm' of 1 (the norm before) expected, found 0"),
      ([("encoder/activation", 2)], "'encoder/activation' of 0 (ReLU) expected, found 2"),
      ([("encoder/num_heads", 2), ("decoder/num_heads", 4)], "found 2 and 4"),
      ([("encoder/num_heads", 2)], "2 heads of attention expected, as the file says, found 4"),
      ([("encoder/num_heads", -1)], "-1 heads of attention expected, as the file says, found 4"),
      ([("decoder/sliding_window", 5)], "found 'decoder/sliding_window'"),
      ([("num_heads", 4)], "found 'num_heads'"),
    ]
    for fault in faults {
      do {
        _ = try Self.heads(fault.settings, given: 4)
        Issue.record("no failure: \(fault.words)")
      } catch let failure as Failure {
        #expect(failure.kind == .data && failure.problem.contains(fault.words), "\(failure)")
      }
    }
  }

  private static let folder = "\(TestFiles.data ?? "")/checkpoints/ctranslate2-aren-transliteration"

  /// Both files of one model have the same names and numbers.
  @Test(.enabled(if: InputFile.isDirectory(CTranslate2FileTests.folder), "no checkpoints: set ENSUE_DATA"))
  func bothFilesOfAModelAreEqual() throws {
    let file = try CTranslate2File("\(Self.folder)/model.bin")
    let reader = try SafetensorsReader("\(Self.folder)/model.safetensors")
    let names = file.names
    #expect(names.count == 200)
    #expect(Set(names) == Set(reader.names))
    for name in names {
      #expect(try file.tensor(name).isIdentical(to: reader.tensor(name).converted(to: .float32)), "\(name)")
    }
    let models = try ["bin", "safetensors"].map {
      try CTranslate2Checkpoint(contentsOf: "\(Self.folder)/model.\($0)").model
    }
    for (one, other) in zip(models[0].namedTensors, models[1].namedTensors) {
      #expect(one.0 == other.0 && one.1.isIdentical(to: other.1), "\(one.0)")
    }
  }
}
