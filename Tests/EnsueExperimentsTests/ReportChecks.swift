// What every experiment's report has to be.

import EnsueExperiments
import Testing

/// Words are in the text, lines have their width, pictures have names of their own, and the page is whole.
func checkReport(_ report: ExperimentReport, charts: Int, words: [String]) {
  let text = report.text(width: 10_000)
  for word in words { #expect(text.contains(word), "\(word)") }
  #expect(!text.contains("NaN"))
  #expect(report.text(width: 60).split(separator: "\n").allSatisfy { $0.unicodeScalars.count <= 60 })
  #expect(report.pictures.count == charts)
  #expect(Set(report.pictures.map(\.file)).count == charts)
  let html = report.html
  #expect(html.components(of: "<svg ") == charts)
  #expect(html.components(of: "<?xml") == 0)
  #expect(html.components(of: "<div") == html.components(of: "</div>"))
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
