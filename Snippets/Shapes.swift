// The five shapes of input and output, each with the same recurrent cell.

import Ensue

let key = RandomKey(seed: 1)
let gru = RecurrentCellKind.gru.makeCell(
  RecurrentCellConfiguration(inputSize: 3, hiddenSize: 8), key: key.derived("encoder"))
let readout = Linear(inputSize: 8, outputSize: 2, key: key.derived("readout"))

/// Three sequences of different lengths.
let layout = PackedLayout(lengths: [4, 2, 1])
let input = PackedSequence(layout: layout, values: .normal([layout.rowCount, 3], key: key.derived("input")))
let zero = gru.initialState(batchSize: 3, .float32)

// One to one: a vector in, a vector out. No step follows another.
let single = PackedSequence(layout: PackedLayout(lengths: [1, 1, 1]), values: .normal([3, 3], key: key))
print("one to one", readout(gru(single, from: zero).finalState.tensors[0]).shape)

// Many to one: the state at each sequence's true end.
let encoded = gru(input, from: zero).finalState
print("many to one", readout(encoded.tensors[0]).shape)

// Many to many, in step: an answer for every input.
print("many to many, in step", readout(gru(input, from: zero).output.values).shape)

// The same of a padded batch [batch, steps, features], in and out; what stands past the ends is not looked at.
let padded = PackedSequence(padded: .normal([3, 4, 3], key: key.derived("padded")), lengths: [2, 4, 1])
print("padded", gru(padded, from: zero).output.padded().shape)

// One to many: a vector begins the state, and each step reads what the last one gave.
func unrolled(from start: RecurrentState, steps: Int) -> [Tensor] {
  let feedback = Linear(inputSize: 2, outputSize: 3, key: key.derived("feedback"))
  let step = gru.prepared()
  let oneStep = PackedLayout(lengths: .init(repeating: 1, count: start.tensors[0].shape[0]))
  var (state, next) = (start, Tensor.zeros([start.tensors[0].shape[0], 3]))
  return (0..<steps).map { _ in
    state = step(PackedSequence(layout: oneStep, values: next), from: state).finalState
    let answer = readout(state.tensors[0])
    next = feedback(answer)
    return answer
  }
}
let picture = RecurrentState([.normal([1, 8], key: key.derived("picture"))])
print("one to many", unrolled(from: picture, steps: 5).count, "answers")

// Many to many, one after the other: the end of one sequence begins the other.
print("many to many, encoder and decoder", unrolled(from: encoded, steps: 6).count, "answers for each of 3 sequences")
