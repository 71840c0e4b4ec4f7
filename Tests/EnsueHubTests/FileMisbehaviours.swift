// What may go wrong with the description of a file, with redirects and with HTTP itself.

import EnsueFiles
import EnsueTestSupport
import Foundation

private let weights = "model.safetensors"
private let zeros = String(repeating: "0", count: 40)

extension Misbehaviour {
  static let descriptions: [Misbehaviour] = [
    .always("a listed file is not there", .head("config.json"), .missing, "no such file (404)") {
      $0.send("404 Not Found", "X-Error-Code: EntryNotFound")
    },
    .always("no ETag", .head("config.json"), .data, "an ETag", "found none") { $0.send("200 OK") },
    .always("a web page in place of a file", .head("config.json"), .data, "an ETag", "It is a web page") {
      $0.send("200 OK", "Content-Type: text/html")
    },
    .always("an ETag that is a path", .head("config.json"), .data, "found '\"../../../evil\"'") {
      $0.send(["ETag: \"../../../evil\"", "Content-Length: 24"], [])
    },
    .always("an ETag of three characters", .head("config.json"), .data, "40 or 64 hexadecimal digits") {
      $0.send(["ETag: \"abc\"", "Content-Length: 24"], [])
    },
    .always("an ETag of 64 other characters", .head("config.json"), .data, "40 or 64 hexadecimal digits") {
      $0.send(["ETag: \"\(String(repeating: "z", count: 64))\"", "Content-Length: 24"], [])
    },
    .harmless("a weak ETag", .head("config.json")) {
      $0.send(["ETag: W/\"\($0.file?.hash ?? "")\"", "Content-Length: \($0.file?.content.count ?? 0)"], [])
    },
    .harmless("an ETag without quotes", .head("config.json")) {
      $0.send(["ETag: \($0.file?.hash ?? "")", "Content-Length: \($0.file?.content.count ?? 0)"], [])
    },
    .always("a negative size", .head(weights), .data, "a size of at most", "'-5'") {
      $0.send(["X-Linked-Etag: \"\($0.file?.hash ?? "")\"", "X-Linked-Size: -5", "Content-Length: 0"], [])
    },
    .always("a size that overflows", .head(weights), .data, "a size of at most") {
      $0.send(["X-Linked-Etag: \"\($0.file?.hash ?? "")\"", "X-Linked-Size: 18446744073709551617"], [])
    },
    .always("another size than listed", .head(weights), .data, "as listed") {
      $0.send(["X-Linked-Etag: \"\($0.file?.hash ?? "")\"", "X-Linked-Size: 77"], [])
    },
    .always("another hash than listed", .head("config.json"), .data, "as listed") {
      $0.send(["ETag: \"\(zeros)\"", "Content-Length: \($0.file?.content.count ?? 0)"], [])
    },
    .always("another commit", .head("config.json"), .data, "the commit \(FakeHub.commit) expected") {
      $0.send(["X-Repo-Commit: \(zeros)", "ETag: \"\($0.file?.hash ?? "")\"", "Content-Length: 24"], [])
    },
    .always("a redirect without a hash", .head(weights), .data, "an ETag") {
      $0.send("302 Found", "Location: https://store.example/x")
    },
    .first("a description that fails twice", .head(weights), times: 2) { $0.send("504 Gateway Timeout") },
  ]

  static let redirects: [Misbehaviour] = [
    .always("a redirect in a circle", .get(weights), .data, "too many redirects") {
      $0.send("302 Found", "Location: \($0.request.target)")
    },
    .always("a redirect to a file", .get(weights), .data, "a redirect to an address of http or https") {
      $0.send("302 Found", "Location: file:///etc/passwd")
    },
    .always("a redirect to another protocol", .get(weights), .data, "a redirect to an address") {
      $0.send("302 Found", "Location: gopher://127.0.0.1:6379/x")
    },
    .always("a redirect that gives up encryption", .get(weights), .data, "a redirect to https", "store.example") {
      $0.send("302 Found", "Location: http://store.example/x?secret")
    },
    .always("a redirect to the machine's keeper", .get(weights), .data, "a host with a name", "169.254.169.254") {
      $0.send("302 Found", "Location: https://169.254.169.254/latest/meta-data")
    },
    .always("a redirect to a number of another form", .get(weights), .data, "a host with a name") {
      $0.send("302 Found", "Location: https://2852039166/latest")
    },
    .always("a redirect with a user", .get(weights), .data, "a redirect to an address") {
      $0.send("302 Found", "Location: https://huggingface.co@evil.example/")
    },
    .always("a redirect to nowhere", .get(weights), .data, "found ''") { $0.send("302 Found") },
    .always("a redirect with a space", .get(weights), .data, "found '/a b'") { $0.send("302 Found", "Location: /a b") },
    .always("a redirect for ever longer", .get(weights), .data, "too many redirects") {
      $0.send("307 Temporary Redirect", "Location: \($0.request.target)")
    },
    .always("an endless body of a redirect", .get(weights), .data, "too many redirects") { visit in
      visit.connection.send("HTTP/1.1 302 Found\r\nLocation: \(visit.request.target)\r\n\r\n")
      while visit.connection.send([UInt8](repeating: 65, count: 1 << 16)) {}
    },
  ]

  static let protocols: [Misbehaviour] = [
    .always("no HTTP", .get("config.json"), .data, "an answer in HTTP expected") {
      $0.connection.send("SSH-2.0-x\r\n")
    },
    .always("a status that is none", .get("config.json"), .data, "expected") {
      $0.connection.send("HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n")
    },
    .always("ten thousand lines of a head", .get("config.json"), .data, "a head of more than") { visit in
      visit.connection.send("HTTP/1.1 200 OK\r\n")
      for line in 0..<10_000 where !visit.connection.send("X-Line-\(line): 1\r\n") { break }
    },
    .always("a head of a megabyte", .get("config.json"), .data, "an answer in HTTP expected") { visit in
      visit.connection.send("HTTP/1.1 200 OK\r\nX-Long: ")
      for _ in 0..<32 where !visit.connection.send([UInt8](repeating: 65, count: 1 << 15)) { break }
    },
    .always("interim answers without end", .get("config.json"), .data, "a head of more than") { visit in
      while visit.connection.send(String(repeating: "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", count: 50)) {}
    },
    .harmless("lines that end with a line feed alone", .get("config.json")) { visit in
      let content = visit.file?.content ?? []
      visit.connection.send("HTTP/1.1 200 OK\nContent-Length: \(content.count)\nConnection: close\n\n")
      visit.connection.send(content)
    },
    .always("a negative length", .get("config.json"), .data, "expected") {
      $0.connection.send("HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\nabcdefghijkl")
    },
    .always("a length that overflows", .get("config.json"), .data, "expected") {
      $0.connection.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999999\r\n\r\nabc")
    },
    .always("no answer at all", .get("config.json"), .unavailable, "found none") { _ in },
    .first("no answer once", .get("config.json")) { _ in },
    .always("a head that drips", .get("config.json"), .unavailable, "for too long", tries: 2) { visit in
      let line = Array("HTTP/1.1 200 OK\r\nX-Slow: ".utf8) + [UInt8](repeating: 65, count: 50)
      for byte in line {
        guard visit.connection.send([byte]) else { return }
        usleep(100_000)
      }
    },
  ]
}
