// Names, addresses and the environment, right and wrong.

import EnsueFiles
import EnsueHub
import Testing

@Suite struct NameTests {
  @Test func referencesAreRead() throws {
    for (text, repository, revision) in [
      ("org/name", "org/name", "main"), ("hub:org/name@v1.0", "org/name", "v1.0"), ("gpt2", "gpt2", "main"),
      ("Org_1/na.me-2_@refs/pr/3", "Org_1/na.me-2_", "refs/pr/3"),
    ] {
      let reference = try HubReference(text)
      #expect(reference.repository == repository && reference.revision == revision)
      #expect(try HubReference(reference.description) == reference)
    }
  }

  @Test(arguments: [
    "", "hub:", "a/b/c", "../x", "x/..", "a--b/c", "a/b..c", "/a", "a/", "a//b", ".a/b", "a/-b", "a/b.", "a b/c",
    "a/b\u{0}", "a\\b", "é/b", "a/b.git", "a/b@", "a/b@../x", "a/b@/x", "a/b@x/", "a/b@x//y", "a/b@.x", "a/b@x.lock",
    "a/b@x y", "a/b@x\\y", "a/b@x?y", "a/b@x%2f", "a/b@x@{1}", "a/b@\u{1B}", "a/" + String(repeating: "x", count: 300),
    "a/b@" + String(repeating: "x", count: 300), "https://huggingface.co/a/b",
  ])
  func otherReferencesAreRefused(_ text: String) {
    let failure = #expect(throws: Failure.self) { try HubReference(text) }
    #expect(failure?.kind == .usage)
  }

  @Test func addressesAreResolved() throws {
    let base = try #require(HubURL("https://Huggingface.co/a/b?c=d#e"))
    #expect(base.host == "huggingface.co" && base.port == 443 && base.target == "/a/b?c=d")
    for (location, expected) in [
      ("/x", "https://huggingface.co/x"), ("x", "https://huggingface.co/a/x"), ("//h/x", "https://h/x"),
      ("http://h:81/x", "http://h:81/x"), ("HTTPS://h", "https://h/"), ("https://[::1]:8/", "https://[::1]:8/"),
    ] {
      #expect(base.resolving(location)?.description == expected, "\(location)")
    }
    for location in [
      "", "file:///x", "javascript:x", "https://", "https:///x", "https://u@h/", "https://h:0/", "https://h:99999/",
      "https://h:8x/", "https://h\\x/", "/a b", "/a\u{0}", "https://é.example/", "https://[::1/", "http:x", "/\u{1B}",
      "https://" + String(repeating: "h", count: 9000),
    ] {
      #expect(base.resolving(location) == nil, "\(location)")
    }
  }

  @Test func theEnvironmentMeansWhatItMeansInPython() throws {
    func environment(_ variables: [String: String]) -> HubEnvironment { HubEnvironment { variables[$0] } }
    for (variables, root) in [
      (["HOME": "/h"], "/h/.cache/huggingface/hub"), (["HOME": "/h", "XDG_CACHE_HOME": "/c"], "/c/huggingface/hub"),
      (["HOME": "/h", "HF_HOME": "~/f"], "/h/f/hub"), (["HOME": "/h", "HF_HOME": "/f", "HF_HUB_CACHE": "/k"], "/k"),
      (["HOME": "/h", "HUGGINGFACE_HUB_CACHE": "/k"], "/k"),
      (["HOME": "/h", "HF_HUB_CACHE": ""], "/h/.cache/huggingface/hub"),
    ] {
      #expect(environment(variables).cacheRoot == root)
    }
    for value in ["1", "true", "YES", "on"] { #expect(environment(["HF_HUB_OFFLINE": value]).isOffline) }
    for value in ["", "0", "no", "2"] { #expect(!environment(["HF_HUB_OFFLINE": value]).isOffline) }
    #expect(try environment(["HF_TOKEN": " hf_x\n"]).token() == "hf_x")
    #expect(try environment(["HF_HOME": "/nowhere"]).token() == nil)
    for token in ["a b", "a\r\nX-Evil: 1", "é", String(repeating: "x", count: 2000)] {
      let failure = #expect(throws: Failure.self) { try environment(["HF_TOKEN": token]).token() }
      #expect(failure?.kind == .configuration && failure?.description.contains(token) == false)
    }
  }

  @Test(arguments: [
    "http://huggingface.co", "ftp://localhost", "huggingface.co", "https://h/?x", "https://u:p@h", "http://10.0.0.1",
    "https://h/#x", "http://localhost.evil.example",
  ])
  func otherEndpointsAreRefused(_ endpoint: String) {
    let failure = #expect(throws: Failure.self) { try HubClient(endpoint: endpoint, token: "t", isOffline: true) }
    #expect(failure?.kind == .configuration && failure?.description.contains("HF_ENDPOINT") == true)
  }

  @Test func soundEndpointsAreTaken() throws {
    for endpoint in [
      "https://huggingface.co/", "http://localhost:8080", "http://127.0.0.1", "https://h.example/mirror",
    ] {
      _ = try HubClient(endpoint: endpoint, token: "t", isOffline: true)
    }
  }

  @Test func devicesAreKnown() throws {
    for (name, isDevice) in [
      ("CON", true), ("a/nul.json", true), ("com1.txt", true), ("console", false), ("a.con", false),
    ] {
      #expect(try HubFileName(name, at: "").isDevice == isDevice, "\(name)")
    }
  }
}
