// What may go wrong with the bytes themselves.

import EnsueFiles
import EnsueTestSupport
import Foundation

private let weights = "model.safetensors"
private let content = FakeHub.usual[4].content
private let half = 120_000

/// The beginning of an answer whose body has no given end.
private let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"

/// The first bytes of the file in an answer that promises all.
private func cut(_ visit: FakeVisit, after count: Int) {
  visit.send(["Content-Length: \(content.count)"], Array(content[..<count]))
}

/// The first request is cut; the second is answered in a way of its own, and then all as it should be.
private func resumed(_ visit: FakeVisit, _ answer: (FakeVisit) -> Void) {
  if visit.count == 0 { cut(visit, after: half) } else { answer(visit) }
}

private func flipped(_ bytes: [UInt8]) -> [UInt8] {
  var bytes = bytes
  bytes[bytes.count / 2] ^= 1
  return bytes
}

extension Misbehaviour {
  static let bodies: [Misbehaviour] = [
    .always("a bit flipped", .content(weights), .data, "SHA-256 mismatch: expected", "nothing of it was kept") {
      $0.send(["Content-Length: \(content.count)"], flipped(content))
    },
    .always("a bit of a small file flipped", .get("config.json"), .data, "SHA-1 mismatch: expected") {
      let bytes = $0.file?.content ?? []
      $0.send(["Content-Length: \(bytes.count)"], flipped(bytes))
    },
    .first("a body cut once", .content(weights)) { cut($0, after: half) },
    .first("a body cut before its first byte", .content(weights)) { cut($0, after: 0) },
    .always(
      "a body always cut at its beginning", .content(weights), .unavailable, "ended before the body did",
      "after 10 of 200000 bytes"
    ) { cut($0, after: 10) },
    .first("a connection reset", .content(weights)) {
      cut($0, after: half)
      usleep(20_000)
      $0.connection.reset()
    },
    .first("a body that stands still", .content(weights)) {
      cut($0, after: half)
      sleep(2)
    },
    .always("a length shorter than the file", .content(weights), .data, "200000 bytes expected, found an answer of '9'")
    {
      $0.send(["Content-Length: 9"], Array(content[..<9]))
    },
    .always("a length longer than the file", .content(weights), .data, "found an answer of '200001'") {
      $0.send(["Content-Length: 200001"], content + [0])
    },
    .always("more bytes than the file has", .content(weights), .data, "200000 bytes expected, found more") { visit in
      visit.connection.send(chunked)
      while visit.connection.send("10000\r\n" + String(repeating: "x", count: 65536) + "\r\n") {}
    },
    .first("fewer bytes, well ended", .content(weights)) {
      $0.connection.send(chunked + "5\r\n")
      $0.connection.send(Array(content[..<5]))
      $0.connection.send("\r\n0\r\n\r\n")
    },
    .always("a web page in place of the bytes", .content(weights), .data, "found an answer of '26'", "a web page") {
      $0.send(["Content-Type: text/html", "Content-Length: 26"], Array("<html>Please log in</html>".utf8))
    },
    .always("compressed bytes", .content(weights), .data, "the encoding 'gzip'") {
      $0.send(["Content-Encoding: gzip", "Content-Length: \(content.count)"], content)
    },
    .always("a chunk of a negative size", .content(weights), .unavailable, "found none") {
      $0.connection.send(chunked + "-5\r\nabc\r\n")
    },
    .always("a chunk larger than everything", .content(weights), .unavailable, "found none") {
      $0.connection.send(chunked + "FFFFFFFFFFFFFFFF\r\n")
      $0.connection.send(content + content)
    },
    .always("chunks of rubbish", .content(weights), .unavailable, "found none") {
      $0.connection.send(chunked + "zz\r\n\u{0}\u{1}\u{2}")
    },
    .always("an address that is no longer good", .content(weights), .missing, "forbidden (403)") {
      $0.send("403 Forbidden")
    },
    .always("the content of another commit", .get("config.json"), .data, "it changed while it was pulled") {
      let bytes = $0.file?.content ?? []
      $0.send(["X-Repo-Commit: \(String(repeating: "0", count: 40))", "Content-Length: \(bytes.count)"], bytes)
    },
    .always("another ETag than before", .get("config.json"), .data, "it changed while it was pulled") {
      let bytes = $0.file?.content ?? []
      $0.send(["ETag: \"\(String(repeating: "0", count: 40))\"", "Content-Length: \(bytes.count)"], bytes)
    },
    .first("another ETag once", .get("config.json")) {
      let bytes = $0.file?.content ?? []
      $0.send(["ETag: \"\(String(repeating: "0", count: 40))\"", "Content-Length: \(bytes.count)"], bytes)
    },
    .always("a redirect to another content", .get(weights), .data, "it changed while it was pulled") {
      $0.send(
        "302 Found", "X-Linked-Etag: \"\(String(repeating: "0", count: 64))\"", "Location: https://store.example/x")
    },
    .always("a part that was not asked for", .content(weights), .data, "the bytes from 0 on expected") {
      $0.send("206 Partial Content", ["Content-Range: bytes 5-199999/200000"], Array(content[5...]))
    },
  ]

  static let resumptions: [Misbehaviour] = [
    .first("a server that does not resume", .content(weights), times: 2) { visit in
      resumed(visit) { $0.send(["Content-Length: \(content.count)"], content) }
    },
    .first("a part that begins elsewhere", .content(weights), times: 2) { visit in
      resumed(visit) {
        $0.send("206 Partial Content", ["Content-Range: bytes 5-199999/200000"], Array(content[5...]))
      }
    },
    .first("a part that cannot be had", .content(weights), times: 2) { visit in
      resumed(visit) { $0.send("416 Range Not Satisfiable", "Content-Range: bytes */200000") }
    },
    .first("a beginning that was damaged", .content(weights), times: 2) { visit in
      if visit.count == 0 {
        visit.send(["Content-Length: \(content.count)"], flipped(Array(content[..<half])))
      } else {
        visit.answerContent()
      }
    },
    .first("a part whose end is not said", .content(weights), times: 2) { visit in
      resumed(visit) {
        $0.send("206 Partial Content", ["Content-Range: bytes \(half)-199999/*"], Array(content[half...]))
      }
    },
    .always("a part of another whole", .content(weights), .data, "a part of 200000 bytes expected", "300000") { visit in
      resumed(visit) {
        $0.send("206 Partial Content", ["Content-Range: bytes \(half)-299999/300000"], Array(content[half...]))
      }
    },
    .always("a part without a range", .content(weights), .data, "a part of 200000 bytes expected, found ''") { visit in
      resumed(visit) { $0.send("206 Partial Content", [], Array(content[half...])) }
    },
    .always("a range of rubbish", .content(weights), .data, "a part of 200000 bytes expected") { visit in
      resumed(visit) {
        $0.send("206 Partial Content", ["Content-Range: bytes 9-3/-1"], Array(content[half...]))
      }
    },
    .first("a body cut three times, further each time", .content(weights), times: 12) { visit in
      let start = visit.request.start ?? 0
      let end = min(start + 66_000, content.count)
      guard end < content.count else { return visit.answerContent() }
      let status = start == 0 ? "200 OK" : "206 Partial Content"
      let range = start == 0 ? [] : ["Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)"]
      visit.send(status, range + ["Content-Length: \(content.count - start)"], Array(content[start..<end]))
    },
  ]

  static let all =
    statuses + lists + names + descriptions + redirects + protocols + bodies + resumptions
}
