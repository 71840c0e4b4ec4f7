// The binary form of a text file's vectors, beside it as `<file>.ensue-vectors`. Only a convenience: whatever is wrong
// with it, the text is read instead. It belongs to the content of the text (by digest), not to its date.
//
// Layout, in the machine's byte order (checked by the magic number): header words (64 bits each, `Field`), word
// offsets, hash slots, values, word bytes, XXH3 digest of all before.

import EnsueFiles

/// Reads and writes the cache of one word-vector file.
struct WordVectorCache {
  /// What became of an attempt to read a cache.
  enum Outcome {
    case hit(WordVectors)
    case absent
    /// There is one that cannot be used, and why.
    case unusable(String)
  }

  /// The header's words, in order.
  private enum Field: Int, CaseIterable {
    case magic, version, sourceSize, digestHigh, digestLow, options, format, dimension, words, wordBytes, slots, rows
    case duplicates, skipped, replaced, blankLines
  }

  /// `ENSUEVEC` as a number.
  private static let magic: UInt64 = 0x454E_5355_4556_4543
  /// Raise it whenever the layout, the parsing or `ByteHash` changes.
  private static let version: UInt64 = 1
  private static let headerBytes = Field.allCases.count * 8
  private static let digestBytes = 16

  let path: String
  private let sourcePath: String
  private let options: WordVectorOptions

  init(of sourcePath: String, options: WordVectorOptions) {
    path = sourcePath + ".ensue-vectors"
    self.sourcePath = sourcePath
    self.options = options
  }

  /// The choices that decide what is made of a text.
  private var optionsCode: UInt64 {
    options.format.code | options.duplicates.code << 8 | options.invalidWords.code << 16
  }

  /// The vectors, when the cache is whole and belongs to the text as it is now.
  /// - Throws: `Failure` only when the text itself cannot be read.
  func read(sourceSize: Int) throws -> Outcome {
    guard InputFile.exists(path) else { return .absent }
    guard let header = try? openHeader() else { return .unusable("it cannot be read") }
    func word(_ field: Field) -> UInt64 { header[field.rawValue] }
    guard header.count == Field.allCases.count else { return .unusable("it is cut short") }
    guard word(.magic) == WordVectorCache.magic else { return .unusable("it is not a cache of this machine's kind") }
    guard word(.version) == WordVectorCache.version else { return .unusable("it has another version") }
    guard word(.options) == optionsCode else { return .unusable("it was made with other choices") }
    guard word(.sourceSize) == UInt64(sourceSize) else { return .unusable("the text has changed") }
    let digest = try InputFile.digest(of: sourcePath)
    guard word(.digestHigh) == digest.high, word(.digestLow) == digest.low else {
      return .unusable("the text has changed")
    }
    guard let vectors = try? body(header) else { return .unusable("it is damaged") }
    if let expected = options.dimension, expected != vectors.dimension { return .unusable("it has another dimension") }
    guard vectors.report.rows <= options.rowLimit else { return .unusable("it has too many rows") }
    return .hit(vectors)
  }

  /// The header's words; fewer when the file is shorter.
  private func openHeader() throws -> [UInt64] {
    let file = try InputFile(path)
    guard file.size >= WordVectorCache.headerBytes else { return [] }
    return try WordVectorCache.array(file, at: 0, count: Field.allCases.count)
  }

  /// Everything after the header, or nil when a size or the digest does not fit.
  private func body(_ header: [UInt64]) throws -> WordVectors? {
    func number(_ field: Field, _ limit: Int) -> Int? {
      Int(exactly: header[field.rawValue]).flatMap { 0...limit ~= $0 ? $0 : nil }
    }
    let file = try InputFile(path)
    guard let words = number(.words, WordVectorOptions.maximumRows), words > 0,
      let dimension = number(.dimension, WordVectorOptions.maximumDimension), dimension > 0,
      let wordBytes = number(.wordBytes, file.size), let slotCount = number(.slots, 1 << 31),
      let format = WordVectorFormatKind.allCases.first(where: { $0.code == header[Field.format.rawValue] })
    else { return nil }
    // 2^28 · 2^16 · 4 and the others are far from overflow.
    let sizes = [(words + 1) * 8, slotCount * 8, words * dimension * 4, wordBytes]
    let end = WordVectorCache.headerBytes + sizes.reduce(0, +)
    guard file.size == end + WordVectorCache.digestBytes else { return nil }
    var digest = IncrementalDigest()
    header.withUnsafeBytes { digest.append($0) }
    var offset = WordVectorCache.headerBytes
    func next<Element: BitwiseCopyable>(_ count: Int, _ digest: inout IncrementalDigest) throws -> [Element] {
      let elements: [Element] = try WordVectorCache.array(file, at: offset, count: count)
      elements.withUnsafeBytes { digest.append($0) }
      offset += count * MemoryLayout<Element>.stride
      return elements
    }
    let offsets: [Int] = try next(words + 1, &digest)
    let slots: [UInt64] = try next(slotCount, &digest)
    let values: [Float] = try next(words * dimension, &digest)
    let bytes: [UInt8] = try next(wordBytes, &digest)
    let expected: [UInt64] = try WordVectorCache.array(file, at: end, count: 2)
    guard Digest(high: expected[0], low: expected[1]) == digest.digest,
      let table = ByteTable(bytes: bytes, offsets: offsets, slots: slots)
    else { return nil }
    return WordVectors(words: table, values: values, report: report(header, format, dimension))
  }

  private func report(_ header: [UInt64], _ format: WordVectorFormatKind, _ dimension: Int) -> WordVectorReport {
    func count(_ field: Field) -> Int { Int(exactly: header[field.rawValue]) ?? 0 }
    var report = WordVectorReport(path: sourcePath, format: format, dimension: dimension)
    report.rows = count(.rows)
    report.duplicates = count(.duplicates)
    report.skipped = count(.skipped)
    report.replaced = count(.replaced)
    report.blankLines = count(.blankLines)
    report.bytes = count(.sourceSize)
    report.cache = .read
    return report
  }

  private static func array<Element: BitwiseCopyable>(
    _ file: borrowing InputFile, at offset: Int, count: Int
  ) throws -> [Element] {
    try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)[..<(count * MemoryLayout<Element>.stride)]
      try file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes), at: offset)
      initialized = count
    }
  }

  /// Writes the cache; that it cannot be written is no error.
  func write(_ vectors: WordVectors, digest: Digest, replacing reason: String?) -> WordVectorReport.Cache {
    do {
      try writeFile(vectors, digest)
      return reason.map { .replaced($0) } ?? .written
    } catch let failure as Failure {
      return .unwritable(failure.description)
    } catch {
      return .unwritable("\(error)")
    }
  }

  private func writeFile(_ vectors: WordVectors, _ source: Digest) throws {
    let report = vectors.report
    let header = Field.allCases.map { field -> UInt64 in
      switch field {
      case .magic: WordVectorCache.magic
      case .version: WordVectorCache.version
      case .sourceSize: UInt64(report.bytes)
      case .digestHigh: source.high
      case .digestLow: source.low
      case .options: optionsCode
      case .format: report.format.code
      case .dimension: UInt64(vectors.dimension)
      case .words: UInt64(vectors.count)
      case .wordBytes: UInt64(vectors.words.bytes.count)
      case .slots: UInt64(vectors.words.slots.count)
      case .rows: UInt64(report.rows)
      case .duplicates: UInt64(report.duplicates)
      case .skipped: UInt64(report.skipped)
      case .replaced: UInt64(report.replaced)
      case .blankLines: UInt64(report.blankLines)
      }
    }
    var file = try OutputFile(path)
    var digest = IncrementalDigest()
    func write(_ bytes: UnsafeRawBufferPointer, _ file: inout OutputFile, _ digest: inout IncrementalDigest) throws {
      digest.append(bytes)
      try file.write(bytes)
    }
    try header.withUnsafeBytes { try write($0, &file, &digest) }
    try vectors.words.offsets.withUnsafeBytes { try write($0, &file, &digest) }
    try vectors.words.slots.withUnsafeBytes { try write($0, &file, &digest) }
    try vectors.values.withUnsafeBytes { try write($0, &file, &digest) }
    try vectors.words.bytes.withUnsafeBytes { try write($0, &file, &digest) }
    let own = digest.digest
    try [own.high, own.low].withUnsafeBytes { try file.write($0) }
    try file.commit()
  }
}
