// A vocabulary: tokens whose place is their id.

import EnsueFiles

/// Tokens by id and ids by token.
struct TokenList: Sendable, Equatable {
  /// The index of a token is its id.
  private var table: ByteTable

  static let maximumCount = 1 << 24

  /// - Throws: `Failure` when a token comes twice.
  init(_ tokens: some Collection<String>, at place: String) throws {
    guard tokens.count <= TokenList.maximumCount else {
      throw Failure(.data, at: place, "at most \(TokenList.maximumCount) tokens expected, found \(tokens.count)")
    }
    table = ByteTable(capacity: tokens.count)
    for token in tokens where !table.insert(Array(token.utf8)).isNew {
      throw Failure(.data, at: place, "each token once expected, found \(Failure.shown(token)) again")
    }
  }

  var count: Int { table.count }

  /// The token with an id in `0..<count`.
  subscript(id: Int) -> [UInt8] { table[id] }

  func text(_ id: Int) -> String { String(decoding: table[id], as: UTF8.self) }

  @inline(__always)
  func id(of token: Span<UInt8>) -> Int32? { table.find(token).map { Int32($0) } }

  func id(of token: [UInt8]) -> Int32? { table.find(token).map { Int32($0) } }

  func id(of token: String) -> Int32? { id(of: Array(token.utf8)) }

  /// The id of a token that has to be there.
  func requiredID(of token: String, as role: String, at place: String) throws -> Int32 {
    guard let id = id(of: token) else {
      throw Failure(.data, at: place, "\(role) among the tokens expected, found \(Failure.shown(token)), which is not")
    }
    return id
  }

  /// The ids of `<0x00>` to `<0xFF>`; -1 for those that are missing.
  var byteIDs: [Int32] { (0..<256).map { id(of: ByteToken.text(of: UInt8($0))) ?? -1 } }

  /// An object from token to id.
  var json: JSONValue {
    var object = JSONObject()
    for id in 0..<count { object[text(id)] = .number(id) }
    return .object(object)
  }

  /// The tokens of an object from token to id, in the order of their ids: 0, 1, 2 and so on, each once.
  static func tokens(_ json: JSONValue, at place: String) throws -> [String] {
    guard let members = json.objectValue?.members else {
      throw Failure(.data, at: place, "an object from token to id expected, found \(json.kindName)")
    }
    var tokens = [String?](repeating: nil, count: members.count)
    for (token, value) in members {
      let id = try ComponentReader.count(value, at: "\(place), token \(Failure.shown(token))")
      guard id < tokens.count else {
        throw Failure(
          .data, at: place,
          "ids from 0 to \(tokens.count - 1) without a gap expected, found \(id) for \(Failure.shown(token))")
      }
      if let other = tokens[id] {
        throw Failure(
          .data, at: place,
          "each id once expected, found \(id) for \(Failure.shown(other)) and for \(Failure.shown(token))")
      }
      tokens[id] = token
    }
    return tokens.compactMap(\.self)
  }
}
