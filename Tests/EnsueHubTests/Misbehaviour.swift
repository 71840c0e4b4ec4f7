// Something that a server, or what stands before it, may do, and how a pull must end.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

/// One misbehaviour.
struct Misbehaviour: Sendable, CustomTestStringConvertible {
  enum Outcome: Sendable {
    /// The pull ends well all the same.
    case pulled
    /// It ends with a failure whose text contains these words.
    case refused(Failure.Kind, [String])
  }

  let name: String
  let outcome: Outcome
  let tries: Int
  let answer: FakeHub.Answer

  var testDescription: String { name }

  private init(_ name: String, _ outcome: Outcome, tries: Int, _ answer: @escaping FakeHub.Answer) {
    (self.name, self.outcome, self.tries, self.answer) = (name, outcome, tries, answer)
  }

  /// A server that answers a question in its own way, every time.
  static func always(
    _ name: String, _ question: FakeQuestion, _ kind: Failure.Kind, _ words: String..., tries: Int = 4,
    answer: @escaping @Sendable (FakeVisit) -> Void
  ) -> Misbehaviour {
    Misbehaviour(name, .refused(kind, words), tries: tries) { visit in
      guard visit.question == question else { return false }
      answer(visit)
      return true
    }
  }

  /// A server that answers a question in its own way the first `times`, then as it should.
  static func first(
    _ name: String, _ question: FakeQuestion, times: Int = 1, answer: @escaping @Sendable (FakeVisit) -> Void
  ) -> Misbehaviour {
    Misbehaviour(name, .pulled, tries: 4) { visit in
      guard visit.question == question, visit.count < times else { return false }
      answer(visit)
      return true
    }
  }

  /// A server that differs, but not so that it matters.
  static func harmless(
    _ name: String, _ question: FakeQuestion, _ answer: @escaping @Sendable (FakeVisit) -> Void
  ) -> Misbehaviour {
    first(name, question, times: 1000, answer: answer)
  }
}

/// The text of the list with something put in the place of something else.
func changedList(_ old: String, _ new: String) -> @Sendable (FakeVisit) -> Void {
  { visit in
    let text = FakeHub.list(FakeHub.usual)
    // The first occurrence only.
    guard let range = text.range(of: old) else { return }
    visit.sendJSON(text.replacingCharacters(in: range, with: new))
  }
}

/// The list with one more file.
func listed(_ name: String) -> @Sendable (FakeVisit) -> Void {
  { $0.sendJSON(FakeHub.list(FakeHub.usual, more: ", {\"rfilename\": \"\(name)\"}")) }
}
