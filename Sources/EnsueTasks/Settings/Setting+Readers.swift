// Leaves that only some configurations read: heads mean nothing to an LSTM. One that was set where nothing reads it is
// said, for one set of options may serve several models; where nobody can have meant it, it is refused.

import EnsueFiles

/// What becomes of a value that nothing reads.
enum UnreadValue<Root: Sendable>: Sendable {
  /// A line names the configurations that read it: `a Transformer`.
  case said(readers: String)
  /// An error's problem and advice, from the configuration and the value as a user writes it.
  case refused(@Sendable (Root, String) -> (problem: String, advice: String))
}

/// Which configurations read a leaf, and what becomes of its value in the others.
struct SettingReaders<Root: Sendable>: Sendable {
  let include: @Sendable (Root) -> Bool
  let otherwise: @Sendable (Root) -> UnreadValue<Root>
}

extension Setting {
  /// The same leaf, where only some configurations read it; in others its value is said to have no effect.
  package func read(by names: String, where include: @escaping @Sendable (Root) -> Bool) -> Setting {
    read(where: include, otherwise: .said(readers: names))
  }

  /// The same leaf, where only some configurations read it and a value is an error in the others.
  package func read(
    where include: @escaping @Sendable (Root) -> Bool,
    orRefused refusal: @escaping @Sendable (_ root: Root, _ value: String) -> (problem: String, advice: String)
  ) -> Setting {
    read(where: include, otherwise: .refused(refusal))
  }

  /// Readers inside a group of readers keep their own way, but for a refusal: it is a matter of those that read the
  /// group.
  private func read(where include: @escaping @Sendable (Root) -> Bool, otherwise: UnreadValue<Root>) -> Setting {
    var setting = self
    let inner = readers
    setting.readers = SettingReaders(
      include: { include($0) && inner?.include($0) ?? true },
      otherwise: { root in
        guard let own = inner?.otherwise(root) else { return otherwise }
        if case .refused = own, !include(root) { return otherwise }
        return own
      })
    return setting
  }

  /// As a user writes it: `--heads`, or the path of a leaf without an option.
  var spelling: String { option.map { "--\($0)" } ?? path }
}

extension Array {
  /// The same leaves, where only some configurations read them.
  package func read<Root>(
    by names: String, where include: @escaping @Sendable (Root) -> Bool
  ) -> [Setting<Root>] where Element == Setting<Root> {
    map { $0.read(by: names, where: include) }
  }
}

extension SettingsTable {
  /// The leaves that have another value than by default although nothing in this configuration reads it.
  package func unread(_ root: Root) -> [Setting<Root>] {
    settings.filter { $0.readers?.include(root) == false && $0.get(root) != $0.get(defaults) }
  }

  /// A line for each of them that is no error.
  package func unreadNotes(_ root: Root) -> [String] {
    unread(root).compactMap { setting in
      guard case .said(let readers)? = setting.readers?.otherwise(root) else { return nil }
      return "\(setting.spelling) has no effect here: only \(readers) reads it"
    }
  }

  /// - Throws: `Failure` of kind `configuration` for the first of them that is an error.
  package func refuseUnread(_ root: Root) throws(Failure) {
    for setting in unread(root) {
      guard case .refused(let refusal)? = setting.readers?.otherwise(root) else { continue }
      let (problem, advice) = refusal(root, SettingsTable.text(of: setting.get(root)))
      throw Failure(.configuration, at: setting.path, problem, advice: advice)
    }
  }

  /// The same configuration with the defaults of those that are errors.
  package func withoutRefused(_ root: Root) throws(Failure) -> Root {
    var copy = root
    for setting in unread(root) {
      guard case .refused? = setting.readers?.otherwise(root) else { continue }
      try setting.set(&copy, setting.get(defaults))
    }
    return copy
  }
}
