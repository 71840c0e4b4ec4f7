// Values made twice to be kept never: gradient checkpointing (Chen, Xu, Zhang and Guestrin, Training deep nets with
// sublinear memory cost, 2016).

extension Tensor {
  /// f(inputs), of which nothing but the inputs is kept: the backward pass makes the inner values again.
  ///
  /// The gradients are those of f itself, bit for bit, where f gives the same numbers both times (random numbers are
  /// functions of a key, so dropout does) and no input is used both alone and together with another one.
  /// - Parameter function: of the inputs, in their order; it must capture no tracked values.
  package static func recomputed(
    _ inputs: [Tensor], _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> Tensor {
    let kept = inputs.map(\.detached)
    let isNeeded = inputs.map(\.isTracked)
    return function(kept).recorded("recomputed", inputs) { gradient in
      let leaves = zip(kept, isNeeded).map { $1 ? $0.asLeaf : $0 }
      return function(leaves).gradients(of: leaves, from: gradient)
    }
  }
}
