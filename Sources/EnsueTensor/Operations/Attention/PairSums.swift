// Rows of queries and keys brought to their pairs.

import EnsueKernels

extension PairLayout {
  /// q + k of each pair, or k alone.
  fileprivate func sums(_ name: StaticString, _ queries: Tensor?, _ keys: Tensor) -> Tensor {
    check(name, queries: queries, keys: keys)
    let (features, type) = (keys.shape[1], keys.elementType)
    precondition(
      queries.map { $0.shape[1] == features } ?? true,
      "\(name): \(queries?.shape ?? []) and \(keys.shape) differ in their features")
    let result = Tensor(uninitialized: [pairCount, features], type)
    forEachSequence(type, features: features) { _, pairs in
      withUnsafePointer(to: pairs) {
        ensue_pair_sums($0, queries?.pointer, keys.pointer, result.freshPointer, features)
      }
    }
    let (queryShape, keyShape) = (queries?.shape, keys.shape)
    return result.recorded(name, (queries.map { [$0] } ?? []) + [keys]) { gradient in
      let dq = queryShape.map { Tensor(uninitialized: $0, type) }
      let dk = Tensor(uninitialized: keyShape, type)
      self.forEachSequence(type, features: features) { _, pairs in
        withUnsafePointer(to: pairs) {
          ensue_pair_sums_gradient($0, gradient.pointer, dq?.freshPointer, dk.freshPointer, features)
        }
      }
      return (dq.map { [.dense($0)] } ?? []) + [.dense(dk)]
    }
  }
}

/// The sum of each pair, qᵢ + kⱼ: [query rows, features] and [key rows, features] → [pairs, features].
public func pairSums(_ queries: Tensor, _ keys: Tensor, _ layout: PairLayout) -> Tensor {
  layout.sums("pairSums", queries, keys)
}

/// The key's row of each pair, whatever the query: [key rows, features] → [pairs, features].
public func keyScores(_ scores: Tensor, _ layout: PairLayout) -> Tensor {
  layout.sums("keyScores", nil, scores)
}

/// Location-based scores, which a query gives to positions whatever stands there (Luong, Pham and Manning 2015):
/// pair (i, j) takes scores[i, step of j].
///
/// - Parameter scores: [query rows, positions], at least as many positions as any sequence has keys.
/// - Returns: [pairs, 1]
public func queryScores(_ scores: Tensor, _ layout: PairLayout) -> Tensor {
  layout.check("queryScores", queries: scores)
  let (columns, size, type) = (scores.shape[1], scores.elementType.size, scores.elementType)
  precondition(
    layout.keys.stepCount <= columns,
    "queryScores: \(scores.shape) has too few positions for keys of \(layout.keys.stepCount) steps")
  let result = Tensor(uninitialized: [layout.pairCount, 1], type)
  for row in 0..<layout.queries.rowCount {
    let pairs = layout.pairs(ofQueryRow: row)
    (result.freshPointer + pairs.lowerBound * size).copyMemory(
      from: scores.pointer + row * columns * size, byteCount: pairs.count * size)
  }
  let shape = scores.shape
  return result.recorded("queryScores", [scores]) { gradient in
    let spread = Tensor.zeros(shape, type)
    for row in 0..<layout.queries.rowCount {
      let pairs = layout.pairs(ofQueryRow: row)
      (spread.freshPointer + row * columns * size).copyMemory(
        from: gradient.pointer + pairs.lowerBound * size, byteCount: pairs.count * size)
    }
    return [.dense(spread)]
  }
}
