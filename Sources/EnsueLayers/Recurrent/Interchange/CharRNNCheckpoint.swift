// The folder of a charRNN of ml5: `manifest.json` names raw little-endian float32 files with their shapes, `vocab.json`
// gives each character a number. What is made of them is in `CharRNNCheckpoint+Model.swift`.
//
// | rule | why |
// |---|---|
// | manifest and vocabulary of at most 1 MiB, at most 1024 tensors, 256 MiB of numbers | bounded before allocating |
// | a file is a plain name in the folder | a manifest cannot name other files |
// | each file is exactly as long as its shape needs; numbers are finite | nothing is cut or made up |
// | the vocabulary has each number from 0 once | every character has a row |
// | variables outside the model (`embedding`, `rnnlm/…`) are named, not read | a learning rate left behind is no weight |

import EnsueFiles
import EnsueTensor

/// The content of a checkpoint's folder.
public struct CharRNNCheckpoint: Sendable {
  private static let textLimit = 1 << 20
  private static let tensorLimit = 1024
  private static let byteLimit = 256 << 20

  public let folder: String
  /// The model's, in the order of the manifest.
  public let tensors: NamedTensors
  /// The manifest's other variables: what training left behind. They are not read.
  public let ignored: [String]
  /// The text of each number as the vocabulary has it, in UTF-8.
  public private(set) var symbols: [[UInt8]]

  /// Reads a folder.
  /// - Throws: `Failure` of kind `missing` or `data`.
  public init(_ folder: String) throws {
    self.folder = folder
    (tensors, ignored) = try CharRNNCheckpoint.tensors(folder)
    symbols = try CharRNNCheckpoint.vocabulary("\(folder)/vocab.json")
  }

  /// The numbers whose text is not one character: a mistake of the vocabulary's maker, to be corrected by
  /// `replaceSymbol`. As they stand they are never read, and written as they are.
  public var irregularIDs: [Int] { symbols.indices.filter { CharRNNCheckpoint.scalar(symbols[$0]) == nil } }

  /// Corrects the text of a number.
  public mutating func replaceSymbol(_ id: Int, with text: String) {
    precondition(symbols.indices.contains(id), "there are \(symbols.count) symbols, none has the number \(id)")
    symbols[id] = Array(text.utf8)
  }

  /// The numbers of a text's characters (Unicode scalars); those the vocabulary lacks are left out and counted.
  public func ids(of text: [UInt8]) -> (ids: [Int32], unknownCount: Int) {
    var idOfScalar: [Unicode.Scalar: Int32] = [:]
    for (id, symbol) in symbols.enumerated() {
      if let scalar = CharRNNCheckpoint.scalar(symbol), idOfScalar[scalar] == nil { idOfScalar[scalar] = Int32(id) }
    }
    let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
    let ids = scalars.map { idOfScalar[$0] }
    return (ids.compactMap { $0 }, ids.count { $0 == nil })
  }

  private static func scalar(_ symbol: [UInt8]) -> Unicode.Scalar? {
    let scalars = String(decoding: symbol, as: UTF8.self).unicodeScalars
    return scalars.count == 1 ? scalars.first : nil
  }

  private static func tensors(_ folder: String) throws -> (NamedTensors, ignored: [String]) {
    let path = "\(folder)/manifest.json"
    guard let manifest = try JSONValue.contents(of: path, limit: textLimit).objectValue else {
      throw Failure(.data, at: path, "an object of tensors expected")
    }
    guard manifest.keys.count <= tensorLimit else {
      throw Failure(.data, at: path, "at most \(tensorLimit) tensors expected, found \(manifest.keys.count)")
    }
    var tensors = try NamedTensors(source: path)
    var ignored: [String] = []
    var remaining = byteLimit
    for (name, value) in manifest.members {
      guard name == "embedding" || name.utf8.starts(with: "rnnlm/".utf8) else {
        ignored.append(name)
        continue
      }
      let entry = try CharRNNManifestEntry(name, value, path: path)
      guard entry.byteCount <= remaining else {
        throw Failure(.data, at: path, "at most \(byteLimit) bytes of numbers expected, found more")
      }
      remaining -= entry.byteCount
      try tensors.append(name, entry.tensor(folder))
    }
    return (tensors, ignored)
  }

  private static func vocabulary(_ path: String) throws -> [[UInt8]] {
    guard let object = try JSONValue.contents(of: path, limit: textLimit).objectValue else {
      throw Failure(.data, at: path, "an object of characters expected")
    }
    var symbols = [[UInt8]?](repeating: nil, count: object.keys.count)
    for (symbol, value) in object.members {
      guard let id = value.integerValue, symbols.indices.contains(id) else {
        throw Failure(
          .data, at: path,
          "a number from 0 to \(symbols.count - 1) for \(Failure.shown(symbol)) expected, found \(Failure.shown("\(value)"))"
        )
      }
      guard symbols[id] == nil else {
        throw Failure(.data, at: path, "each number once expected, found \(id) twice")
      }
      symbols[id] = Array(symbol.utf8)
    }
    return symbols.compactMap { $0 }
  }
}
