// Bad folders of the Hub: each ends in one clear line that names the file, and nothing else happens.

import EnsueBundle
import EnsueFiles
import EnsueTestSupport
import Testing

@Suite struct BadHubFolderTests {
  /// What a reader of a folder says; nil where it reads it.
  private static func failure(_ folder: String, isClassifier: Bool) -> Failure? {
    do {
      if isClassifier {
        _ = try PretrainedClassifierBundle(folder: folder)
      } else {
        _ = try LanguageModelBundle(contentsOf: folder)
      }
      return nil
    } catch let failure as Failure {
      return failure
    } catch {
      Issue.record("\(error)")
      return nil
    }
  }

  private static func check(_ bad: BadHubFolder, isClassifier: Bool) throws {
    try TestFiles.withDirectory { directory in
      try bad.draft().write(to: directory)
      guard let failure = failure(directory, isClassifier: isClassifier) else {
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
    for (draft, isClassifier) in [
      (HubFolderDraft.gpt2, false), (.llama, false), (.bert, true),
    ] {
      try TestFiles.withDirectory { directory in
        try draft.write(to: directory)
        #expect(Self.failure(directory, isClassifier: isClassifier) == nil)
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
  func badLanguageModelsGiveOneLine(_ bad: BadHubFolder) throws { try Self.check(bad, isClassifier: false) }

  @Test(arguments: BadHubFolder.tokenizers + BadHubFolder.classifiers)
  func badTokenizersAndClassifiersGiveOneLine(_ bad: BadHubFolder) throws {
    try Self.check(bad, isClassifier: bad.readsClassifier)
  }

  @Test func thereAreManyOfThem() {
    let all =
      BadHubFolder.configurations + BadHubFolder.weights + BadHubFolder.indexes + BadHubFolder.tokenizers
      + BadHubFolder.classifiers
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
  @Test func theProgramSaysTheSameLine() throws {
    for bad in [BadHubFolder.configurations[8], BadHubFolder.weights[1], BadHubFolder.indexes[5]] {
      try Sandbox.with { sandbox in
        try bad.draft().write(to: sandbox.place("model"))
        let result = try Program.run("generate model --length 3", in: sandbox.path)
        #expect(result.code == bad.kind.rawValue && result.errorLines.count == 1, "\(result)")
        for word in bad.words { #expect(result.errorText.contains(word), "\(result)") }
      }
    }
  }
}
