// The weights of a CTranslate2 model as its converters write them, model.bin: little-endian, versions 2 to 6 of the
// format (`ModelSpec._serialize` of its Python package, `Model::load` of the library).
//
// | part | bytes |
// |---|---|
// | version | 4 |
// | name of the specification, its revision | a string, 4 |
// | number of variables | 4 |
// | each: name, rank, sizes | a string, 1, 4 each |
// | its kind of number, its bytes; before version 4 the bytes of a number, and how many numbers | 1, 4 |
// | the numbers | |
// | from version 3 on, number of other names, and each with the name it stands for | 4, two strings |
//
// A string is its number of bytes in 2, then these, the last of them 0. Nothing is believed that the file is too short
// for; a file that goes on after its end is refused.

import EnsueFiles
import EnsueTensor

/// An open file of that form.
package struct CTranslate2File: WeightSource, ~Copyable {
  private static let versions = 2...6
  private static let variableLimit = 1 << 16

  private let file: InputFile
  private let variables: [CTranslate2Variable]
  private let numberOfName: [[UInt8]: Int]

  /// Opens a file and reads all but the numbers.
  /// - Throws: `Failure` of kind `missing` or `data`.
  package init(_ path: String) throws {
    let file = try InputFile(path)
    var cursor = CTranslate2Cursor()
    let version = try cursor.integer(file, byteCount: 4, "the version of a model.bin of CTranslate2")
    guard CTranslate2File.versions.contains(version) else {
      let found = try MistakenContent(ofFile: path)
      throw Failure(
        .data, at: path,
        "a model.bin of CTranslate2 in a version from 2 to 6 expected, found \(found?.title ?? "\(version)")",
        advice: found?.advice ?? "It is another file, or one of a CTranslate2 that has changed its format.")
    }
    _ = try cursor.name(file, "the name of a specification")
    _ = try cursor.integer(file, byteCount: 4, "a revision")
    let count = try cursor.count(file, "variables", 1...CTranslate2File.variableLimit)
    var variables: [CTranslate2Variable] = []
    var numberOfName: [[UInt8]: Int] = [:]
    for _ in 0..<count {
      let variable = try CTranslate2Variable(&cursor, file, version: version)
      guard numberOfName.updateValue(variables.count, forKey: Array(variable.name.utf8)) == nil else {
        throw Failure(.data, at: path, "each variable once expected, found \(Failure.shown(variable.name)) twice")
      }
      variables.append(variable)
    }
    let otherNames = version < 3 ? 0 : try cursor.count(file, "other names", 0...CTranslate2File.variableLimit)
    for _ in 0..<otherNames {
      let (alias, name) = (try cursor.name(file, "another name"), try cursor.name(file, "the name it stands for"))
      guard let number = numberOfName[Array(name.utf8)] else {
        throw Failure(.data, at: path, "a variable of the name \(Failure.shown(name)) expected, found none")
      }
      guard numberOfName.updateValue(variables.count, forKey: Array(alias.utf8)) == nil else {
        throw Failure(.data, at: path, "each variable once expected, found \(Failure.shown(alias)) twice")
      }
      variables.append(variables[number].named(alias))
    }
    guard cursor.offset == file.size else {
      throw Failure(
        .data, at: "\(path)@\(cursor.offset)", "the end of the file expected, found \(file.size - cursor.offset) bytes")
    }
    // Each name becomes a tensor of its own: a short file must not ask for much memory by its names.
    let (limit, byteCount) = (4 * file.size, variables.reduce(0) { $0 + $1.byteCount })
    guard byteCount <= limit else {
      throw Failure(
        .data, at: path, "other names for at most three times the file's numbers expected, found more")
    }
    self.file = file
    (self.variables, self.numberOfName) = (variables, numberOfName)
  }

  package var source: String { file.path }
  package var names: [String] { variables.map(\.name) }
  package var elementCount: Int { variables.reduce(0) { $0 + $1.byteCount / $1.kind.byteCount } }
  package func sizes(_ name: String) -> [Int]? { variable(name)?.sizes }

  /// Whole numbers without axes, in the file's order.
  package func settings() throws -> [(name: String, value: Int)] {
    var settings: [(name: String, value: Int)] = []
    for variable in variables where variable.sizes.isEmpty && !variable.kind.isFloatingPoint {
      let bytes = try file.bytes(at: variable.offset, count: variable.byteCount)
      let unsigned: Int = bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
      let unusedBits = Int.bitWidth - 8 * bytes.count
      settings.append((variable.name, (unsigned << unusedBits) >> unusedBits))
    }
    return settings
  }

  private func variable(_ name: String) -> CTranslate2Variable? {
    numberOfName[Array(name.utf8)].map { variables[$0] }
  }

  /// A tensor of 32 bits.
  package func tensor(_ name: String) throws -> Tensor {
    guard let variable = variable(name) else {
      throw Failure(.data, at: file.path, "variable \(Failure.shown(name)) expected, found none")
    }
    let bytes = try file.bytes(at: variable.offset, count: variable.byteCount)
    let shape = Shape(variable.sizes)
    switch variable.kind {
    case .float32: return Tensor(FloatFileReader.floats(bytes), shape: shape)
    case .float16: return Tensor(halves(bytes).map { Float(Float16(bitPattern: $0)) }, shape: shape)
    case .bfloat16: return Tensor(halves(bytes).map { Float(bitPattern: UInt32($0) << 16) }, shape: shape)
    case .int8, .int16, .int32:
      throw Failure(
        .data, at: file.path,
        "\(Failure.shown(name)): floating-point numbers expected, found a setting of \(variable.kind.rawValue)")
    }
  }

  private func halves(_ bytes: [UInt8]) -> [UInt16] {
    stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
  }
}

/// Kinds of numbers, in the order of CTranslate2's numbers for them.
private enum CTranslate2NumberKind: String, CaseIterable {
  case float32, int8, int16, int32, float16, bfloat16

  var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .int16, .float16, .bfloat16: 2
    case .int8: 1
    }
  }

  var isFloatingPoint: Bool {
    switch self {
    case .float32, .float16, .bfloat16: true
    case .int8, .int16, .int32: false
    }
  }

  /// The kind of a file before version 4, which says only how long a number is.
  init?(byteCount: Int) {
    switch byteCount {
    case 1: self = .int8
    case 2: self = .int16
    case 4: self = .float32
    default: return nil
    }
  }
}

/// A variable and where its numbers are.
private struct CTranslate2Variable {
  let name: String
  let sizes: [Int]
  let kind: CTranslate2NumberKind
  let offset: Int
  let byteCount: Int

  private init(name: String, _ other: CTranslate2Variable) {
    (self.name, sizes, kind) = (name, other.sizes, other.kind)
    (offset, byteCount) = (other.offset, other.byteCount)
  }

  /// The same numbers under another name.
  func named(_ name: String) -> CTranslate2Variable { CTranslate2Variable(name: name, self) }

  init(_ cursor: inout CTranslate2Cursor, _ file: borrowing InputFile, version: Int) throws {
    let path = file.path
    name = try cursor.name(file, "the name of a variable")
    let shown = Failure.shown(name)
    let rank = try cursor.integer(file, byteCount: 1, "\(shown): a number of axes")
    guard rank <= Shape.rankLimit else {
      throw Failure(.data, at: path, "\(shown): at most \(Shape.rankLimit) axes expected, found \(rank)")
    }
    var (sizes, elements) = ([Int](), 1)
    for _ in 0..<rank {
      let size = try cursor.integer(file, byteCount: 4, "\(shown): a size")
      let (product, overflow) = elements.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow, product <= file.size else {
        throw Failure(
          .data, at: path,
          "\(shown): sizes of no more numbers than the file has bytes expected, found \(sizes + [size])")
      }
      sizes.append(size)
      elements = product
    }
    self.sizes = sizes
    kind = try CTranslate2Variable.kind(&cursor, file, version: version, shown)
    guard rank == 0 || kind.isFloatingPoint else {
      throw Failure(
        .data, at: path, "\(shown): float32, float16 or bfloat16 expected, found quantized weights of \(kind.rawValue)",
        advice: "Convert the model again with --quantization float32.")
    }
    let said = try cursor.integer(file, byteCount: 4, "\(shown): a length")
    byteCount = elements * kind.byteCount
    let (length, unit) = version < 4 ? (elements, "numbers") : (byteCount, "bytes")
    guard said == length else {
      throw Failure(.data, at: path, "\(shown): \(length) \(unit) of sizes \(sizes) expected, found \(said)")
    }
    offset = cursor.offset
    try cursor.skip(file, byteCount, "\(shown): numbers")
  }

  private static func kind(
    _ cursor: inout CTranslate2Cursor, _ file: borrowing InputFile, version: Int, _ shown: String
  ) throws -> CTranslate2NumberKind {
    let number = try cursor.integer(file, byteCount: 1, "\(shown): a kind of numbers")
    if version < 4 {
      if let kind = CTranslate2NumberKind(byteCount: number) { return kind }
      throw Failure(.data, at: file.path, "\(shown): numbers of 1, 2 or 4 bytes expected, found \(number)")
    }
    let kinds = CTranslate2NumberKind.allCases
    if kinds.indices.contains(number) { return kinds[number] }
    throw Failure(
      .data, at: file.path, "\(shown): a kind of numbers from 0 to \(kinds.count - 1) expected, found \(number)")
  }
}

/// A place in a file that is read from its beginning on.
private struct CTranslate2Cursor {
  private static let nameLimit = 1 << 10

  private(set) var offset = 0

  /// Goes on behind `count` bytes.
  /// - Throws: `Failure` of kind `data` where the file ends before.
  mutating func skip(_ file: borrowing InputFile, _ count: Int, _ what: String) throws(Failure) {
    guard count <= file.size - offset else {
      throw Failure(
        .data, at: "\(file.path)@\(offset)", "\(what) of \(count) bytes expected, found \(file.size - offset)",
        advice: "It was cut short, or is no model.bin of CTranslate2.")
    }
    offset += count
  }

  private mutating func bytes(_ file: borrowing InputFile, _ count: Int, _ what: String) throws -> [UInt8] {
    let start = offset
    try skip(file, count, what)
    return try file.bytes(at: start, count: count)
  }

  mutating func integer(_ file: borrowing InputFile, byteCount: Int, _ what: String) throws -> Int {
    try bytes(file, byteCount, what).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func count(_ file: borrowing InputFile, _ what: String, _ range: ClosedRange<Int>) throws -> Int {
    let count = try integer(file, byteCount: 4, "the number of \(what)")
    guard range.contains(count) else {
      throw Failure(
        .data, at: file.path, "from \(range.lowerBound) to \(range.upperBound) \(what) expected, found \(count)")
    }
    return count
  }

  mutating func name(_ file: borrowing InputFile, _ what: String) throws -> String {
    let start = offset
    let count = try integer(file, byteCount: 2, what)
    guard (2...CTranslate2Cursor.nameLimit).contains(count) else {
      throw Failure(
        .data, at: "\(file.path)@\(start)",
        "\(what) of 2 to \(CTranslate2Cursor.nameLimit) bytes with its zero expected, found \(count)")
    }
    let bytes = try bytes(file, count, what)
    let text = String(decoding: bytes.dropLast(), as: UTF8.self)
    guard bytes.last == 0, !bytes.dropLast().contains(0), text.utf8.elementsEqual(bytes.dropLast()) else {
      throw Failure(
        .data, at: "\(file.path)@\(start)",
        "\(what) as UTF-8 that ends in a zero expected, found \(Failure.shown(text))")
    }
    return text
  }
}
