"""Makes Tests/Goldens/cells.safetensors: recurrent cells over packed sequences, outputs and gradients, in float64.

Run from the repository root:  python3 Tests/Goldens/cells.py

Input size I = 5, hidden size H = 4, four sequences of lengths [6, 4, 4, 1] (stored as `lengths`, int64), packed
time-major as by torch.nn.utils.rnn.pack_padded_sequence. Names are `<cell>/<direction>/<tensor>`; `reverse` is the
backward direction of a bidirectional layer: each sequence runs from its own true end to its start, outputs lie at the
rows of the inputs they belong to, and `finalHidden` is the state after the first step's row. Cells, with their gates G:

    rnn             G = 1   h' = tanh(W x + U h + b)                                   torch.nn.RNN
    rnn-relu        G = 1   h' = max(0, W x + U h + b)                                 torch.nn.RNN
    lstm            G = 4   gates in the order i, f, g, o                              torch.nn.LSTM
    gru-reset-after G = 3   gates r, z, n;  n = tanh(W x + b + r * (U h + b_hn))       torch.nn.GRU
    gru             G = 3   gates r, z, n;  n = tanh(W x + U (r * h) + b)              the loop below
                            h' = z * h + (1 - z) * n  (both)

`inputWeight` [G*H, I], `recurrentWeight` [G*H, H], `bias` [G*H] = PyTorch's b_ih + b_hh. Only in gru-reset-after the
candidate's recurrent bias stays apart: `candidateRecurrentBias` [H] is b_hn, and `bias` is b_ih with b_hh added in the
parts of r and z. Gradients, `<tensor>Gradient`, are those of
sum(output * outputGradient) + sum(finalHidden * finalHiddenGradient) (+ sum(finalCell * finalCellGradient), lstm).
"""

import torch
from torch.nn.utils.rnn import PackedSequence

from goldenfile import generator, normal, save

INPUT_SIZE, HIDDEN_SIZE = 5, 4
LENGTHS = [6, 4, 4, 1]
BATCH_SIZES = [sum(1 for length in LENGTHS if length > step) for step in range(LENGTHS[0])]
GATES = {"rnn": 1, "rnn-relu": 1, "lstm": 4, "gru-reset-after": 3, "gru": 3}


class OriginalGRU(torch.nn.Module):
    """GRU as Cho et al. 2014 define it: the reset gate acts before the recurrent product."""

    def __init__(self, reverse):
        super().__init__()
        self.reverse = reverse
        self.inputWeight = torch.nn.Parameter(torch.zeros(3 * HIDDEN_SIZE, INPUT_SIZE))
        self.recurrentWeight = torch.nn.Parameter(torch.zeros(3 * HIDDEN_SIZE, HIDDEN_SIZE))
        self.bias = torch.nn.Parameter(torch.zeros(3 * HIDDEN_SIZE))

    def step(self, x, h):
        size = HIDDEN_SIZE
        fromInput = x @ self.inputWeight.T + self.bias
        gates = torch.sigmoid(fromInput[:, : 2 * size] + h @ self.recurrentWeight[: 2 * size].T)
        r, z = gates[:, :size], gates[:, size:]
        candidate = torch.tanh(fromInput[:, 2 * size :] + (r * h) @ self.recurrentWeight[2 * size :].T)
        return z * h + (1 - z) * candidate

    def forward(self, rows, initialHidden):
        steps = list(torch.split(rows, BATCH_SIZES))
        outputs = [None] * len(steps)
        hidden = initialHidden
        for t in reversed(range(len(steps))) if self.reverse else range(len(steps)):
            active = BATCH_SIZES[t]
            outputs[t] = self.step(steps[t], hidden[:active])
            hidden = torch.cat([outputs[t], hidden[active:]])
        return torch.cat(outputs), hidden


def layer(cell, reverse):
    """PyTorch's layer for a cell; with `reverse` a bidirectional one, of which the second direction is used."""
    options = dict(input_size=INPUT_SIZE, hidden_size=HIDDEN_SIZE, bidirectional=reverse)
    if cell == "lstm":
        return torch.nn.LSTM(**options).double()
    if cell == "gru-reset-after":
        return torch.nn.GRU(**options).double()
    return torch.nn.RNN(nonlinearity="relu" if cell == "rnn-relu" else "tanh", **options).double()


def runLayer(cell, reverse, random, states, rows):
    """Runs PyTorch's layer: (parameters by our names, a function giving their gradients, output, final states)."""
    module = layer(cell, reverse)
    suffix = "_l0_reverse" if reverse else "_l0"
    names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
    inputWeight, recurrentWeight, inputBias, recurrentBias = (getattr(module, name + suffix) for name in names)
    with torch.no_grad():
        for parameter in [inputWeight, recurrentWeight, inputBias, recurrentBias]:
            parameter.copy_(normal(random, *parameter.shape, scale=0.5))

    zeros = [torch.zeros_like(state) for state in states]
    initial = [torch.stack([zero, state] if reverse else [state]) for zero, state in zip(zeros, states)]
    packed = PackedSequence(rows, torch.tensor(BATCH_SIZES))
    output, final = module(packed, tuple(initial) if cell == "lstm" else initial[0])
    final = final if cell == "lstm" else (final,)

    bias = (inputBias + recurrentBias).detach().clone()
    apart = cell == "gru-reset-after"
    if apart:
        bias[2 * HIDDEN_SIZE :] = inputBias.detach()[2 * HIDDEN_SIZE :]
    parameters = {"inputWeight": inputWeight, "recurrentWeight": recurrentWeight, "bias": bias}
    if apart:
        parameters["candidateRecurrentBias"] = recurrentBias[2 * HIDDEN_SIZE :]

    def gradients():
        result = {
            "inputWeight": inputWeight.grad, "recurrentWeight": recurrentWeight.grad, "bias": inputBias.grad}
        if apart:
            result["candidateRecurrentBias"] = recurrentBias.grad[2 * HIDDEN_SIZE :]
        return result

    return parameters, gradients, output.data[:, -HIDDEN_SIZE:], [state[-1] for state in final]


def runOriginalGRU(reverse, random, states, rows):
    """The same as runLayer for the loop of this file."""
    module = OriginalGRU(reverse).double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(normal(random, *parameter.shape, scale=0.5))
    output, final = module(rows, states[0])
    parameters = dict(module.named_parameters())
    return parameters, lambda: {name: value.grad for name, value in parameters.items()}, output, [final]


def case(cell, direction, tensors):
    random = generator(f"{cell}/{direction}")
    reverse = direction == "reverse"
    rows = normal(random, sum(LENGTHS), INPUT_SIZE).requires_grad_()
    stateNames = ["Hidden", "Cell"] if cell == "lstm" else ["Hidden"]
    states = [normal(random, len(LENGTHS), HIDDEN_SIZE).requires_grad_() for _ in stateNames]

    run = runOriginalGRU if cell == "gru" else lambda *rest: runLayer(cell, *rest)
    parameters, gradients, output, final = run(reverse, random, states, rows)
    outputGradient = normal(random, *output.shape)
    finalGradients = [normal(random, *state.shape) for state in final]
    loss = (output * outputGradient).sum()
    for state, gradient in zip(final, finalGradients):
        loss = loss + (state * gradient).sum()
    loss.backward()

    found = {"input": rows, "inputGradient": rows.grad, "output": output, "outputGradient": outputGradient}
    found["lengths"] = torch.tensor(LENGTHS)
    for name, initial, last, gradient in zip(stateNames, states, final, finalGradients):
        found |= {f"initial{name}": initial, f"initial{name}Gradient": initial.grad}
        found |= {f"final{name}": last, f"final{name}Gradient": gradient}
    found |= parameters
    found |= {f"{name}Gradient": gradient for name, gradient in gradients().items()}
    for name in parameters:
        assert found[name].shape == found[name + "Gradient"].shape
    assert found["inputWeight"].shape == (GATES[cell] * HIDDEN_SIZE, INPUT_SIZE)
    tensors |= {f"{cell}/{direction}/{name}": value for name, value in found.items()}


tensors = {}
for cell in GATES:
    for direction in ["forward", "reverse"]:
        case(cell, direction, tensors)
save(__file__, tensors)
