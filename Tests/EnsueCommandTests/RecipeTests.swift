// The recipes are configurations of their tasks.

import EnsueFiles
import EnsueTasks
import Testing

@Suite struct RecipeTests {
  private static func read<Configuration: RunConfiguration>(
    _: Configuration.Type, _ json: JSONValue, _ file: String
  ) throws {
    var configuration = Configuration()
    try Configuration.apply(json, to: &configuration, file: file)
    #expect(configuration != Configuration(), "\(file)")
  }

  @Test func everyRecipeIsRead() throws {
    let folder = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Configurations"
    let names = try InputFile.names(in: folder).filter { $0.hasSuffix(".json") }
    #expect(names.count >= 14)
    for name in names {
      let file = "\(folder)/\(name)"
      let json = try SettingsFile.contents(of: file)
      switch json.objectValue?["task"]?.stringValue {
      case LanguageConfiguration.task: try RecipeTests.read(LanguageConfiguration.self, json, file)
      case TranslationConfiguration.task: try RecipeTests.read(TranslationConfiguration.self, json, file)
      case ClassificationConfiguration.task: try RecipeTests.read(ClassificationConfiguration.self, json, file)
      case RollConfiguration.task: try RecipeTests.read(RollConfiguration.self, json, file)
      case let task: Issue.record("\(name): a task expected, found \(task ?? "none")")
      }
    }
  }
}
