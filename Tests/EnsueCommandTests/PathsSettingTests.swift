// A setting of several paths, which once held one.

import EnsueFiles
import EnsueTasks
import Testing

@Suite struct PathsSettingTests {
  @Test(
    arguments: [
      (#""a,b.txt""#, ["a,b.txt"]), (#"["a.txt", "b.txt"]"#, ["a.txt", "b.txt"]), ("null", []),
      (#"["a.txt"]"#, ["a.txt"]),
    ] as [(String, [String])])
  func filesNameOneOrSeveral(_ value: String, _ expected: [String]) throws {
    var configuration = ClassificationConfiguration()
    configuration.embedding.paths = ["before.txt"]
    let json = try JSONValue.parse(Array(#"{"embedding": {"path": \#(value)}}"#.utf8), name: "c.json")
    try ClassificationConfiguration.settings.apply(json: json, to: &configuration, file: "c.json")
    #expect(configuration.embedding.paths == expected)
    // What is written is read as it was.
    var copy = ClassificationConfiguration()
    try ClassificationConfiguration.settings.apply(
      json: ClassificationConfiguration.settings.json(of: configuration), to: &copy, file: "c.json")
    #expect(copy == configuration)
  }

  @Test(arguments: [("a.txt,b.txt", ["a.txt", "b.txt"]), ("none", [])] as [(String, [String])])
  func anAssignmentListsThem(_ text: String, _ expected: [String]) throws {
    var configuration = ClassificationConfiguration()
    try ClassificationConfiguration.settings.apply("embedding.path=\(text)", to: &configuration)
    #expect(configuration.embedding.paths == expected)
  }

  @Test(arguments: [#""""#, "[]", #"["a.txt", ""]"#, "[1]"]) func anEmptyOneIsRefused(_ value: String) throws {
    var configuration = ClassificationConfiguration()
    let json = try JSONValue.parse(Array(#"{"embedding": {"path": \#(value)}}"#.utf8), name: "c.json")
    let failure = #expect(throws: Failure.self) {
      try ClassificationConfiguration.settings.apply(json: json, to: &configuration, file: "c.json")
    }
    #expect(failure?.kind == .configuration && configuration == ClassificationConfiguration())
  }
}
