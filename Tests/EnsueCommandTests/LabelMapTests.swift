// What labels of pre-trained models mean.

import EnsueFiles
import EnsueTasks
import Testing

@Suite struct LabelMapTests {
  private static let certain: [(model: [String], data: [String], note: String?)] = [
    (["negative", "positive"], ["negative", "positive"], nil),
    (["positive", "negative"], ["negative", "positive"], "negative means negative, positive means positive"),
    (["NEGATIVE", "POSITIVE"], ["negative", "positive"], "NEGATIVE means negative, POSITIVE means positive"),
    (["NEG", "POS"], ["negative", "positive"], "NEG means negative, POS means positive"),
    (["0: negative", "1: positive"], ["neg", "pos"], "0: negative means neg, 1: positive means pos"),
    (
      ["Negative", "Neutral", "Positive"], ["negative", "neutral", "positive"],
      "Negative means negative, Neutral means neutral, Positive means positive"
    ),
    (["0", "1", "2"], ["0", "1", "2"], nil),
    (["sports", "WORLD"], ["World", "Sports"], "WORLD means World, sports means Sports"),
    (["schön", "SCHLECHT"], ["schlecht", "schön"], "SCHLECHT means schlecht, schön means schön"),
  ]

  @Test(arguments: certain.indices) func whatIsCertainIsGuessed(_ index: Int) throws {
    let (model, data, note) = LabelMapTests.certain[index]
    #expect(try LabelMap(model: model, data: data, place: "model").note == note)
  }

  private static let doubtful: [(model: [String], data: [String], given: [String])] = [
    (["LABEL_0", "LABEL_1"], ["negative", "positive"], []), (["0", "1"], ["negative", "positive"], []),
    (["negative", "neutral", "positive"], ["negative", "positive"], []),
    (["negative", "positive"], ["negative", "neutral", "positive"], []),
    (["neg", "negative"], ["negative", "positive"], []), (["1 star", "5 stars"], ["negative", "positive"], []),
    (["negative", "positive"], ["neg", "negative"], []), (["NEGATIVE", "POSITIVE"], ["positive"], []),
    (["LABEL_0", "LABEL_1"], ["negative", "positive"], ["LABEL_0=negative"]),
    (["LABEL_0", "LABEL_1"], ["negative", "positive"], ["LABEL_0=bad", "LABEL_1=positive"]),
    (["LABEL_0", "LABEL_1"], ["negative", "positive"], ["LABEL_0=", "LABEL_1="]),
  ]

  @Test(arguments: doubtful.indices) func whatIsDoubtfulIsRefusedWithBothLists(_ index: Int) throws {
    let (model, data, given) = LabelMapTests.doubtful[index]
    do {
      let map = try LabelMap(model: model, data: data, given: given.map { try LabelPair($0) }, place: "the model")
      Issue.record("\(model) and \(data) make \(map)")
    } catch let failure as Failure {
      #expect(failure.kind == .usage && failure.place == "the model")
      for label in model + data { #expect(failure.problem.contains(label), "\(label): \(failure.problem)") }
    }
  }

  @Test func whatIsGivenGoesBeforeGuesses() throws {
    let given = try ["negative=positive", "neutral=", "mixed=negative"].map { try LabelPair($0) }
    let map = try LabelMap(
      model: ["negative", "neutral", "positive", "mixed"], data: ["negative", "positive"], given: given, place: "m")
    #expect(map.note == "mixed means negative, negative or positive means positive, neutral left out")
    let single = try LabelMap(
      model: ["a", "b"], data: ["x", "y", "z"], given: [LabelPair("a=x"), LabelPair("b=z")], place: "m")
    #expect(single.note == "a means x, nothing means y, b means z")
  }

  /// Names and labels with colons: only what a model is called is a name.
  @Test func aPairMayBeSaidOfOneModel() throws {
    let places = ["models/a", "hub:org/b", "hub:org/b@v1"]
    for (text, place, model) in [
      ("LABEL_0=x", nil, "LABEL_0"), ("models/a:LABEL_0=x", "models/a", "LABEL_0"),
      ("hub:org/b:0: Good=x", "hub:org/b", "0: Good"), ("hub:org/b@v1:LABEL_0=x", "hub:org/b@v1", "LABEL_0"),
      ("models/c:LABEL_0=x", nil, "models/c:LABEL_0"),
    ] as [(String, String?, String)] {
      let pair = try LabelPair(text, places: places)
      #expect(pair.place == place && pair.model == model && pair.data == "x", "\(text)")
      for name in places { #expect(pair.isSaid(of: name) == (place == nil || place == name), "\(text): \(name)") }
    }
    #expect(throws: Failure.self) { try LabelPair("models/a:=x", places: places) }
  }

  @Test(arguments: ["", "a", "=a", "="]) func pairsNeedALabelBeforeTheSign(_ text: String) {
    #expect(throws: Failure.self) { try LabelPair(text) }
  }
}
