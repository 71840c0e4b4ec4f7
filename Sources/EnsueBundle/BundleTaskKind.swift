// What a bundle does, by name: the `task` of its configuration, and of the run that wrote it.

import EnsueFiles
import EnsueModels

/// The tasks that bundles are made for.
public enum BundleTaskKind: String, Codable, CaseIterable, Sendable {
  case classify
  case language
  case rolls
  case translate

  /// What holds it, with its article.
  package var title: String {
    switch self {
    case .classify: "a classifier"
    case .language: "a language model"
    case .rolls: "a model of piano rolls"
    case .translate: "a translation model"
    }
  }

  /// What to do with it.
  package var advice: String {
    switch self {
    case .classify: "This is a classifier: it is for ensue predict, evaluate, attend and compare."
    case .language: "This is a language model: it is for ensue generate and evaluate."
    case .rolls: "This is a model of piano rolls: it is for ensue rolls generate and evaluate."
    case .translate: "This is a translation model: it is for ensue translate, evaluate and attend."
    }
  }

  /// What the bundle, run or folder of the Hub at a path does, by its configuration; nil where nothing says so.
  public init?(at path: String) {
    if PretrainedFolder.isOne(path) {
      let config = (try? JSONValue.contents(of: "\(path)/config.json"))?.objectValue
      let type = config?["model_type"]?.stringValue ?? ""
      if DecoderFamilyKind(rawValue: type) != nil {
        self = .language
      } else if TranslatorFamilyKind(rawValue: type) != nil {
        self = .translate
      } else {
        return nil
      }
      return
    }
    let files = ["\(path)/bundle/configuration.json", "\(path)/configuration.json"]
    guard let file = files.first(where: { InputFile.exists($0) }),
      let name = (try? JSONValue.contents(of: file))?.objectValue?["task"]?.stringValue
    else { return nil }
    self.init(rawValue: name)
  }
}
