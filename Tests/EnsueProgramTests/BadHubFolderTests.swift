// Bad folders of the Hub: each ends in one clear line that names the file, and nothing else happens.

import EnsueBundle
import EnsueFiles
import EnsueTestSupport
import Testing

@Suite struct BadHubFolderTests {
  private enum Reader {
    case classifier
    case language
    case translator
  }

  /// What a reader of a folder says; nil where it reads it.
  private static func failure(_ folder: String, _ reader: Reader) -> Failure? {
    do {
      switch reader {
      case .classifier: _ = try PretrainedClassifierBundle(folder: folder)
      case .language: _ = try LanguageModelBundle(contentsOf: folder)
      case .translator: _ = try TranslationBundle(contentsOf: folder)
      }
      return nil
    } catch let failure as Failure {
      return failure
    } catch {
      Issue.record("\(error)")
      return nil
    }
  }

  private static func check(_ bad: BadHubFolder, _ reader: Reader) throws {
    try TestFiles.withDirectory { directory in
      try bad.draft().write(to: directory)
      guard let failure = failure(directory, reader) else {
        Issue.record("\(bad) was read")
        return
      }
      #expect(failure.kind == bad.kind, "\(bad): \(failure)")
      let line = failure.description
      for word in bad.words { #expect(line.contains(word), "\(bad): '\(word)' expected in \(line)") }
      #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "\(bad): a terminal would obey \(line)")
      #expect(line.utf8.count < directory.utf8.count + 700, "\(bad): \(line.utf8.count) bytes")
      #expect(failure.place.hasPrefix(directory) || failure.kind == .configuration, "\(bad): at \(failure.place)")
    }
  }

  @Test func theGoodFoldersAreRead() throws {
    for (draft, reader) in [
      (HubFolderDraft.gpt2, Reader.language), (.llama, .language), (.bert, .classifier), (.marian, .translator),
    ] {
      try TestFiles.withDirectory { directory in
        try draft.write(to: directory)
        #expect(Self.failure(directory, reader) == nil)
      }
    }
  }

  @Test func otherTasksSayWhatAFolderOfTheHubIsFor() throws {
    try TestFiles.withDirectory { directory in
      try HubFolderDraft.bert.write(to: "\(directory)/bundle")
      let failure = try #require(throws: Failure.self) { try TranslationBundle(contentsOf: directory) }
      #expect(failure.kind == .data && failure.place == directory)
      #expect(failure.description.contains("ensue predict, evaluate and attend"), "\(failure)")
    }
  }

  @Test(arguments: BadHubFolder.configurations + BadHubFolder.weights + BadHubFolder.indexes)
  func badLanguageModelsGiveOneLine(_ bad: BadHubFolder) throws { try Self.check(bad, .language) }

  @Test(arguments: BadHubFolder.translators)
  func badTranslatorsGiveOneLine(_ bad: BadHubFolder) throws { try Self.check(bad, .translator) }

  @Test(arguments: BadHubFolder.tokenizers + BadHubFolder.classifiers)
  func badTokenizersAndClassifiersGiveOneLine(_ bad: BadHubFolder) throws {
    try Self.check(bad, bad.readsClassifier ? .classifier : .language)
  }

  @Test func thereAreManyOfThem() {
    let all =
      BadHubFolder.configurations + BadHubFolder.weights + BadHubFolder.indexes + BadHubFolder.tokenizers
      + BadHubFolder.classifiers + BadHubFolder.translators
    #expect(Set(all.map(\.description)).count == all.count && all.count > 100)
  }

  @Test func whatIsNoFolderIsSaid() throws {
    try TestFiles.withDirectory { directory in
      #expect(throws: Failure.self) { try PretrainedFolder("\(directory)/gone") }
      try OutputFile.write("x", to: "\(directory)/file")
      let failure = #expect(throws: Failure.self) { try PretrainedFolder("\(directory)/file") }
      #expect(failure?.kind == .missing && failure?.problem.contains("found a file") == true)
    }
  }

  /// Through the program, the same line and its exit code.
  private static func run(_ bad: BadHubFolder, _ line: String, architecture: String? = nil) throws {
    try Sandbox.with { sandbox in
      var draft = try bad.draft()
      if let architecture { try draft.set("architectures", "[\"\(architecture)\"]") }
      try draft.write(to: sandbox.place("model"))
      let result = try Program.run(line, in: sandbox.path)
      #expect(result.code == bad.kind.rawValue && result.errorLines.count == 1, "\(bad): \(result)")
      #expect(result.output.isEmpty && result.errorText.hasPrefix("error: "), "\(bad): \(result)")
      for word in bad.words { #expect(result.errorText.contains(word), "\(bad): '\(word)' expected\n\(result)") }
    }
  }

  @Test(arguments: BadHubFolder.configurations + BadHubFolder.weights + BadHubFolder.indexes)
  func generatingSaysTheSameLine(_ bad: BadHubFolder) throws { try Self.run(bad, "generate model --length 3") }

  @Test(arguments: BadHubFolder.translators)
  func translatingSaysTheSameLine(_ bad: BadHubFolder) throws { try Self.run(bad, "translate model a") }

  @Test(arguments: BadHubFolder.tokenizers + BadHubFolder.classifiers)
  func predictingSaysTheSameLine(_ bad: BadHubFolder) throws {
    try Self.run(bad, bad.readsClassifier ? "predict model a" : "generate model --length 3")
  }

  /// Of the other commands of encoders three folders each: they read them by the same functions.
  @Test(arguments: [
    ("embed model a", ["sentences: no pooling", "a tokenizer of another model", "a layer beyond the last"]),
    ("attend model a", ["labels: an array", "a tokenizer of another model", "a layer beyond the last"]),
    ("tag model a", ["labels: an array", "no head", "a tokenizer of another model"]),
    ("evaluate model --data data.tsv", ["labels: twice the same", "no head", "a layer beyond the last"]),
    (
      "train classify --from model --data data.tsv --out run",
      ["labels: an array", "a tokenizer of another model", "a layer beyond the last"]
    ),
  ])
  func otherCommandsSayTheSameLine(_ line: String, _ names: [String]) throws {
    let folders = BadHubFolder.classifiers.filter { names.contains($0.description) }
    #expect(folders.count == 3, "\(line)")
    for bad in folders {
      try Self.run(bad, line, architecture: line.hasPrefix("tag") ? "BertForTokenClassification" : nil)
    }
  }
}
