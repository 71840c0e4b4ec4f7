// A recurrent decoder with attention over all steps of a batch as one operation: every thread takes its sequences
// through all steps, attention included; in the backward pass back again, then a few products over all steps give the
// weights' gradients.

import EnsueKernels

/// What the loop gives.
package struct AttentiveResult: Sendable {
  /// tanh(W [c; h]) of attention after the step; the top layer's output otherwise. [rows, H]
  package let output: Tensor
  /// [rows, value width]
  package let contexts: Tensor
  /// [pairs, 1], by packed row.
  package let weights: Tensor
  /// For each layer its results after every step, [rows, H].
  package let results: [[Tensor]]
}

/// Runs the loop.
/// - Parameter weights: packed before, where they do not change between calls.
package func attentiveRecurrence(_ call: AttentiveCall, packed weights: AttentiveWeights? = nil) -> AttentiveResult {
  call.check()
  let tape = AttentiveTape(call.detached)
  let packed = weights ?? AttentiveWeights(forward: tape.call)
  for product in packed.input {
    multiplyRows(product, of: tape.call.x, at: 0, into: tape.layers[0].tape, at: product.product.target.column)
  }
  let keys = KernelKeys(tape.call.keys)
  let tables = AttentiveForward(tape, packed, keys).planned()
  LoopMachine(tables: tables, call: tape.call, isBackward: false, joined: tape.layers[0].joined).run()
  withExtendedLifetime(keys) {}
  let inputs = call.differentiable
  let (needsInput, needsQueryWeight) = (call.x.isTracked, call.score.queryWeight?.isTracked ?? false)
  let own = [tape.contexts, tape.weights] + (tape.attentive.map { [$0] } ?? [])
  let all = Tensor.recorded(
    "attentiveRecurrence", inputs.contains(where: \.isTracked) ? inputs : [],
    results: own + tape.layers.flatMap(\.results)
  ) { gradients in
    let gradient = AttentiveGradient(
      tape, arriving: gradients, needsInput: needsInput, needsQueryWeight: needsQueryWeight)
    return gradient.gradients().map { $0.map { .dense($0) } }
  }
  var rest = all.dropFirst(own.count)
  let results = tape.layers.map { layer in
    let part = Array(rest.prefix(layer.results.count))
    rest = rest.dropFirst(layer.results.count)
    return part
  }
  let top = results[results.count - 1][call.layers[results.count - 1].outputIndex]
  return AttentiveResult(
    output: tape.attentive == nil ? top : all[2], contexts: all[0], weights: all[1], results: results)
}
