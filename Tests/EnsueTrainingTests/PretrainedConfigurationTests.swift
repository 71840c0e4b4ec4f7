// config.json of pre-trained encoders: read, written back, refused.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

/// A setting of a sound config.json changed; nil removes it.
struct BadConfiguration: Sendable, CustomTestStringConvertible {
  let family: EncoderFamilyKind
  let key: String
  let value: JSONValue?
  /// What the message has to say besides the key.
  let words: String

  init(_ family: EncoderFamilyKind, _ key: String, _ value: JSONValue?, _ words: String) {
    (self.family, self.key, self.value, self.words) = (family, key, value, words)
  }

  var testDescription: String { "\(family.rawValue) \(key) \(value?.description ?? "absent")" }

  static let all: [BadConfiguration] = [
    .init(.bert, "model_type", nil, "xlm-roberta"), .init(.bert, "model_type", .string("gpt2"), "gpt2"),
    .init(.bert, "model_type", .number(3), "3"), .init(.bert, "vocab_size", nil, "nothing"),
    .init(.bert, "vocab_size", .number(0), "1 to 16777216"), .init(.bert, "vocab_size", .number(1 << 40), "1 to"),
    .init(.bert, "vocab_size", .number(1.5), "whole number"), .init(.bert, "vocab_size", .string("60"), "60"),
    .init(.bert, "hidden_size", .number(-32), "-32"), .init(.bert, "hidden_size", .number("1e400"), "whole number"),
    .init(.bert, "hidden_size", .number(100_000), "65536"), .init(.bert, "num_hidden_layers", .number(0), "1 to 1024"),
    .init(.bert, "num_hidden_layers", .number(100_000), "1024"),
    .init(.bert, "num_attention_heads", .number(5), "divides the width 32"),
    .init(.bert, "num_attention_heads", .array([]), "whole number"),
    .init(.bert, "intermediate_size", .number(1 << 30), "262144"), .init(.bert, "hidden_act", .string("mish"), "mish"),
    .init(.bert, "hidden_act", .object(JSONObject()), "gelu"), .init(.bert, "max_position_embeddings", nil, "nothing"),
    .init(.bert, "max_position_embeddings", .number(Int.max), "1048576"),
    .init(.bert, "type_vocab_size", .number(0), "1 to"), .init(.bert, "layer_norm_eps", .number(0), "above 0"),
    .init(.bert, "layer_norm_eps", .string("NaN"), "a number"),
    .init(.bert, "hidden_dropout_prob", .number(1), "below 1"),
    .init(.bert, "attention_probs_dropout_prob", .number(-0.1), "-0.1"),
    .init(.bert, "classifier_dropout", .number(7), "below 1"), .init(.bert, "pad_token_id", .number(60), "0 to 59"),
    .init(.bert, "pad_token_id", .number(-1), "-1"),
    .init(.bert, "position_embedding_type", .string("relative_key"), "absolute"),
    .init(.bert, "is_decoder", .boolean(true), "false"), .init(.bert, "add_cross_attention", .boolean(true), "false"),
    .init(.bert, "pruned_heads", .object(["0": .array([.number(1)])]), "pruned_heads"),
    .init(.bert, "quantization_config", .object(["bits": .number(4)]), "nothing"),
    .init(.roberta, "pad_token_id", .number(61), "0 to 59"),
    .init(.roberta, "max_position_embeddings", .number(2), "more positions than the 2"),
    .init(.distilbert, "dim", nil, "nothing"), .init(.distilbert, "n_heads", .number(3), "divides"),
    .init(.distilbert, "activation", .string("quick_gelu"), "quick_gelu"),
    .init(.distilbert, "seq_classif_dropout", .number(1), "below 1"),
    .init(.albert, "num_hidden_groups", .number(2), "1 expected"),
    .init(.albert, "inner_group_num", .number(3), "1 expected"),
    .init(.albert, "embedding_size", .number(0), "1 to 65536"), .init(.electra, "embedding_size", nil, "nothing"),
  ]
}

@Suite struct PretrainedConfigurationTests {
  @Test(arguments: BadConfiguration.all) func badConfigurationsEndInOneLine(_ bad: BadConfiguration) throws {
    var config = try PretrainedGolden(bad.family).config
    config[bad.key] = bad.value
    let failure = try #require(throws: Failure.self) { try EncoderConfiguration(config, path: "some/config.json") }
    #expect(failure.kind == .data && failure.place == "some/config.json")
    #expect(failure.description.contains("\(bad.key): "), "\(failure)")
    #expect(failure.description.contains(bad.words), "\(failure)")
    #expect(!failure.description.contains("\n") && failure.description.count < 300)
  }

  /// Every size alone within bounds, and together more than memory.
  @Test func absurdProductsAreRefused() throws {
    var config = try PretrainedGolden(.bert).config
    for (key, size) in [("hidden_size", 65_536), ("vocab_size", 1 << 24), ("num_hidden_layers", 1024)] {
      config[key] = .number(size)
    }
    let failure = try #require(throws: Failure.self) { try EncoderConfiguration(config, path: "c") }
    #expect(failure.description.contains("at most 4294967296 weights"), "\(failure)")
    var own = EncoderConfiguration(.electra)
    own.layerCount = 0
    #expect(throws: Failure.self) { try PretrainedEncoder(own, key: RandomKey(seed: 0)) }
    own = EncoderConfiguration(.bert)
    own.embeddingSize = 128
    #expect(throws: Failure.self) { try own.check() }
    for count in [0, -3, 1 << 40] {
      #expect(throws: Failure.self) {
        try EncoderModel(.init(.bert), head: .tagging, outputCount: count, key: RandomKey(seed: 0))
      }
    }
  }

  @Test(arguments: EncoderFamilyKind.allCases) func settingsComeBack(_ family: EncoderFamilyKind) throws {
    var configuration = try PretrainedGolden(family).configuration
    #expect(
      configuration.family == family && configuration.vocabularySize == 60 && configuration.maximumPositions == 24)
    (configuration.layerCount, configuration.headCount, configuration.feedForwardSize) = (5, 2, 44)
    (configuration.activation, configuration.paddingID, configuration.classifierDropout) = (.silu, 3, 0.25)
    (configuration.dropout, configuration.attentionDropout) = (0.05, 0.15)
    var config = JSONObject()
    for (key, value) in configuration.hubFields {
      #expect(config[key] == nil)
      config[key] = value
    }
    #expect(try EncoderConfiguration(config, path: "c") == configuration)
    let coded = try JSONEncoder().encode(configuration)
    #expect(try JSONDecoder().decode(EncoderConfiguration.self, from: coded) == configuration)
    // transformers' own file has the same words for the same settings.
    let golden = try PretrainedGolden(family)
    for (key, value) in golden.configuration.hubFields {
      let theirs = golden.config[key] ?? .null
      #expect(theirs == value || theirs.doubleValue != nil && theirs.doubleValue == value.doubleValue, "\(key)")
    }
  }

  @Test(arguments: EncoderFamilyKind.allCases) func baseModelsAreSound(_ family: EncoderFamilyKind) throws {
    let base = EncoderConfiguration(family)
    try base.check()
    #expect(base.maximumLength == 512 && base.family == family)
  }

  @Test func sizesAreThePapers() {
    // 109,482,240 weights, of which 711,936 are the pooler's, biases and norms.
    #expect(EncoderConfiguration(.bert).leastWeightCount == 109_482_240 - 711_936)
    #expect(EncoderConfiguration(.albert).leastWeightCount < 12_000_000)
    #expect(EncoderConfiguration(.electra).leastWeightCount < 14_000_000)
  }

  @Test func activationsHaveTheirNames() {
    for kind in FeedForwardActivationKind.allCases {
      #expect(FeedForwardActivationKind(hubName: kind.hubName) == kind)
    }
    #expect(FeedForwardActivationKind(hubName: "gelu_pytorch_tanh") == .geluTanh)
    #expect(FeedForwardActivationKind(hubName: "GELU") == nil)
  }

  @Test func poolingIsReadAsSentenceTransformersWritesIt() throws {
    func pooling(_ true: [String]) throws -> SentencePooling {
      var config = JSONObject()
      config["word_embedding_dimension"] = .number(384)
      for mode in [
        "cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken", "other",
      ] { config["pooling_mode_" + mode] = .boolean(`true`.contains(mode)) }
      return try SentencePooling(config, normalizes: true, path: "1_Pooling/config.json")
    }
    #expect(try pooling(["mean_tokens"]) == SentencePooling(.mean, normalizes: true))
    #expect(try pooling(["cls_token"]).kinds == [.first])
    #expect(try pooling(["max_tokens"]).kinds == [.max])
    // In sentence-transformers' order, not in the file's.
    #expect(try pooling(["lasttoken", "mean_tokens", "cls_token"]).kinds == [.first, .mean, .last])
    #expect(try pooling(["weightedmean_tokens", "mean_sqrt_len_tokens"]).kinds == [.meanSqrtLength, .weightedMean])
    for bad in [[], ["other"], ["mean_tokens", "other"]] {
      let failure = try #require(throws: Failure.self) { try pooling(bad) }
      #expect(failure.place == "1_Pooling/config.json")
    }
  }

  @Test func poolingMayBeNamed() throws {
    func pooling(_ mode: JSONValue, _ flags: [String] = []) throws -> SentencePooling {
      var config: JSONObject = ["pooling_mode": mode]
      for flag in flags { config["pooling_mode_\(flag)"] = .boolean(true) }
      return try SentencePooling(config, normalizes: false, path: "config.json")
    }
    for (name, kind) in [
      ("cls", .first), ("MAX", .max), ("mean", .mean), ("mean_sqrt_len_tokens", .meanSqrtLength),
      ("mean_sqrt_len", .meanSqrtLength), ("weightedmean", .weightedMean), ("lasttoken", .last),
    ] as [(String, SentencePoolingKind)] {
      #expect(try pooling(.string(name)) == SentencePooling(kind), "\(name)")
    }
    #expect(try pooling(.string("mean"), ["mean_tokens"]).kinds == [.mean])
    #expect(try pooling(.null, ["lasttoken"]).kinds == [.last])
    for (mode, flags) in [
      (.string("sum"), []), (.string(""), []), (.number(1), []), (.string("mean"), ["cls_token"]), (.null, []),
    ] as [(JSONValue, [String])] {
      #expect(throws: Failure.self) { try pooling(mode, flags) }
    }
  }

  /// Every kind against its formula, of sequences of several lengths; several kinds side by side.
  @Test func poolingsAreTheirFormulas() {
    let lengths = [2, 4, 1, 3]
    let batch = Tensor.normal([4, 4, 3], key: RandomKey(seed: 5)).converted(to: .float64)
    let states = PackedSequence(padded: batch, lengths: lengths)
    func expected(_ kind: SentencePoolingKind, _ rows: [[Double]]) -> [Double] {
      let count = Double(rows.count)
      return (0..<3).map { feature in
        let values = rows.map { $0[feature] }
        let weighted = values.enumerated().reduce(0.0) { $0 + Double($1.offset + 1) * $1.element }
        return switch kind {
        case .first: values[0]
        case .max: values.max() ?? 0
        case .mean: values.reduce(0, +) / count
        case .meanSqrtLength: values.reduce(0, +) / count.squareRoot()
        case .weightedMean: weighted / (count * (count + 1) / 2)
        case .last: values[rows.count - 1]
        }
      }
    }
    let numbers = batch.doubles
    let sequences = lengths.enumerated().map { sequence, length -> [[Double]] in
      (0..<length).map { step -> [Double] in
        let first = (sequence * 4 + step) * 3
        return Array(numbers[first..<first + 3])
      }
    }
    for kinds in SentencePoolingKind.allCases.map({ [$0] }) + [SentencePoolingKind.allCases] {
      let found = SentencePooling(kinds)(states).gathered(states.layout.positions)
      let wanted = sequences.map { rows in kinds.flatMap { expected($0, rows) } }
      let disagreement = Disagreement(found.doubles, wanted.flatMap { $0 }, relative: 1e-12, absolute: 1e-12)
      #expect(found.shape == [4, 3 * kinds.count] && disagreement.isSmall, "\(kinds): \(disagreement)")
    }
  }
}
