// Files that are often given where word vectors are expected, known by how they begin.

/// A kind of file that is not word vectors.
struct ForeignFormat {
  let name: String
  let advice: String
  private let beginning: [UInt8]

  private static let decompress = "Decompress it first."
  private static let convert = "Convert it to word2vec or GloVe text first."
  private static let fetch = "Fetch the file itself."

  private static let known: [ForeignFormat] = [
    ForeignFormat(name: "gzip data", advice: decompress, beginning: [0x1F, 0x8B]),
    ForeignFormat(name: "a ZIP archive", advice: decompress, beginning: [0x50, 0x4B, 0x03, 0x04]),
    ForeignFormat(name: "xz data", advice: decompress, beginning: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    ForeignFormat(name: "Zstandard data", advice: decompress, beginning: [0x28, 0xB5, 0x2F, 0xFD]),
    ForeignFormat(name: "bzip2 data", advice: decompress, beginning: Array("BZh91AY&SY".utf8)),
    ForeignFormat(name: "UTF-16 text", advice: "Save it as UTF-8.", beginning: [0xFF, 0xFE]),
    ForeignFormat(name: "UTF-16 text", advice: "Save it as UTF-8.", beginning: [0xFE, 0xFF]),
    ForeignFormat(name: "a fastText model", advice: "Use its .vec file.", beginning: [0xBA, 0x16, 0x4F, 0x2F]),
    ForeignFormat(name: "a Python pickle", advice: convert, beginning: [0x80, 0x02]),
    ForeignFormat(name: "a Python pickle", advice: convert, beginning: [0x80, 0x03]),
    ForeignFormat(name: "a Python pickle", advice: convert, beginning: [0x80, 0x04]),
    ForeignFormat(name: "a Python pickle", advice: convert, beginning: [0x80, 0x05]),
    ForeignFormat(name: "an HDF5 file", advice: convert, beginning: [0x89, 0x48, 0x44, 0x46]),
    ForeignFormat(name: "a NumPy array", advice: convert, beginning: [0x93] + Array("NUMPY".utf8)),
    ForeignFormat(name: "a GGUF file", advice: convert, beginning: Array("GGUF".utf8) + [0x03, 0x00]),
    ForeignFormat(
      name: "a Git LFS pointer", advice: "Run 'git lfs pull' or fetch the file itself.",
      beginning: Array("version https://git-lfs".utf8)),
    ForeignFormat(name: "an HTML page", advice: fetch, beginning: Array("<!DOCTYPE".utf8)),
    ForeignFormat(name: "an HTML page", advice: fetch, beginning: Array("<!doctype".utf8)),
    ForeignFormat(name: "an HTML page", advice: fetch, beginning: Array("<html".utf8)),
  ]

  /// The format that the bytes begin with, if it is a known one.
  static func found(in head: [UInt8]) -> ForeignFormat? { known.first { head.starts(with: $0.beginning) } }
}
