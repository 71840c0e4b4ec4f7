// What pre-trained encoders look at, against transformers (Tests/Goldens/pretrained-attentions.py).

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct PretrainedAttentionTests {
  /// The golden's sequences among those of the checkpoint.
  private static let places = [0, 1, 5]

  @Test(arguments: EncoderFamilyKind.allCases, [ElementType.float64, .float32])
  func weightsAreTransformers(_ family: EncoderFamilyKind, _ type: ElementType) throws {
    let golden = try PretrainedGolden(family)
    let reader = try SafetensorsReader(TestFiles.golden("pretrained-attentions.safetensors"))
    let input = EncoderInput(
      Self.places.map { golden.sequences[$0] }, types: Self.places.map { golden.types[$0] })
    let layers = try golden.model().converted(to: type).encoder.attentionWeights(input)
    // ALBERT's one block is looked at as often as it is used.
    #expect(layers.count == golden.configuration.layerCount && layers.allSatisfy { $0.count == Self.places.count })
    let bound = type == .float64 ? 1e-12 : 1e-5
    for (layer, sequences) in layers.enumerated() {
      for (weights, place) in zip(sequences, Self.places) {
        let expected = try reader.tensor("\(family.rawValue)/\(place)/\(layer)")
        let difference = Disagreement(weights.converted(to: .float64), expected, relative: bound, absolute: bound)
        #expect(weights.shape == expected.shape && difference.isSmall, "layer \(layer), \(place): \(difference)")
        let count = weights.shape[2]
        let values = weights.doubles
        for start in stride(from: 0, to: values.count, by: count) {
          #expect(abs(values[start..<start + count].reduce(0, +) - 1) < bound, "layer \(layer), \(place)")
        }
      }
    }
  }
}
