// Leaves that only some configurations read: heads mean nothing to an LSTM. One that was set where nothing reads it is
// no error, for one set of options may serve several models; but it is said.

/// Which configurations read a leaf.
struct SettingReaders<Root: Sendable>: Sendable {
  /// As messages name them: `a Transformer`.
  let names: String
  let include: @Sendable (Root) -> Bool
}

extension Setting {
  /// The same leaf, where only some configurations read it. Readers inside a group of readers keep their own name.
  package func read(by names: String, where include: @escaping @Sendable (Root) -> Bool) -> Setting {
    var setting = self
    let inner = readers
    setting.readers = SettingReaders(names: inner?.names ?? names) { include($0) && inner?.include($0) ?? true }
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
  /// A line for every leaf that has another value than by default although nothing in this configuration reads it.
  package func unreadNotes(_ root: Root) -> [String] {
    settings.compactMap { setting in
      guard let readers = setting.readers, !readers.include(root), setting.get(root) != setting.get(defaults) else {
        return nil
      }
      return "\(setting.spelling) has no effect here: only \(readers.names) reads it"
    }
  }
}
