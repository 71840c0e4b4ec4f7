// A recurrent cell of your own: its equations are all there is to write.

import Ensue

let formula = try CellFormula(
  text: """
    state h
    f  = σ(W_f x + U_f h + b_f)
    g  = tanh(W_g x + U_g (f ⊙ h) + b_g)
    h' = (1 − f) ⊙ h + f ⊙ g
    output h'
    """)
let cell = RecurrentCell(
  formula, RecurrentCellConfiguration(inputSize: 4, hiddenSize: 8), key: RandomKey(seed: 1))

// Three sequences of different lengths, packed: there is no padding.
let layout = PackedLayout(lengths: [5, 3, 2])
let input = PackedSequence(layout: layout, values: .normal([layout.rowCount, 4], key: RandomKey(seed: 2)))
let run = try cell.exposing(["f"])(input, from: cell.initialState(batchSize: 3, .float32))
print(run.finalState.tensors[0])  // h at each sequence's true end
print(run.values["f"]?.mean() ?? .zeros([]))  // how much each unit lets in
