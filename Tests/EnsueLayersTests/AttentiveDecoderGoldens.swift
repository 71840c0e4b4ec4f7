// Attentive decoders against PyTorch (Tests/Goldens/attentive-decoders.py): outputs, contexts, weights, all gradients.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct AttentiveDecoderGoldens {
  private let inputs = AttentionRows(lengths: [3, 1, 2])
  private let sources = AttentionRows(lengths: [2, 5, 3])

  private static let decoders: [(name: String, configuration: AttentiveDecoderConfiguration)] = [
    (
      "bahdanau",
      .init(
        formula: RecurrentCellKind.gru.formula(), inputSize: 5, hiddenSize: 4,
        attention: AttentionConfiguration(score: .additive, querySize: 4, keySize: 6, hiddenSize: 3), order: .before)
    ),
    (
      "luong",
      .init(
        formula: RecurrentCellKind.lstm.formula(), inputSize: 5, hiddenSize: 4, layerCount: 2,
        attention: AttentionConfiguration(score: .general, querySize: 4, keySize: 6), order: .after, feedsInput: true)
    ),
  ]

  @Test(arguments: decoders.map(\.name)) func decoderEqualsPyTorch(_ name: String) throws {
    let reader = try SafetensorsReader(TestFiles.golden("attentive-decoders.safetensors"))
    guard let configuration = Self.decoders.first(where: { $0.name == name })?.configuration else { return }
    let decoder = try AttentiveDecoder(configuration, key: RandomKey(seed: 1)).converted(to: .float64)
      .filled(from: reader, name)
    let order = inputs.layout.order.map(Int32.init)
    let stateNames = (0..<configuration.layerCount).flatMap { layer in
      configuration.formula.states.indices.map { "state/\(layer)/\($0)" }
    }
    let rows = [
      inputs.packed(try reader.tensor("\(name)/inputs")).values,
      sources.packed(try reader.tensor("\(name)/source")).values,
    ]
    let states = try stateNames.map { try reader.tensor("\(name)/\($0)").gathered(order) }
    let system = DecoderSystem(decoder: decoder, inputs: TensorList(rows + states))
    let factors = inputs.packed(try reader.tensor("\(name)/factors")).values
    let count = configuration.formula.states.count
    func run(_ system: DecoderSystem) -> AttentiveDecoding {
      let tensors = system.inputs.tensors
      return system.decoder(
        PackedSequence(layout: inputs.layout, values: tensors[0]),
        source: PackedSequence(layout: sources.layout, values: tensors[1]),
        from: (0..<configuration.layerCount).map {
          [RecurrentState(Array(tensors[2 + $0 * count..<2 + ($0 + 1) * count]))]
        })
    }
    let result = run(system)
    try expect(inputs.unpacked(result.output.values).doubles, reader, "\(name)/output")
    try expect(inputs.unpacked(result.contexts.values).doubles, reader, "\(name)/contexts")
    try expect((0..<3).flatMap { result.alignment(of: $0).flatMap { $0 } }, reader, "\(name)/weights")
    let (_, gradients) = valueAndGradient(of: system) {
      let result = run($0)
      return (result.output.values * factors).sum() + square(result.contexts.values).sum()
    }
    for parameter in decoder.parameters.map(\.name) {
      let found = gradients["decoder.\(parameter)"]?.dense.doubles ?? []
      try expect(found, reader, "\(name)/gradient/parameter/\(parameter)")
    }
    func gradient(_ index: Int) -> Tensor { gradients["inputs.input\(index)"]?.dense ?? .zeros([1, 1]) }
    try expect(inputs.unpacked(gradient(0)).doubles, reader, "\(name)/gradient/inputs")
    try expect(sources.unpacked(gradient(1)).doubles, reader, "\(name)/gradient/source")
    for (index, state) in stateNames.enumerated() {
      try expect(gradient(2 + index).gathered(inputs.layout.positions).doubles, reader, "\(name)/gradient/\(state)")
    }
  }

  private func expect(_ found: [Double], _ reader: borrowing SafetensorsReader, _ name: String) throws {
    let disagreement = Disagreement(found, try reader.tensor(name).doubles, relative: 1e-11, absolute: 1e-12)
    #expect(disagreement.isSmall, "\(name): \(disagreement)")
  }
}

private struct DecoderSystem: Module {
  var decoder: AttentiveDecoder
  var inputs: TensorList

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("decoder", &decoder)
    visitor.module("inputs", &inputs)
  }
}
