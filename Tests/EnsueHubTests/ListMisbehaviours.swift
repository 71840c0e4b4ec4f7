// What may go wrong with the question what a repository holds.

import EnsueFiles
import EnsueTestSupport

extension Misbehaviour {
  static let statuses: [Misbehaviour] = [
    .always("401", .list, .missing, "access denied (401)", "HF_TOKEN") { $0.send("401 Unauthorized") },
    .always("401 and a realm elsewhere", .list, .missing, "access denied (401)") {
      $0.send("401 Unauthorized", "WWW-Authenticate: Basic realm=\"http://127.0.0.1:1/\"")
    },
    .always("no such repository", .list, .missing, "no repository org/tiny", "HF_TOKEN") {
      $0.send("401 Unauthorized", "X-Error-Code: RepoNotFound")
    },
    .always("a gated repository", .list, .missing, "only for those who have asked", "/org/tiny") {
      $0.send("403 Forbidden", "X-Error-Code: GatedRepo")
    },
    .always("403", .list, .missing, "forbidden (403)", "'no \\u{1b}[31m'") {
      $0.send("403 Forbidden", "X-Error-Message: no \u{1B}[31m")
    },
    .always("404", .list, .missing, "not found (404)") { $0.send("404 Not Found") },
    .always("no such revision", .list, .missing, "no revision 'main'") {
      $0.send("404 Not Found", "X-Error-Code: RevisionNotFound")
    },
    .always("410", .list, .missing, "(410)") { $0.send("410 Gone") },
    .always("451", .list, .missing, "(451)") { $0.send("451 Unavailable For Legal Reasons") },
    .always("418", .list, .data, "the status 200 expected, found 418") { $0.send("418 I'm a teapot") },
    .always("204", .list, .data, "the status 200 expected, found 204") { $0.send("204 No Content") },
    .always("429 for ever", .list, .unavailable, "too many requests (429)") {
      $0.send("429 Too Many Requests", "Retry-After: 99999999")
    },
    .first("429 once, with a number too large for anything", .list) {
      $0.send("429 Too Many Requests", "Retry-After: 99999999999999999999999999")
    },
    .first("429 once, with a negative wish", .list) { $0.send("429 Too Many Requests", "Retry-After: -1") },
    .first("429 once, with a date in the past", .list) {
      $0.send("429 Too Many Requests", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT")
    },
    .first("503 once, with a wish that is none", .list) { $0.send("503 Service Unavailable", "Retry-After: soon") },
    .first("500 three times", .list, times: 3) { $0.send("500 Internal Server Error") },
    .always("500 for ever", .list, .unavailable, "in trouble (500)") { $0.send("500 Internal Server Error") },
    .always("502 for ever", .list, .unavailable, "in trouble (502)") { $0.send("502 Bad Gateway") },
    .always("an endless body of an error", .list, .missing, "not found (404)") { visit in
      visit.connection.send("HTTP/1.1 404 Not Found\r\n\r\n")
      while visit.connection.send([UInt8](repeating: 65, count: 1 << 16)) {}
    },
  ]

  static let lists: [Misbehaviour] = [
    .always("a web page", .list, .data, "found a web page", "login") {
      let page = "\n<!DOCTYPE html><html>Please log in</html>"
      $0.send(["Content-Type: text/html", "Content-Length: \(page.utf8.count)"], Array(page.utf8))
    },
    .always("no JSON", .list, .data, "org/tiny@0") { $0.sendJSON("sorry") },
    .always("nothing", .list, .data, "a value expected") { $0.sendJSON("") },
    .always("an array", .list, .data, "an object expected") { $0.sendJSON("[]") },
    .always("deep JSON", .list, .data, "nesting deeper") { $0.sendJSON(String(repeating: "[", count: 100_000)) },
    .always("a key twice", .list, .data, "'sha' appears twice") {
      $0.sendJSON("{\"sha\": \"a\", \"sha\": \"b\", \"siblings\": []}")
    },
    .always("invalid UTF-8", .list, .data, "invalid UTF-8") {
      let bytes = Array("{\"sha\": \"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)
      $0.send(["Content-Length: \(bytes.count)"], bytes)
    },
    .always("an endless list", .list, .data, "at most 16777216 bytes") { visit in
      visit.connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"sha\": \"")
      while visit.connection.send([UInt8](repeating: 65, count: 1 << 20)) {}
    },
    .always("a list cut short", .list, .unavailable, "ended before the body did") {
      $0.send(["Content-Length: 5000"], Array("{\"sha\": \"0123".utf8))
    },
    .first("a list cut short once", .list) { $0.send(["Content-Length: 5000"], Array("{\"sha\": \"0123".utf8)) },
    .always("a compressed list", .list, .data, "the encoding 'gzip'") {
      $0.send(["Content-Encoding: gzip", "Content-Length: 4"], [0x1F, 0x8B, 8, 0])
    },
    .always("no commit", .list, .data, "as sha, found ''") { $0.sendJSON("{\"siblings\": []}") },
    .always("a commit that is a path", .list, .data, "as sha, found '../../x'") {
      $0.sendJSON(FakeHub.list([], sha: "../../x"))
    },
    .always("a commit in capitals", .list, .data, "as sha") {
      $0.sendJSON(FakeHub.list([], sha: String(repeating: "A", count: 40)))
    },
    .always("no files", .list, .data, "array of files expected") {
      $0.sendJSON("{\"sha\": \"\(FakeHub.commit)\", \"siblings\": null}")
    },
    .always("an empty list", .list, .missing, "files of a model expected") { $0.sendJSON(FakeHub.list([])) },
    .always("a file without a name", .list, .data, "rfilename expected") {
      $0.sendJSON("{\"sha\": \"\(FakeHub.commit)\", \"siblings\": [{\"rfilename\": 7}]}")
    },
    .always("a file twice", .list, .data, "'config.json' twice", answer: listed("config.json")),
    .always("a negative size", .list, .data, "a size between 0", answer: changedList("\"size\": 23", "\"size\": -23")),
    .always(
      "a size that overflows", .list, .data, "a size between 0",
      answer: changedList("\"size\": 23", "\"size\": 99999999999999999999999")),
    .always(
      "a size of a fraction", .list, .data, "a size between 0", answer: changedList("\"size\": 23", "\"size\": 23.5")),
    .always(
      "a device of Windows", .list, .data, "found a device's in '0_Transformer/con.txt'",
      answer: listed("0_Transformer/con.txt")),
    .always(
      "a hash that is a path", .list, .data, "a hash of 'config.json' expected",
      answer: changedList("\"blobId\": \"", "\"blobId\": \"../")),
  ]

  static let names: [Misbehaviour] = [
    ("../../evil", "a step to another folder"), ("a/../../evil", "a step to another folder"), ("..", "a step"),
    ("./config2.json", "a step"), ("/etc/evil", "an absolute path"), ("a//b", "an empty part"),
    ("folder/", "an empty part"), ("..\\\\..\\\\evil", "a backslash"), ("a\\u0000b", "a zero byte"),
    ("a\\u001b[31mb", "a control character"), ("C:evil", "a drive"), ("", "nothing, or more than"),
    (String(repeating: "x", count: 5000), "more than 1024 bytes"),
    (String(repeating: "x", count: 250), "more than 240 bytes"),
  ].map { name, words in
    .always("the name \(name.prefix(20))", .list, .data, "a file name expected", words, answer: listed(name))
  }
}
