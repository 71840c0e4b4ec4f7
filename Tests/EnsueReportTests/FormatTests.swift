// Number formats.

import EnsueEvaluation
import EnsueReport
import Testing

@Suite("number formats")
struct FormatTests {
  @Test(
    "per cent",
    arguments: [
      (0.771, "77.1 %"), (0, "0.0 %"), (1, "100.0 %"), (-0.0001, "0.0 %"), (0.12345, "12.3 %"), (.nan, "NaN %"),
      (.infinity, "inf %"),
    ] as [(Double, String)])
  func percent(_ value: Double, _ text: String) { #expect(Format.percent(value) == text) }

  @Test("a spread in per cent")
  func spread() throws {
    #expect(Format.percent(try #require(Spread([0.765, 0.771, 0.777]))) == "77.1 ± 0.6 %")
    #expect(Format.percent(try #require(Spread([0.765]))) == "76.5 %")
  }

  @Test(
    "counts",
    arguments: [
      (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (18764, "18,764"), (1_234_567, "1,234,567"),
      (-1234, "-1,234"), (.max, "9,223,372,036,854,775,807"), (.min, "-9,223,372,036,854,775,808"),
    ] as [(Int, String)])
  func count(_ value: Int, _ text: String) { #expect(Format.count(value) == text) }

  @Test(
    "durations",
    arguments: [
      (0, "0.0 s"), (0.31, "0.3 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.7, "1 min 0 s"),
      (73.2, "1 min 13 s"), (3599.6, "1 h 0 min"), (7500, "2 h 5 min"), (86_399, "1 d 0 h"), (200_000, "2 d 8 h"),
      (-73.2, "-1 min 13 s"), (.nan, "NaN s"), (.infinity, "inf s"), (1e300, "\(Format.fixed(1e300, places: 0)) s"),
    ] as [(Double, String)])
  func duration(_ value: Double, _ text: String) { #expect(Format.duration(value) == text) }

  @Test(
    "bytes",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1 << 20, "1.0 MiB"),
      ((1 << 20) - 1, "1.0 MiB"), (5 << 30, "5.0 GiB"), (.max, "8.0 EiB"), (-1536, "-1.5 KiB"),
    ] as [(Int, String)])
  func bytes(_ value: Int, _ text: String) { #expect(Format.bytes(value) == text) }

  @Test(
    "large numbers in short",
    arguments: [
      (0, "0"), (7, "7"), (7.25, "7.2"), (412_345, "412 k"), (1_250_000, "1.2 M"), (999.6, "1.0 k"), (9_960, "10 k"),
      (3e15, "3e15"), (.nan, "NaN"),
    ] as [(Double, String)])
  func short(_ value: Double, _ text: String) { #expect(Format.short(value) == text) }

  @Test(
    "four significant digits",
    arguments: [
      (0.4312, "0.4312"), (12.345, "12.35"), (0, "0"), (1.5e-7, "1.5e-7"), (123_456, "123456"), (-2.5e9, "-2.5e9"),
      (9.9999e9, "1e10"), (1e300, "1e300"), (.leastNonzeroMagnitude, "4.941e-324"), (.nan, "NaN"),
    ] as [(Double, String)])
  func significant(_ value: Double, _ text: String) { #expect(Format.significant(value) == text) }
}
