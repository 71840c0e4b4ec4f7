// What a bundle remembers of a cell: its equations in full, which hold whatever a cell of that name becomes.

import EnsueFiles
import EnsueLayers
import EnsueModels
import Testing

@Suite struct StoredEquationsTests {
  /// Layer normalisation, leak and another first value are part of the equations.
  private static var rewritten: ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.forgetBias) = (.lstm, 0.25)
    (configuration.normalizesLayers, configuration.leak) = (true, 0.5)
    return configuration
  }

  @Test func storingAndReadingIsTheIdentity() throws {
    for configuration in [ClassifierConfiguration(), StoredEquationsTests.rewritten] {
      let (stored, formula) = (try configuration.withEquations(), try configuration.formula())
      #expect(stored.equations == formula.text)
      #expect(try stored.formula() == formula)
      #expect(stored.withoutKnownEquations() == configuration)
    }
    #expect(try StoredEquationsTests.rewritten.withEquations().equations?.contains("norm") == true)
  }

  @Test func otherEquationsStay() throws {
    var configuration = RecurrentLanguageModelConfiguration()
    configuration.equations = try configuration.formula().text.replacing("o ⊙ tanh(c')", with: "o ⊙ c'")
    let read = configuration.withoutKnownEquations()
    #expect(read == configuration)
    #expect(try read.formula().text == configuration.equations)
    #expect(try read.withEquations() == configuration)
  }

  /// Equations that are none are said, not passed over.
  @Test func equationsThatAreNoneAreRefused() throws {
    var configuration = RollModelConfiguration()
    configuration.equations = "state h"
    #expect(configuration.withoutKnownEquations() == configuration)
    let failure = #expect(throws: Failure.self) { try configuration.formula() }
    #expect(failure?.place == "equations:1")
  }

  /// No built-in cell has a text for it.
  @Test(arguments: [1e300, .infinity, .nan]) func aFirstValueBeyond32BitsIsRefused(_ value: Double) {
    var configuration = RecurrentTranslatorConfiguration()
    configuration.forgetBias = value
    let failure = #expect(throws: Failure.self) { try configuration.formula() }
    #expect(failure?.place == "forgetBias")
  }
}
