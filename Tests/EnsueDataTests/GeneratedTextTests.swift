// The generated texts: what is drawn is valid, what is broken is not, and nothing depends on the order of asking.

import EnsueData
import Foundation
import Testing

@Suite struct GeneratedTextTests {
  @Test(arguments: TextTaskKind.allCases, [1, 7] as [UInt64])
  func everySampleIsValid(_ kind: TextTaskKind, _ seed: UInt64) {
    let task = TextTask(kind, seed: seed)
    for index in 0..<1000 {
      let sample = task.sample(index)
      #expect(kind.isValid(sample), "\(sample)")
      #expect(!sample.contains(kind.ending) && !sample.hasSuffix("\n"))
    }
  }

  @Test(arguments: TextTaskKind.allCases)
  func aSampleIsAFunctionOfItsPlace(_ kind: TextTaskKind) {
    let task = TextTask(kind)
    let forwards = (0..<50).map { task.sample($0) }
    #expect((0..<50).reversed().map { task.sample($0) } == forwards.reversed())
    #expect(Set(forwards).count > 25)
    #expect((0..<50).map { TextTask(kind, seed: 2).sample($0) } != forwards)
    #expect((0..<50).map { task.sample($0, of: .validation) } != forwards)
    #expect(TextTask(kind).text(0..<50) == forwards.map { $0 + kind.ending }.joined())
    #expect(kind.samples(in: task.text(0..<50)) == forwards)
    #expect(kind.samples(in: task.text(0..<1) + "x") == [forwards[0], "x"])
    #expect(kind.samples(in: "").isEmpty)
  }

  @Test(arguments: TextTaskKind.allCases)
  func charactersAreThoseThatOccur(_ kind: TextTaskKind) {
    var found = Set<UInt8>()
    for index in 0..<3000 { found.formUnion(TextTask(kind).sample(index).utf8) }
    found.remove(0x0A)
    #expect(String(decoding: found.sorted(), as: UTF8.self) == kind.characters)
  }

  /// A byte changed to another, added or removed: most of it is noticed.
  @Test(arguments: zip(TextTaskKind.allCases, [0.3, 0.5, 0.9, 0.6]))
  func damageIsNoticed(_ kind: TextTaskKind, _ share: Double) {
    let characters = Array(kind.characters.utf8)
    var (noticed, count) = (0, 0)
    for index in 0..<300 {
      let sample = Array(TextTask(kind).sample(index).utf8)
      let place = (index * 7919) % sample.count
      var (changed, longer, shorter) = (sample, sample, sample)
      changed[place] = characters.first { $0 != sample[place] && ($0 &+ UInt8(index % 5)) % 3 == 0 } ?? 0
      longer.insert(characters[index % characters.count], at: place)
      shorter.remove(at: place)
      for damaged in [changed, longer, shorter] where damaged != sample {
        count += 1
        if !kind.isValid(String(decoding: damaged, as: UTF8.self)) { noticed += 1 }
      }
    }
    #expect(Double(noticed) >= share * Double(count), "\(noticed) of \(count)")
  }

  /// Whatever a model may write is judged, and quickly.
  @Test(arguments: TextTaskKind.allCases)
  func anyTextIsJudged(_ kind: TextTaskKind) {
    let long = ["(", "<a>", "9*", "#", "a", "\n", "<a ", "Ba", "1-", ".........\n"].map {
      String(repeating: $0, count: 100_000)
    }
    for text in ["", "\n", "\u{0}", "é", "𝄞", "=", "<", "(", "A"] + long { #expect(!kind.isValid(text)) }
  }

  @Test func names() {
    for name in ["Brado", "Anel", "Shiasta", "Koulrenand", "Thath"] {
      #expect(TextTaskKind.names.isValid(name) == (name != "Thath"), "\(name)")
    }
    for name in ["brado", "BRado", "Brado ", "Bra", "Brndo", "Bradostr", "Badadadadab", "Br4do", "Xado"] {
      #expect(!TextTaskKind.names.isValid(name), "\(name)")
    }
  }

  @Test func xml() {
    let kind = TextTaskKind.xml
    for text in [
      "<a></a>", "<ab>x</ab>", "<a/>", "<a><b/><a>w</a></a>", "<a id=\"7\" n=\"xy\">a b</a>",
      "<a><a><a><a><a><a></a></a></a></a></a></a>",
    ] { #expect(kind.isValid(text), "\(text)") }
    for text in [
      "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a></a><b></b>", "<a></a>x", "x<a></a>", "<a id=7></a>",
      "<a id=\"7\" id=\"8\"></a>", "<a id=\"\"></a>", "<a id=\"7x\"></a>", "<A></A>", "<a> x</a>", "<a>x </a>", "<></>",
      "<a  id=\"1\"/>", "<a/", "<a><a><a><a><a><a><a/></a></a></a></a></a></a>",
    ] { #expect(!kind.isValid(text), "\(text)") }
  }

  @Test func arithmetic() {
    let kind = TextTaskKind.arithmetic
    for text in ["(12+7)*3=57", "1-2=-1", "2*3+4*5=26", "7-(3-2)=6", "7-3-2=2", "0*99=0", "((1+1))=2"] {
      #expect(kind.isValid(text), "\(text)")
    }
    for text in [
      "(12+7)*3=58", "1-2=1", "1-2=--1", "2*3+4*5=50", "7-3-2=6", "01+1=2", "1+1=02", "100+1=101", "1+=1", "(1+1=2",
      "1+1)=2", "1+1=2=2", "1+1", "=", "5=5", "-1+2=1", "()=0", "0-0=-0",
    ] { #expect(!kind.isValid(text), "\(text)") }
    let deep = String(repeating: "(", count: 100) + "1+1" + String(repeating: ")", count: 100) + "=2"
    #expect(!kind.isValid(deep))
    let large = Array(repeating: "99", count: 30).joined(separator: "*") + "=1"
    #expect(!kind.isValid(large))
  }

  /// What the drawn expressions hold themselves to.
  @Test func arithmeticStaysSmall() {
    var operations = Set<Character>()
    for index in 0..<2000 {
      let sample = TextTask(.arithmetic).sample(index)
      let result = sample.split(separator: "=").last.flatMap { Int($0) }
      #expect(abs(result ?? .max) <= 9999, "\(sample)")
      operations.formUnion(sample.filter { "+-*()".contains($0) })
    }
    #expect(operations == Set("+-*()"))
  }
}
