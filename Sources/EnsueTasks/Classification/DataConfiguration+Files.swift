// What models that are no classifiers read of the settings of data.

import EnsueFiles

extension DataConfiguration {
  /// Refuses what only labelled sentences have, and how files are to be read where none is named.
  /// - Parameters:
  ///   - content: what the files hold.
  ///   - areTables: whether they may be tables.
  ///   - advice: the options that there are.
  /// - Throws: `Failure` of kind `usage`.
  package func requireOnlyFiles(of content: String, areTables: Bool, advice: String) throws(Failure) {
    var plain = DataConfiguration()
    (plain.paths, plain.encoding, plain.badBytes) = (paths, encoding, badBytes)
    if areTables { (plain.header, plain.quoting) = (header, quoting) }
    guard plain == self else {
      throw Failure(
        .usage, "files of \(content) expected, found settings of labelled sentences beside them", advice: advice)
    }
    guard !paths.isEmpty || plain == DataConfiguration() else {
      throw Failure(
        .usage, at: "--data", "files expected where it is said how to read them, found none",
        advice: "The run's own data is read as it was in training.")
    }
  }
}
