// Exported files as PyTorch reads them.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

/// Python with torch and safetensors: `ENSUE_PEER_PYTHON`.
private let peerPython = ProcessInfo.processInfo.environment["ENSUE_PEER_PYTHON"]

@Suite struct InterchangePeerTests {
  @Test(
    .enabled(if: peerPython != nil, "no Python with torch and safetensors: set ENSUE_PEER_PYTHON"),
    arguments: [RecurrentCellKind.lstm, .gruResetAfter, .rnn, .rnnReLU])
  func pyTorchComputesTheSameFromAnExportedFile(_ kind: RecurrentCellKind) throws {
    let shapes = [(1, false, true), (2, true, true), (2, true, false)]
    try TestFiles.withDirectory { directory in
      var paths: [String] = []
      for (layerCount, isBidirectional, hasBias) in shapes {
        var stack = randomized(
          InterchangeGolden.stack(kind, layerCount: layerCount, isBidirectional: isBidirectional), seed: 11
        ).converted(to: .float64)
        if !hasBias {
          stack.forEachParameter { name, tensor, _ in
            if name.contains(".b_") { tensor = .zeros(tensor.shape, .float64) }
          }
        }
        paths.append("\(directory)/\(paths.count).safetensors")
        try PyTorch.export(stack, kind, hasBias: hasBias, to: paths[paths.count - 1])
      }
      let lines = try PyTorch.check(paths).split(separator: "\n")
      try #require(lines.count == shapes.count, "\(lines)")
      for (line, shape) in zip(lines, shapes) {
        let difference = try #require(Double(line), "\(line)")
        #expect(difference < 1e-13, "\(kind), \(shape): \(difference)")
      }
    }
  }
}

private enum PyTorch {
  /// Writes the weights with an input and what the stack makes of it.
  static func export(_ stack: RecurrentStack, _ kind: RecurrentCellKind, hasBias: Bool, to path: String) throws {
    let layout = PackedLayout(lengths: [5, 3, 2, 2])
    let input = Tensor.normal([layout.rowCount, InterchangeGolden.inputSize], key: RandomKey(seed: 12), .float64)
    let output = stack(PackedSequence(layout: layout, values: input)).output.values
    let options = RecurrentWeightOptions(prefix: "rnn.", hasBias: hasBias)
    let tensors = try stack.exportWeights(layout: .pytorch, options)
    let metadata: [(key: String, value: String)] = [
      ("kind", kind.rawValue), ("inputSize", "\(InterchangeGolden.inputSize)"),
      ("hiddenSize", "\(InterchangeGolden.hiddenSize)"), ("layerCount", "\(stack.layers.count)"),
      ("isBidirectional", "\(stack.configuration.isBidirectional)"), ("hasBias", "\(hasBias)"), ("prefix", "rnn."),
      ("alive", (0..<layout.stepCount).map { "\(layout.aliveCount(at: $0))" }.joined(separator: " ")),
    ]
    try SafetensorsWriter.write(
      tensors.elements + [("input", input), ("output", output)], metadata: metadata, to: path)
  }

  /// What the script prints: for each file the largest difference of the outputs, as a share of the largest output where
  /// that is above 1.
  static func check(_ paths: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [try #require(peerPython), TestFiles.golden("interchange.py"), "--check"] + paths
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(text)")
    return text
  }
}
