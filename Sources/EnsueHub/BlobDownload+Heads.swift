// What the heads of answers say about the bytes that follow.

import EnsueFiles

extension BlobDownload {
  /// The Hub's own heads: they must speak of the same commit and content as before.
  func check(_ head: HTTPHead) throws {
    if let found = head["X-Repo-Commit"], HubCommit(found) != commit {
      throw changed("the commit \(commit.text)", Failure.shown(found))
    }
    let tag = head["X-Linked-Etag"] ?? (head.status == 200 || head.status == 206 ? head["ETag"] : nil)
    if let found = tag.flatMap({ HubBlobName(entityTag: $0) }), found != file.blob {
      throw changed("the content \(file.blob.text)", found.text)
    }
  }

  /// As `check`; what is there of another content is thrown away, and the next try begins anew.
  func check(_ head: HTTPHead, _ partial: PartialFile) throws {
    do {
      try check(head)
    } catch {
      try partial.restart()
      throw Retryable(failure: error, wish: nil)
    }
  }

  private func changed(_ expected: String, _ found: String) -> Failure {
    Failure(
      .data, at: what, "\(expected) expected, found \(found): it changed while it was pulled",
      advice: "Run the same command again.")
  }

  /// Takes an answer's head for what it is: the rest, or the whole.
  func begin(_ partial: PartialFile, _ head: HTTPHead, asked start: Int) throws {
    if head.status == 206 {
      guard let range = ContentRange(head["Content-Range"] ?? ""), range.total == nil || range.total == file.size else {
        throw Failure(
          .data, at: what, "a part of \(file.size) bytes expected, found \(Failure.shown(head["Content-Range"] ?? ""))")
      }
      guard range.first == start, range.last < file.size else {
        try partial.restart()
        let found = "the bytes \(range.first) to \(range.last)"
        throw Retryable(
          failure: Failure(.data, at: what, "the bytes from \(start) on expected, found \(found)"), wish: nil)
      }
    } else if start > 0 {
      // The server does not resume.
      try partial.restart()
    }
    let expected = head.status == 206 ? file.size - start : file.size
    if let length = head["Content-Length"], HTTPHead.number(length) != expected {
      throw Failure(
        .data, at: what, "\(expected) bytes expected, found an answer of \(Failure.shown(length))",
        advice: head["Content-Type"]?.hasPrefix("text/html") == true ? "It is a web page, not the file." : "")
    }
  }
}
