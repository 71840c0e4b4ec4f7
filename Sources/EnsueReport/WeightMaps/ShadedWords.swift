// Words in a row, each shaded by its weight: what a mean over words looks at.

/// A text whose words weigh differently.
package struct ShadedWords: Sendable {
  package let words: [String]
  package let weights: [Double]
  package let shading: ShadingKind
  /// The weight with the full shade.
  package let largest: Double

  /// - Precondition: a weight for each word.
  package init(_ words: [String], weights: [Double], shading: ShadingKind, largest: Double) {
    precondition(words.count == weights.count, "\(words.count) words cannot have \(weights.count) weights")
    (self.words, self.weights, self.shading, self.largest) = (words.map(DisplayText.clean), weights, shading, largest)
  }

  /// Lines of at most `width` cells, each after `indent` spaces.
  package func text(width: Int, indent: Int = 2) -> String {
    let margin = String(repeating: " ", count: indent)
    let gap = shading == .colours ? "" : shading == .blocks ? " " : "  "
    var lines: [String] = []
    var (line, used) = ("", 0)
    for (word, weight) in zip(words, weights) {
      let shortened = DisplayText.shortened(word, width: max(4, width - indent - 6))
      let piece = shading.word(shortened, weight, shade: WeightMap.shade(weight, of: largest))
      if used > 0, indent + used + gap.utf8.count + piece.width > width {
        lines.append(line)
        (line, used) = ("", 0)
      }
      line += (used > 0 ? gap : "") + piece.text
      used += (used > 0 ? gap.utf8.count : 0) + piece.width
    }
    return (lines + [line]).map { margin + $0 + "\n" }.joined()
  }
}
