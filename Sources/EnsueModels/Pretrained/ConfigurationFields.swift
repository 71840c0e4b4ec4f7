// The members of a config.json, each read with its kind.

import EnsueFiles
import EnsueLayers

/// Reads single settings; a wrong one is a `Failure` of kind `data` that names file and key.
struct ConfigurationFields {
  let config: JSONObject
  let path: String

  init(_ config: JSONObject, path: String) { (self.config, self.path) = (config, path) }

  /// nil where the key is absent or null.
  func value(_ key: String) -> JSONValue? { config[key].flatMap { $0 == .null ? nil : $0 } }

  func failure(_ key: String, _ expected: String, advice: String = "") -> Failure {
    let found = config[key].map { Failure.shown($0.description) } ?? "nothing"
    return Failure(.data, at: path, "\(key): \(expected) expected, found \(found)", advice: advice)
  }

  /// A whole number that has to be there; its range is checked with the others'.
  func size(_ key: String) throws(Failure) -> Int {
    guard let size = try integer(key) else { throw failure(key, "a size") }
    return size
  }

  func integer(_ key: String) throws(Failure) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.integerValue else { throw failure(key, "a whole number") }
    return number
  }

  func number(_ key: String) throws(Failure) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.doubleValue else { throw failure(key, "a number") }
    return number
  }

  /// A word that has to be there and mean something.
  func text<Meaning>(
    _ key: String, _ expected: String, _ meaning: (String) -> Meaning?
  ) throws(Failure) -> Meaning {
    guard let found = value(key)?.stringValue.flatMap(meaning) else { throw failure(key, expected) }
    return found
  }

  func activation(_ key: String) throws(Failure) -> FeedForwardActivationKind? {
    guard value(key) != nil else { return nil }
    return try text(
      key, "gelu, gelu_new, gelu_pytorch_tanh, relu or silu", FeedForwardActivationKind.init(hubName:))
  }

  /// Refuses a setting of which one value is built.
  func refuse(_ key: String, otherThan only: JSONValue) throws(Failure) {
    guard let found = value(key), found != only else { return }
    throw failure(key, only == .null ? "nothing" : only.description)
  }

  /// Refuses weights of a few bits, which a language model or a translator may have.
  func refuseQuantization() throws(Failure) {
    guard value("quantization_config") != nil else { return }
    throw failure("quantization_config", "nothing", advice: "Quantized weights are not read.")
  }
}
