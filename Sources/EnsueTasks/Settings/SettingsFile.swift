// Reading a configuration file. Whatever is wrong inside it is a wrong configuration, not wrong data.

import EnsueFiles

/// A JSON file of settings.
public enum SettingsFile {
  /// The JSON in a file.
  /// - Throws: `Failure`: `missing` when it cannot be read, `configuration` when it is no JSON.
  public static func contents(of path: String) throws -> JSONValue {
    do {
      return try JSONValue.contents(of: path, limit: 1 << 20)
    } catch let failure as Failure where failure.kind == .data {
      throw Failure(.configuration, at: failure.place, failure.problem, advice: failure.advice)
    }
  }
}
