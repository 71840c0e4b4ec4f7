// A command line that help shows.

/// An example: what it does, and the line to type.
package struct CommandExample: Sendable {
  package let purpose: String
  package let line: String

  package init(_ purpose: String, _ line: String) {
    self.purpose = purpose
    self.line = line
  }
}
