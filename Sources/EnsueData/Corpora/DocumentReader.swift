// The documents of a text file, a large one in several parts.

import EnsueFiles

/// Reads documents one after another.
struct DocumentReader: ~Copyable {
  /// A document, or a part of it.
  struct Part: Equatable {
    let bytes: [UInt8]
    let endsDocument: Bool
  }

  private let kind: DocumentKind
  private var pieces: TextPieceReader
  /// The part of the file whose documents are being given out.
  private var piece: [UInt8] = []
  private var position = 0
  /// The part after it, where documents are whole files: the last one must be known as such.
  private var following: [UInt8]?
  private var hasBegun = false

  /// - Parameters:
  ///   - cut: where a document that is a whole file may be cut.
  ///   - form: how bytes are text; nil where any will do.
  init(
    _ path: String, documents kind: DocumentKind, cut: TextCutKind, form: TextForm?,
    pieceSize: Int = TextPieceReader.defaultPieceSize, limit: Int = TextPieceReader.defaultLimit
  ) throws {
    self.kind = kind
    let pieceCut: TextCutKind =
      switch kind {
      case .files: cut
      case .lines: .lines
      case .blankLines: .blankLines
      }
    pieces = try TextPieceReader(path, cut: pieceCut, form: form, pieceSize: pieceSize, limit: limit)
  }

  /// Bytes that were not UTF-8 and became U+FFFD.
  var replacedBytes: Int { pieces.replacedBytes }

  /// The file as it was read; call it at its end.
  var source: SourceFile { pieces.source }

  /// The next document or part of one; nil at the end. Documents that end with a line keep its end.
  mutating func next() throws -> Part? {
    switch kind {
    case .files: return try nextOfFile()
    case .lines, .blankLines:
      while true {
        if let document = nextInPiece() { return Part(bytes: document, endsDocument: true) }
        guard let piece = try pieces.next() else { return nil }
        (self.piece, position) = (piece, 0)
      }
    }
  }

  private mutating func nextOfFile() throws -> Part? {
    if !hasBegun {
      following = try pieces.next()
      hasBegun = true
    }
    guard let bytes = following else { return nil }
    following = try pieces.next()
    return Part(bytes: bytes, endsDocument: following == nil)
  }

  /// The next document of the piece; blank lines are passed over.
  private mutating func nextInPiece() -> [UInt8]? {
    var document: Range<Int>?
    while position < piece.count {
      let end = (piece[position...].firstIndex(of: UInt8(ascii: "\n")) ?? piece.count - 1) + 1
      let isBlank = piece[position..<end].allSatisfy(\.isSpace)
      let line = position..<end
      position = end
      if !isBlank {
        if kind == .lines { return Array(piece[line]) }
        document = (document?.lowerBound ?? line.lowerBound)..<end
      } else if document != nil {
        break
      }
    }
    return document.map { Array(piece[$0]) }
  }
}
