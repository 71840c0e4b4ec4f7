// From what a user calls a model to the folder it is in.

import EnsueHub

/// A model that a user named.
public struct ModelPlace: Sendable {
  /// As the user called it.
  public let given: String
  /// Where it is: of the Hub's the snapshot in the cache.
  public let folder: String

  /// - Parameter given: a path, or `hub:ORG/NAME[@revision]`, which `ensue pull` has brought.
  /// - Throws: `Failure` of kind `missing` that names the command which brings it.
  public init(_ given: String) throws {
    (self.given, folder) = (given, try HubCache().resolve(given))
  }

  /// In tables and messages: of the Hub's as it was given, whose folder has a commit for a name; else the run's name.
  public var name: String { given.hasPrefix(HubReference.prefix) ? given : run.name }

  /// The folder as that of a run, which it may be.
  public var run: RunFolder { RunFolder(folder) }

  /// The folder of a model by its name.
  /// - Throws: as `init`.
  public static func folder(_ given: String) throws -> String { try ModelPlace(given).folder }
}
