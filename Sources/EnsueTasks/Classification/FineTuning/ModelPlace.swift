// From what a user calls a pre-trained model to the folder it is in.

import EnsueHub

/// Finds models.
public enum ModelPlace {
  /// The folder of a model.
  /// - Parameter name: a path, or `hub:ORG/NAME[@revision]`, which `ensue pull` has brought.
  /// - Throws: `Failure` of kind `missing` that names the command which brings it.
  public static func folder(_ name: String) throws -> String { try HubCache().resolve(name) }
}
