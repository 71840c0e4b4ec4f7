// The functions that the fused loop of a decoder has kernels for, and when its attention comes.

import EnsueKernels

/// What a score or a hidden unit passes through.
package enum StepActivation: Sendable {
  case identity
  case sigmoid
  case tanh
  case relu
  case softplus

  var kernel: EnsueActivation {
    switch self {
    case .identity: EnsueActivationIdentity
    case .sigmoid: EnsueActivationSigmoid
    case .tanh: EnsueActivationTanh
    case .relu: EnsueActivationReLU
    case .softplus: EnsueActivationSoftplus
    }
  }
}

/// A hidden layer of a deep score.
package struct StepHidden: Sendable {
  /// W, [features, features]
  package let weight: Tensor
  /// b, [features]
  package let bias: Tensor

  package init(weight: Tensor, bias: Tensor) { (self.weight, self.bias) = (weight, bias) }
}

/// How well a query fits a prepared key.
package struct StepScore: Sendable {
  package enum Function: Sendable {
    /// act(scale · q·k + b); b is one number, nil for none.
    case dot(scale: Double, bias: Tensor?, StepActivation)
    /// q·k / ‖q‖; keys have the length 1.
    case cosine
    /// v · act(q + k); v has as many numbers as keys have.
    case additive(vector: Tensor, StepActivation)
    /// v · E_L + c, E_1 = act(q + k), E_l = act(W_l E_{l-1} + b_l): `vector` is [v | c], `layers` are from W_2 on.
    case deep(vector: Tensor, layers: [StepHidden], StepActivation)
    /// act(q)_s of key step s; steps that q has no number for have no part.
    case location(StepActivation)
    /// The key itself, one number.
    case key
    /// log(Σ exp(q - m) · k + 1e-36) + m - log n + l - scale · ‖a‖²: m is the largest of q's n numbers, a what asks,
    /// and prepared keys are [k | l], one number more than q.
    case kernel(scale: Double)
  }
  package let function: Function
  /// W of W q + b, [features, query width]; nil where the query meets the keys as it is.
  package let queryWeight: Tensor?
  /// b, [features]; nil for none.
  package let queryBias: Tensor?

  package init(_ function: Function, queryWeight: Tensor? = nil, queryBias: Tensor? = nil) {
    (self.function, self.queryWeight, self.queryBias) = (function, queryWeight, queryBias)
  }

  /// What the function itself has of parameters.
  var vector: Tensor? {
    switch function {
    case .dot(_, let bias, _): bias
    case .additive(let vector, _), .deep(let vector, _, _): vector
    case .cosine, .location, .key, .kernel: nil
    }
  }

  /// The hidden layers after the first.
  var layers: [StepHidden] { if case .deep(_, let layers, _) = function { layers } else { [] } }

  /// All hidden layers that are stored for every pair; nil where none is.
  var storedLayerCount: Int? { if case .deep(_, let layers, _) = function { layers.count + 1 } else { nil } }

  /// The width of prepared keys; nil where they are not looked at.
  /// - Parameter querySize: of queries as they meet the keys.
  func keySize(querySize: Int) -> Int? {
    switch function {
    case .dot, .cosine, .additive, .deep: querySize
    case .location: nil
    case .key: 1
    case .kernel: querySize + 1
    }
  }

  func fits(querySize: Int) -> Bool {
    switch function {
    case .dot(_, let bias, _): bias.map { $0.count == 1 } ?? true
    case .additive(let vector, _): vector.count == querySize
    case .deep(let vector, let layers, _):
      vector.count == querySize + 1
        && layers.allSatisfy { $0.weight.shape == [querySize, querySize] && $0.bias.shape == [querySize] }
    case .cosine, .location, .key, .kernel: true
    }
  }

  var detached: StepScore {
    let function: Function
    switch self.function {
    case .dot(let scale, let bias, let activation): function = .dot(scale: scale, bias: bias?.detached, activation)
    case .additive(let vector, let activation): function = .additive(vector: vector.detached, activation)
    case .deep(let vector, let layers, let activation):
      let detached = layers.map { StepHidden(weight: $0.weight.detached, bias: $0.bias.detached) }
      function = .deep(vector: vector.detached, layers: detached, activation)
    case .cosine, .location, .key, .kernel: function = self.function
    }
    return StepScore(function, queryWeight: queryWeight?.detached, queryBias: queryBias?.detached)
  }
}

/// From the scores of a query to its weights.
package enum StepDistribution: Sendable {
  /// 1 is softmax, 2 sparsemax.
  case entmax(alpha: Double)
  case sigmoid
  /// tanh(score) · σ(-scale · Σ |a - v|), a what asks and v the key's value, of equal width.
  case deattention(scale: Double)
}

/// Attention to the keys within `radius` steps of a place p, weights multiplied by exp(-(j - p)² / 2σ²); steps count
/// from 1.
package struct StepLocality: Sendable {
  package enum Place: Sendable {
    /// The query's own step; that of the loop's first step is `first`.
    case ofQuery(first: Int)
    /// S σ(v · tanh(W q)), S the number of keys: W [hidden, H], v of `hidden` numbers.
    case predicted(weight: Tensor, vector: Tensor)
  }
  package let place: Place
  package let radius: Int
  /// σ; nil for no Gaussian.
  package let deviation: Double?

  package init(_ place: Place, radius: Int, deviation: Double?) {
    (self.place, self.radius, self.deviation) = (place, radius, deviation)
  }

  /// W
  var weight: Tensor? { if case .predicted(let weight, _) = place { weight } else { nil } }
  /// v
  var vector: Tensor? { if case .predicted(_, let vector) = place { vector } else { nil } }

  var detached: StepLocality {
    let place: Place
    switch self.place {
    case .ofQuery: place = self.place
    case .predicted(let weight, let vector): place = .predicted(weight: weight.detached, vector: vector.detached)
    }
    return StepLocality(place, radius: radius, deviation: deviation)
  }
}

/// When the attention of a step comes.
package enum StepOrder: Sendable {
  /// The top layer's state of this number asks before the step; what it reads joins the first layer's input.
  case before(state: Int)
  /// The new output asks; tanh(W [c; h]) is the step's output, and joins the first layer's next input.
  /// - combination: W, [H, value width + H]
  /// - fed: what joins the first step's input, [batch, H].
  case after(combination: Tensor, fed: Tensor)
}
