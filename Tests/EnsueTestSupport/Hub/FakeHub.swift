// The Hub in small: a repository of a few files, answered as the Hub answers, large files from another host. A test may
// answer any request in its place.

import EnsueFiles
import Foundation
import Synchronization

/// A file of the repository.
package struct FakeFile: Sendable {
  package let name: String
  package let content: [UInt8]
  package let isLarge: Bool
  /// SHA-256 of a large file, Git's blob id of a small one.
  package let hash: String

  package init(_ name: String, _ content: [UInt8], isLarge: Bool = false) {
    (self.name, self.content, self.isLarge) = (name, content, isLarge)
    var hash = isLarge ? ContentHash(.sha256) : ContentHash(gitBlobOf: content.count)
    hash.append(content)
    self.hash = hash.hexadecimal
  }

  package init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }
}

/// A part of the conversation.
package enum FakeQuestion: Sendable, Hashable {
  case list
  case head(String)
  case get(String)
  /// The content of a large file, asked of the other host.
  case content(String)
}

/// A Hub with one repository.
package final class FakeHub: Sendable {
  /// Answers in the Hub's place; false where the Hub shall answer itself.
  package typealias Answer = @Sendable (FakeVisit) -> Bool

  package static let repository = "org/tiny"
  package static let commit = "0123456789abcdef0123456789abcdef01234567"

  package let files: [FakeFile]
  package let server: LocalServer
  /// Where large files come from.
  package let store: LocalServer

  package init(_ files: [FakeFile] = FakeHub.usual, answer: @escaping Answer = { _ in false }) throws {
    let counter = Counter()
    self.files = files
    let store = try LocalServer { request, connection in
      let file = files.first { request.target == "/store/\($0.hash)?signature=secret" }
      let question = FakeQuestion.content(file?.name ?? "")
      let visit = FakeVisit(question, counter.next(question), file, request, connection, store: 0)
      if !answer(visit) { visit.answerContent() }
    }
    self.store = store
    let port = store.port
    server = try LocalServer { request, connection in
      let (question, file) = FakeHub.question(request, files)
      guard let question else {
        connection.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nX-Error-Code: RepoNotFound\r\n\r\n")
        return
      }
      let visit = FakeVisit(question, counter.next(question), file, request, connection, store: port)
      if answer(visit) { return }
      if question == .list { visit.sendJSON(FakeHub.list(files)) } else { visit.answerFile() }
    }
  }

  private final class Counter: Sendable {
    private let counts = Mutex<[FakeQuestion: Int]>([:])

    /// How often a question was asked before.
    func next(_ question: FakeQuestion) -> Int {
      counts.withLock { counts in
        defer { counts[question, default: 0] += 1 }
        return counts[question] ?? 0
      }
    }
  }

  private static func question(_ request: ServedRequest, _ files: [FakeFile]) -> (FakeQuestion?, FakeFile?) {
    if ["main", "v1%2E0", "v1.0", commit].contains(where: {
      request.target == "/api/models/\(repository)/revision/\($0)?blobs=true"
    }) {
      return (.list, nil)
    }
    guard let file = files.first(where: { request.target == "/\(repository)/resolve/\(commit)/\($0.name)" }) else {
      return (nil, nil)
    }
    return (request.method == "HEAD" ? .head(file.name) : .get(file.name), file)
  }

  /// The list of the files, with changes.
  package static func list(_ files: [FakeFile], sha: String = commit, more: String = "") -> String {
    let entries = files.map { file in
      let large =
        file.isLarge
        ? #", "lfs": {"sha256": "\#(file.hash)", "size": \#(file.content.count), "pointerSize": 134}"# : ""
      return #"{"rfilename": "\#(file.name)", "size": \#(file.content.count), "blobId": "\#(file.hash)"\#(large)}"#
    }
    return
      #"{"id": "\#(repository)", "sha": "\#(sha)", "siblings": [\#(entries.joined(separator: ", "))\#(more)]}"#
  }

  package static let usual = usualFiles(size: 200_000)

  /// What a small encoder's repository has; weights of `size` bytes.
  package static func usualFiles(size: Int) -> [FakeFile] {
    [
      FakeFile("config.json", "{\"model_type\": \"bert\"}\n"), FakeFile("tokenizer.json", "{}\n"),
      FakeFile("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": true}\n"), FakeFile("README.md", ""),
      FakeFile("model.safetensors", bytes(size), isLarge: true),
      FakeFile("pytorch_model.bin", bytes(100), isLarge: true),
    ]
  }

  /// Bytes without a period.
  package static func bytes(_ count: Int) -> [UInt8] {
    var state: UInt32 = 12_345
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
  }
}

/// One request and the way to answer it.
package struct FakeVisit: Sendable {
  package let question: FakeQuestion
  /// How often the question was asked before.
  package let count: Int
  package let file: FakeFile?
  package let request: ServedRequest
  package let connection: ServedConnection
  private let store: Int

  fileprivate init(
    _ question: FakeQuestion, _ count: Int, _ file: FakeFile?, _ request: ServedRequest,
    _ connection: ServedConnection, store: Int
  ) {
    (self.question, self.count, self.file) = (question, count, file)
    (self.request, self.connection, self.store) = (request, connection, store)
  }

  /// A status with fields and no body.
  package func send(_ status: String, _ fields: String...) {
    connection.send("HTTP/1.1 \(status)\r\n" + (fields + ["Content-Length: 0"]).joined(separator: "\r\n") + "\r\n\r\n")
  }

  /// A body with fields.
  package func send(_ fields: [String], _ body: [UInt8]) { send("200 OK", fields, body) }

  /// A body with fields.
  package func send(_ status: String, _ fields: [String], _ body: [UInt8]) {
    connection.send("HTTP/1.1 \(status)\r\nConnection: close\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
    connection.send(body)
  }

  package func sendJSON(_ text: String) {
    send(["Content-Type: application/json", "Content-Length: \(text.utf8.count)"], Array(text.utf8))
  }

  /// The fields by which the Hub describes a file.
  package var fields: [String] {
    guard let file else { return [] }
    let commit = "X-Repo-Commit: \(FakeHub.commit)"
    if !file.isLarge { return [commit, "ETag: \"\(file.hash)\""] }
    return [
      commit, "ETag: \"00\"", "X-Linked-Etag: \"\(file.hash)\"", "X-Linked-Size: \(file.content.count)",
      "Location: http://127.0.0.1:\(store)/store/\(file.hash)?signature=secret",
    ]
  }

  /// The Hub's own answer about a file.
  func answerFile() {
    guard let file else { return }
    if file.isLarge { return send("302 Found", fields + ["Content-Length: 0"], []) }
    let isHead = request.method == "HEAD"
    if !isHead, request.start != nil { return answerContent() }
    send(fields + ["Content-Length: \(file.content.count)"], isHead ? [] : file.content)
  }

  /// The content, from where it was asked for.
  package func answerContent() {
    guard let file else { return send("404 Not Found") }
    guard let start = request.start else {
      return send(["ETag: \"store\"", "Content-Length: \(file.content.count)"], file.content)
    }
    guard start < file.content.count else { return send("416 Range Not Satisfiable") }
    send(
      "206 Partial Content",
      [
        "Content-Range: bytes \(start)-\(file.content.count - 1)/\(file.content.count)",
        "Content-Length: \(file.content.count - start)",
      ], Array(file.content[start...]))
  }
}
