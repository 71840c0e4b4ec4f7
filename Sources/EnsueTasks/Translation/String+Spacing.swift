// Texts that must stay on their line, or in their cell of a table.

extension String {
  /// The text with a space for every one of some scalars, such as line ends and tabs.
  package func spacing(_ scalars: String) -> String {
    let spaced = scalars.unicodeScalars
    return String(UnicodeScalarView(unicodeScalars.map { spaced.contains($0) ? " " : $0 }))
  }
}
