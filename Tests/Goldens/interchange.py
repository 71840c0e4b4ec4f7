"""Makes Tests/Goldens/interchange.safetensors and interchange.json: recurrent weights in the layouts of other libraries.

    python3 Tests/Goldens/interchange.py                  makes both
    python3 Tests/Goldens/interchange.py --check FILE …   computes exported files again with PyTorch (used by a test)

For each case of `cases` in the JSON file: `<case>/<prefix><name>`, the weights as the other library names and lays them
out; `<case>/input` [rows, features] and `<case>/output` [rows, units of all directions], packed time-major, longest
sequence first, lengths as `lengths` says. All float64.

    pytorch      nn.LSTM, nn.GRU and nn.RNN themselves, over packed sequences
    keras        the equations of Keras' documentation of LSTM, GRU (both values of reset_after), SimpleRNN and
                 Bidirectional (merge_mode="concat"), sentence by sentence in numpy
    tensorflow   the equations of tf.nn.rnn_cell.BasicLSTMCell, in numpy

`charRNN` holds what the checkpoints of ml5's charRNN do, by numpy from their raw files: bits a character over text, and
the characters that are most probable one after another. The data is looked for in ENSUE_DATA, else in ../shared/data
beside the repository; without it that part of the JSON file stays as it is.
"""

import json
import os
import sys
from pathlib import Path

import numpy
import torch
from safetensors import safe_open
from torch.nn.utils.rnn import PackedSequence

from goldenfile import generator, normal, save

LENGTHS = [6, 4, 4, 1]
INPUT_SIZE, HIDDEN_SIZE = 3, 4
ALIVE = [sum(length > step for length in LENGTHS) for step in range(LENGTHS[0])]


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def packed(sequences):
    """Rows step by step, of each step those of the sequences that are long enough."""
    return numpy.stack([sequences[k][step] for step in range(LENGTHS[0]) for k in range(ALIVE[step])])


def unpacked(rows):
    starts = numpy.cumsum([0] + ALIVE)
    return [numpy.stack([rows[starts[step] + k] for step in range(length)]) for k, length in enumerate(LENGTHS)]


# PyTorch

TORCH_MODULES = {
    "lstm": lambda *sizes, **options: torch.nn.LSTM(*sizes, **options),
    "gru-reset-after": lambda *sizes, **options: torch.nn.GRU(*sizes, **options),
    "rnn": lambda *sizes, **options: torch.nn.RNN(*sizes, nonlinearity="tanh", **options),
    "rnn-relu": lambda *sizes, **options: torch.nn.RNN(*sizes, nonlinearity="relu", **options),
}


def torch_output(module, rows):
    with torch.no_grad():
        return module(PackedSequence(rows, torch.tensor(ALIVE)))[0].data


def torch_case(name, kind, layers, bidirectional, bias):
    random = generator(name)
    module = TORCH_MODULES[kind](
        INPUT_SIZE, HIDDEN_SIZE, num_layers=layers, bidirectional=bidirectional, bias=bias).double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(normal(random, *parameter.shape, scale=0.5))
    rows = normal(random, sum(LENGTHS), INPUT_SIZE)
    found = {f"rnn.{key}": value for key, value in module.state_dict().items()}
    return "rnn.", found | {"input": rows, "output": torch_output(module, rows)}


# Keras: kernels [input, gates · units]; one sequence at a time.

def keras_lstm(kernel, recurrent, bias):
    """Gates i, f, c, o: c_t = f c + i tanh(...), h_t = o tanh(c_t)."""
    def step(x, state):
        h, c = state
        i, f, candidate, o = numpy.split(x @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * numpy.tanh(candidate)
        h = sigmoid(o) * numpy.tanh(c)
        return h, (h, c)
    return step, 2


def keras_gru_reset_before(kernel, recurrent, bias):
    """Gates z, r, h; reset_after=False: hh = tanh(x W_h + (r h) U_h + b_h), h_t = z h + (1 - z) hh."""
    units = recurrent.shape[0]
    def step(x, state):
        (h,) = state
        z, r, candidate = numpy.split(x @ kernel + bias, 3)
        z = sigmoid(z + h @ recurrent[:, :units])
        r = sigmoid(r + h @ recurrent[:, units:2 * units])
        candidate = numpy.tanh(candidate + (r * h) @ recurrent[:, 2 * units:])
        h = z * h + (1 - z) * candidate
        return h, (h,)
    return step, 1


def keras_gru_reset_after(kernel, recurrent, bias):
    """Gates z, r, h; reset_after=True, bias [2, 3 units]: hh = tanh(x W_h + b_0 + r (h U_h + b_1))."""
    def step(x, state):
        (h,) = state
        z, r, candidate = numpy.split(x @ kernel + bias[0], 3)
        recurrent_z, recurrent_r, recurrent_h = numpy.split(h @ recurrent + bias[1], 3)
        z, r = sigmoid(z + recurrent_z), sigmoid(r + recurrent_r)
        h = z * h + (1 - z) * numpy.tanh(candidate + r * recurrent_h)
        return h, (h,)
    return step, 1


def keras_simple(activation):
    def make(kernel, recurrent, bias):
        def step(x, state):
            h = activation(x @ kernel + state[0] @ recurrent + bias)
            return h, (h,)
        return step, 1
    return make


# Layer, gates, rows of the bias (0: a vector), step.
KERAS_CELLS = {
    "lstm": ("lstm", 4, 0, keras_lstm),
    "gru": ("gru", 3, 0, keras_gru_reset_before),
    "gru-reset-after": ("gru", 3, 2, keras_gru_reset_after),
    "rnn": ("simple_rnn", 1, 0, keras_simple(numpy.tanh)),
    "rnn-relu": ("simple_rnn", 1, 0, keras_simple(lambda x: numpy.maximum(x, 0))),
}


def over(step, states, sequence):
    """The outputs of a cell over a sequence, from states of zero."""
    state, outputs = (numpy.zeros(HIDDEN_SIZE),) * states, []
    for x in sequence:
        h, state = step(x, state)
        outputs.append(h)
    return numpy.stack(outputs)


def both_directions(cells, sequences):
    """Forward; and where there is a second cell, it reads from the end and its outputs are put back into the order
    of the input."""
    results = []
    for sequence in sequences:
        parts = [over(*cells[0], sequence)]
        if len(cells) > 1:
            parts.append(over(*cells[1], sequence[::-1])[::-1])
        results.append(numpy.concatenate(parts, axis=-1))
    return results


def keras_case(name, kind, layers, bidirectional, bias):
    random = generator(name)
    layer, gates, bias_rows, make = KERAS_CELLS[kind]
    rows = normal(random, sum(LENGTHS), INPUT_SIZE).numpy()
    tensors, sequences, width = {}, unpacked(rows), INPUT_SIZE
    for index in range(layers):
        number = f"_{index}" if index else ""
        paths = [f"{layer}{number}"]
        if bidirectional:
            paths = [f"bidirectional{number}/{side}_{layer}{number}" for side in ("forward", "backward")]
        cells = []
        for path in paths:
            shapes = {"kernel": (width, gates * HIDDEN_SIZE), "recurrent_kernel": (HIDDEN_SIZE, gates * HIDDEN_SIZE)}
            if bias:
                shapes["bias"] = (bias_rows,) * (bias_rows > 0) + (gates * HIDDEN_SIZE,)
            weights = {key: normal(random, *shape, scale=0.5).numpy() for key, shape in shapes.items()}
            tensors |= {f"{path}/{layer}_cell/{key}": value for key, value in weights.items()}
            zero = numpy.zeros(((bias_rows,) if bias_rows else ()) + (gates * HIDDEN_SIZE,))
            cells.append(make(weights["kernel"], weights["recurrent_kernel"], weights.get("bias", zero)))
        sequences = both_directions(cells, sequences)
        width = len(cells) * HIDDEN_SIZE
    return "", tensors | {"input": rows, "output": packed(sequences)}


# TensorFlow

def basic_lstm(kernel, bias, forget_bias=1.0):
    """Gates i, j, f, o of [x, h] kernel + bias: c_t = c σ(f + forget_bias) + σ(i) tanh(j), h_t = tanh(c_t) σ(o)."""
    def step(x, state):
        h, c = state
        i, j, f, o = numpy.split(numpy.concatenate([x, h], axis=-1) @ kernel + bias, 4, axis=-1)
        c = c * sigmoid(f + forget_bias) + sigmoid(i) * numpy.tanh(j)
        h = numpy.tanh(c) * sigmoid(o)
        return h, (h, c)
    return step, 2


def tensorflow_case(name, kind, layers, bidirectional, bias):
    assert kind == "lstm" and bias
    random = generator(name)
    rows = normal(random, sum(LENGTHS), INPUT_SIZE).numpy()
    tensors, sequences, width = {}, unpacked(rows), INPUT_SIZE
    for index in range(layers):
        cells = []
        for side in ["bidirectional_rnn/fw/", "bidirectional_rnn/bw/"] if bidirectional else [""]:
            kernel = normal(random, width + HIDDEN_SIZE, 4 * HIDDEN_SIZE, scale=0.5).numpy()
            bias_vector = normal(random, 4 * HIDDEN_SIZE, scale=0.5).numpy()
            path = f"model/cell_{index}/{side}basic_lstm_cell"
            tensors |= {f"{path}/kernel": kernel, f"{path}/bias": bias_vector}
            cells.append(basic_lstm(kernel, bias_vector))
        sequences = both_directions(cells, sequences)
        width = len(cells) * HIDDEN_SIZE
    return "model/", tensors | {"input": rows, "output": packed(sequences)}


MAKERS = {"pytorch": torch_case, "keras": keras_case, "tensorflow": tensorflow_case}


def cases():
    """Layout, cell, layers, both directions, biases."""
    for kind in TORCH_MODULES:
        yield from [("pytorch", kind, 1, False, True), ("pytorch", kind, 2, True, True),
                    ("pytorch", kind, 2, False, False), ("pytorch", kind, 1, True, False)]
    for kind in KERAS_CELLS:
        yield from [("keras", kind, 1, False, True), ("keras", kind, 2, True, True), ("keras", kind, 1, False, False)]
    yield from [("tensorflow", "lstm", 1, False, True), ("tensorflow", "lstm", 2, False, True),
                ("tensorflow", "lstm", 2, True, True)]


# charRNN

class CharRNN:
    """Embedding, BasicLSTMCells, softmax, in float64 from the checkpoint's float32."""

    def __init__(self, folder):
        manifest = json.loads((folder / "manifest.json").read_text())
        def tensor(*names):
            entry = next(manifest[name] for name in names if name in manifest)
            return numpy.fromfile(folder / entry["filename"], "<f4").reshape(entry["shape"]).astype(float)
        self.embedding, self.softmax = tensor("embedding"), (tensor("rnnlm/softmax_w"), tensor("rnnlm/softmax_b"))
        self.steps = []
        for index in range(2):
            path = f"rnnlm/multi_rnn_cell/cell_{index}/basic_lstm_cell/"
            self.steps.append(
                basic_lstm(tensor(path + "kernel", path + "weights"), tensor(path + "bias", path + "biases"))[0])
        self.hidden = self.softmax[0].shape[0]
        self.ids = json.loads((folder / "vocab.json").read_text())

    def start(self, batch):
        return [(numpy.zeros((batch, self.hidden)),) * 2 for _ in self.steps]

    def scores(self, ids, states):
        """The scores of the next characters; changes `states`."""
        x = self.embedding[ids]
        for index, step in enumerate(self.steps):
            x, states[index] = step(x, states[index])
        return x @ self.softmax[0] + self.softmax[1]

    def bits(self, ids, streams, length):
        """Mean bits of a character given those before it, over `streams` pieces of `length` read from nothing."""
        pieces = numpy.array(ids[:streams * length]).reshape(streams, length)
        states, total = self.start(streams), 0.0
        for step in range(length - 1):
            scores = self.scores(pieces[:, step], states)
            largest = scores.max(axis=-1)
            logarithm = largest + numpy.log(numpy.exp(scores - largest[:, None]).sum(axis=-1))
            total += (logarithm - scores[numpy.arange(streams), pieces[:, step + 1]]).sum()
        return total / (streams * (length - 1)) / numpy.log(2)

    def greedy(self, prompt, count):
        """The most probable characters after `prompt`, and the smallest lead of one over the second."""
        states, sample, lead = self.start(1), [], numpy.inf
        ids = list(prompt)
        for step in range(len(ids) + count - 1):
            scores = self.scores([ids[step]], states)[0]
            if step >= len(prompt) - 1:
                order = numpy.argsort(-scores, kind="stable")
                lead = min(lead, scores[order[0]] - scores[order[1]])
                sample.append(int(order[0]))
                ids.append(sample[-1])
        return sample, float(lead)


def char_rnn(data, name, text, prompt, corrections):
    model = CharRNN(data / "checkpoints" / "ml5-charRNN" / name)
    model.ids |= corrections
    ids = [model.ids[character] for character in text]
    sample, lead = model.greedy([model.ids[character] for character in prompt], 200)
    streams, length = 32, 2000
    symbols = {value: key for key, value in model.ids.items()}
    return {
        "prompt": prompt, "greedy": sample, "greedyText": "".join(symbols[k] for k in sample), "smallestLead": lead,
        "streams": streams, "length": length, "bitsPerCharacter": model.bits(ids, streams, length)}


def char_rnns():
    root = Path(__file__).resolve().parents[2]
    data = Path(os.environ.get("ENSUE_DATA", root.parent / "shared" / "data"))
    if not (data / "checkpoints" / "ml5-charRNN").is_dir():
        print(f"no ml5-charRNN in {data}: its numbers stay as they are")
        return json.loads(Path(__file__).with_suffix(".json").read_text())["charRNN"]
    # Line ends as they are: one of the texts has \r\n.
    read = lambda path: (data / path).read_bytes().decode("utf-8")
    # In the vocabulary of this checkpoint "U" is written as nothing and "u" as two spaces.
    return {
        "shakespeare": char_rnn(
            data, "shakespeare", read("tinyshakespeare/input.txt"), "ROMEO:\n", {"U": 40, "u": 13}),
        "zora_neale_hurston": char_rnn(
            data, "zora_neale_hurston", read("checkpoints/ml5-charRNN/zora_neale_hurston.training-text.txt"),
            "The ", {})}


def check(path):
    """Loads an exported file into PyTorch's module, strictly, and prints the largest difference of the outputs, as a
    share of the largest output where that is above 1."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    module = TORCH_MODULES[metadata["kind"]](
        int(metadata["inputSize"]), int(metadata["hiddenSize"]), num_layers=int(metadata["layerCount"]),
        bidirectional=metadata["isBidirectional"] == "true", bias=metadata["hasBias"] == "true").double()
    prefix = metadata["prefix"]
    module.load_state_dict({name.removeprefix(prefix): value for name, value in tensors.items()
                            if name.startswith(prefix)}, strict=True)
    alive = torch.tensor([int(word) for word in metadata["alive"].split()])
    with torch.no_grad():
        output = module(PackedSequence(tensors["input"], alive))[0].data
    print(float((output - tensors["output"]).abs().max() / output.abs().max().clamp(min=1)))


def main():
    tensors, listed = {}, []
    for layout, kind, layers, bidirectional, bias in cases():
        name = f"{layout}-{kind}-{layers}{'-both' if bidirectional else ''}{'' if bias else '-no-bias'}"
        prefix, found = MAKERS[layout](name, kind, layers, bidirectional, bias)
        tensors |= {f"{name}/{key}": torch.as_tensor(value) for key, value in found.items()}
        listed.append({
            "name": name, "layout": layout, "kind": kind, "layerCount": layers, "isBidirectional": bidirectional,
            "hasBias": bias, "prefix": prefix})
    save(__file__, tensors)
    numbers = {
        "lengths": LENGTHS, "inputSize": INPUT_SIZE, "hiddenSize": HIDDEN_SIZE, "cases": listed,
        "charRNN": char_rnns()}
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(numbers, indent=1) + "\n")
    print(f"{path.name}: {len(listed)} cases, {path.stat().st_size} bytes")


if len(sys.argv) > 2 and sys.argv[1] == "--check":
    for file in sys.argv[2:]:
        check(file)
elif len(sys.argv) == 1:
    main()
else:
    raise SystemExit(__doc__)
