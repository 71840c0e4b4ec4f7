"""Makes Tests/Goldens/recurrent-translators.safetensors: whole recurrent encoder-decoders by PyTorch, a pair and a step
at a time from the equations: scores, loss, the gradients of all weights, and ten training steps.

Run from the repository root:  python3 Tests/Goldens/recurrent-translators.py

`<name>/sources`, `inputs` (batch-major, padded with 0), `sourceLengths`, `lengths`, `targets`: the next symbol of every
row of the inputs, one sequence after another, -1 where it is not scored; `initial/<parameter>` in float32 by Ensue's
names. Computed in float64 from these numbers: `logits` (rows like `targets`), `gradient/<parameter>` of the first loss,
`losses64`, `final64/<parameter>`. Losses are means with label smoothing 0.1.

    sutskever  two layers of LSTM, the source from its end; the encoder's last states begin the decoder's; the output
               layer reads the state; SGD 0.5
    cho        a GRU; c = tanh(V h_S + b) at every step, the decoder begins at tanh(W h_S + b), maxout; Adam 0.02
    bahdanau   two layers of GRU in both directions, one of the decoder; additive attention before the step, the decoder
               begins at tanh(W [forward; reverse] + b) of the upper layer's ends, maxout; Adam 0.02
    jordan     a cell with output feedback, the encoder in both directions; the decoder reads
               c = tanh(V [forward; reverse] + b) at every step, and what is fed back is the vector of the symbol
               before; the output tied; Adam 0.02
    luong      two layers of LSTM; general attention after the step, fed; the decoder's h begins as the encoder's ends,
               its c at 0; one vocabulary and table, the output tied to it; AdamW 0.02, weight decay 0.1
"""

import torch
import torch.nn.functional as functional

from goldenfile import generator, normal, save

SMOOTHING = 0.1
tensors = {}


def gate(p, at, name, x, h):
    return p[f"{at}.W_{name}"] @ x + p[f"{at}.U_{name}"] @ h + p[f"{at}.b_{name}"]


def gru(p, at, x, states):
    (h,) = states
    r, z = torch.sigmoid(gate(p, at, "r", x, h)), torch.sigmoid(gate(p, at, "z", x, h))
    return [z * h + (1 - z) * torch.tanh(gate(p, at, "h", x, r * h))]


def lstm(p, at, x, states):
    h, c = states
    i, f, o = (torch.sigmoid(gate(p, at, name, x, h)) for name in "ifo")
    c = f * c + i * torch.tanh(gate(p, at, "g", x, h))
    return [o * torch.tanh(c), c]


def jordan(p, at, x, states):
    (o,) = states
    h = torch.tanh(gate(p, at, "h", x, o))
    return [torch.tanh(p[f"{at}.U_o"] @ h + p[f"{at}.b_o"])]


CELLS = {gru: ("rzh", 1), lstm: ("ifgo", 2), jordan: ("h", 1)}


def cellShapes(at, cell, hidden, width):
    if cell is jordan:
        yield f"{at}.U_o", (hidden, hidden)
        yield f"{at}.b_o", (hidden,)
    for name in CELLS[cell][0]:
        yield f"{at}.W_{name}", (hidden, width)
        yield f"{at}.U_{name}", (hidden, hidden)
        yield f"{at}.b_{name}", (hidden,)


def linear(p, at, x):
    return p[f"{at}.weight"] @ x + p[f"{at}.bias"]


def encode(p, cell, hidden, vectors, layers, directions=("forward",)):
    """The outputs of every step, and for each layer and direction its states at that direction's end."""
    ends = []
    for layer in range(layers):
        ofDirections, ofLayer = [], []
        for direction in directions:
            states = [torch.zeros(hidden, dtype=torch.float64) for _ in range(CELLS[cell][1])]
            outputs = []
            for x in vectors if direction == "forward" else vectors[::-1]:
                states = cell(p, f"encoder.layers.{layer}.{direction}", x, states)
                outputs.append(states[0])
            ofDirections.append(outputs if direction == "forward" else outputs[::-1])
            ofLayer.append(states)
        vectors = [torch.cat(step) for step in zip(*ofDirections)]
        ends.append(ofLayer)
    return vectors, ends


def maxout(p, parts):
    both = linear(p, "readout.map", torch.cat(parts))
    return torch.maximum(*both.chunk(2))


class Sutskever:
    sourceCount, targetCount, features, hidden = 7, 6, 3, 4

    def shapes(self):
        yield "embedding.source.weight", (self.sourceCount, self.features)
        yield "embedding.target.weight", (self.targetCount, self.features)
        for layer in range(2):
            width = self.features if layer == 0 else self.hidden
            yield from cellShapes(f"encoder.layers.{layer}.forward", lstm, self.hidden, width)
            yield from cellShapes(f"decoder.stack.layers.{layer}.forward", lstm, self.hidden, width)
        yield "output.weight", (self.targetCount, self.hidden)
        yield "output.bias", (self.targetCount,)

    def scores(self, p, source, inputs):
        vectors = [p["embedding.source.weight"][symbol] for symbol in reversed(source)]
        _, ends = encode(p, lstm, self.hidden, vectors, 2)
        states, rows = [layer[0] for layer in ends], []
        for symbol in inputs:
            below = p["embedding.target.weight"][symbol]
            for layer in range(2):
                states[layer] = lstm(p, f"decoder.stack.layers.{layer}.forward", below, states[layer])
                below = states[layer][0]
            rows.append(linear(p, "output", below))
        return rows


class Cho:
    sourceCount, targetCount, features, hidden = 7, 6, 3, 4

    def shapes(self):
        yield "embedding.source.weight", (self.sourceCount, self.features)
        yield "embedding.target.weight", (self.targetCount, self.features)
        yield from cellShapes("encoder.layers.0.forward", gru, self.hidden, self.features)
        yield "bridge.layers.0.h.weight", (self.hidden, self.hidden)
        yield "bridge.layers.0.h.bias", (self.hidden,)
        yield from cellShapes("decoder.stack.layers.0.forward", gru, self.hidden, self.features + self.hidden)
        yield "decoder.summary.weight", (self.hidden, self.hidden)
        yield "decoder.summary.bias", (self.hidden,)
        yield "readout.map.weight", (2 * self.hidden, self.hidden + self.features + self.hidden)
        yield "readout.map.bias", (2 * self.hidden,)
        yield "output.weight", (self.targetCount, self.hidden)
        yield "output.bias", (self.targetCount,)

    def scores(self, p, source, inputs):
        outputs, ends = encode(p, gru, self.hidden, [p["embedding.source.weight"][symbol] for symbol in source], 1)
        context = torch.tanh(linear(p, "decoder.summary", outputs[-1]))
        states, rows = [torch.tanh(linear(p, "bridge.layers.0.h", ends[0][0][0]))], []
        for symbol in inputs:
            e = p["embedding.target.weight"][symbol]
            states = gru(p, "decoder.stack.layers.0.forward", torch.cat([e, context]), states)
            rows.append(linear(p, "output", maxout(p, [states[0], e, context])))
        return rows


class Bahdanau:
    sourceCount, targetCount, features, hidden, own, score = 7, 6, 3, 4, 3, 5

    def shapes(self):
        both = 2 * self.own
        yield "embedding.source.weight", (self.sourceCount, self.features)
        yield "embedding.target.weight", (self.targetCount, self.features)
        for layer in range(2):
            for direction in ["forward", "reverse"]:
                width = self.features if layer == 0 else both
                yield from cellShapes(f"encoder.layers.{layer}.{direction}", gru, self.own, width)
        yield "bridge.layers.0.h.weight", (self.hidden, both)
        yield "bridge.layers.0.h.bias", (self.hidden,)
        yield from cellShapes("decoder.layers.0", gru, self.hidden, self.features + both)
        yield "decoder.attention.score.weight", (self.score, self.hidden + both)
        yield "decoder.attention.score.bias", (self.score,)
        yield "decoder.attention.score.vector", (1, self.score)
        yield "readout.map.weight", (2 * self.hidden, self.hidden + self.features + both)
        yield "readout.map.bias", (2 * self.hidden,)
        yield "output.weight", (self.targetCount, self.hidden)
        yield "output.bias", (self.targetCount,)

    def scores(self, p, source, inputs):
        vectors = [p["embedding.source.weight"][symbol] for symbol in source]
        keys, ends = encode(p, gru, self.own, vectors, 2, ("forward", "reverse"))
        top = torch.cat([ends[1][0][0], ends[1][1][0]])
        h, rows = torch.tanh(linear(p, "bridge.layers.0.h", top)), []
        for symbol in inputs:
            e = p["embedding.target.weight"][symbol]
            scores = [
                (p["decoder.attention.score.vector"]
                 @ torch.tanh(linear(p, "decoder.attention.score", torch.cat([h, key]))))[0] for key in keys]
            context = torch.softmax(torch.stack(scores), 0) @ torch.stack(keys)
            (h,) = gru(p, "decoder.layers.0", torch.cat([e, context]), [h])
            rows.append(linear(p, "output", maxout(p, [h, e, context])))
        return rows


class Jordan:
    sourceCount, targetCount, features, hidden, own = 7, 6, 4, 4, 3

    def shapes(self):
        yield "embedding.source.weight", (self.sourceCount, self.features)
        yield "embedding.target.weight", (self.targetCount, self.features)
        for direction in ["forward", "reverse"]:
            yield from cellShapes(f"encoder.layers.0.{direction}", jordan, self.own, self.features)
        yield from cellShapes("decoder.cell", jordan, self.hidden, self.hidden)
        yield "decoder.summary.weight", (self.hidden, 2 * self.own)
        yield "decoder.summary.bias", (self.hidden,)
        yield "output.bias", (self.targetCount,)

    def scores(self, p, source, inputs):
        vectors = [p["embedding.source.weight"][symbol] for symbol in source]
        _, ends = encode(p, jordan, self.own, vectors, 1, ("forward", "reverse"))
        context = torch.tanh(linear(p, "decoder.summary", torch.cat([ends[0][0][0], ends[0][1][0]])))
        table = p["embedding.target.weight"]
        outputs = [jordan(p, "decoder.cell", context, [table[symbol]])[0] for symbol in inputs]
        return [table @ output + p["output.bias"] for output in outputs]


class Luong:
    sourceCount, targetCount, features, hidden = 7, 7, 4, 4

    def shapes(self):
        yield "embedding.source.weight", (self.sourceCount, self.features)
        for layer in range(2):
            width = self.features if layer == 0 else self.hidden
            yield from cellShapes(f"encoder.layers.{layer}.forward", lstm, self.hidden, width)
            fed = self.hidden if layer == 0 else 0
            yield from cellShapes(f"decoder.layers.{layer}", lstm, self.hidden, width + fed)
        yield "decoder.attention.score.weight", (self.hidden, self.hidden)
        yield "decoder.combination", (self.hidden, 2 * self.hidden)
        yield "output.bias", (self.targetCount,)

    def scores(self, p, source, inputs):
        table = p["embedding.source.weight"]
        outputs, ends = encode(p, lstm, self.hidden, [table[symbol] for symbol in source], 2)
        keys = torch.stack(outputs)
        states = [[layer[0][0], torch.zeros(self.hidden, dtype=torch.float64)] for layer in ends]
        fed, rows = torch.zeros(self.hidden, dtype=torch.float64), []
        for symbol in inputs:
            below = torch.cat([table[symbol], fed])
            for layer in range(2):
                states[layer] = lstm(p, f"decoder.layers.{layer}", below, states[layer])
                below = states[layer][0]
            weights = torch.softmax(keys @ (p["decoder.attention.score.weight"].T @ below), 0)
            fed = torch.tanh(p["decoder.combination"] @ torch.cat([weights @ keys, below]))
            rows.append(table @ fed + p["output.bias"])
        return rows


def padded(sequences):
    ids = torch.zeros(len(sequences), max(map(len, sequences)), dtype=torch.int64)
    for row, sequence in enumerate(sequences):
        ids[row, :len(sequence)] = torch.tensor(sequence)
    return ids


def trajectory(name, model, makeOptimizer):
    random = generator("recurrent-translator-" + name)
    sources = [random.randint(0, model.sourceCount, size=length).tolist() for length in [3, 5, 1]]
    inputs = [random.randint(0, model.targetCount, size=length).tolist() for length in [4, 2, 3]]
    targets = torch.from_numpy(random.randint(0, model.targetCount, size=sum(map(len, inputs))))
    targets[2] = -1
    initial = {key: normal(random, *shape, scale=0.5).float() for key, shape in model.shapes()}
    found = {
        "sources": padded(sources), "sourceLengths": torch.tensor([len(source) for source in sources]),
        "inputs": padded(inputs), "lengths": torch.tensor([len(sequence) for sequence in inputs]), "targets": targets}
    found |= {f"initial/{key}": value for key, value in initial.items()}
    p = {key: value.double().requires_grad_() for key, value in initial.items()}
    optimizer, losses = makeOptimizer(p.values()), []
    for step in range(10):
        optimizer.zero_grad()
        rows = [row for source, sequence in zip(sources, inputs) for row in model.scores(p, source, sequence)]
        logits = torch.stack(rows)
        loss = functional.cross_entropy(logits, targets, ignore_index=-1, label_smoothing=SMOOTHING)
        loss.backward()
        if step == 0:
            found["logits"] = logits
            found |= {f"gradient/{key}": value.grad.clone() for key, value in p.items()}
        losses.append(loss.detach())
        optimizer.step()
    found["losses64"] = torch.stack(losses)
    found |= {f"final64/{key}": value for key, value in p.items()}
    tensors.update({f"{name}/{key}": value for key, value in found.items()})


trajectory("sutskever", Sutskever(), lambda p: torch.optim.SGD(p, lr=0.5))
trajectory("cho", Cho(), lambda p: torch.optim.Adam(p, lr=0.02, foreach=False))
trajectory("bahdanau", Bahdanau(), lambda p: torch.optim.Adam(p, lr=0.02, foreach=False))
trajectory("jordan", Jordan(), lambda p: torch.optim.Adam(p, lr=0.02, foreach=False))
trajectory("luong", Luong(), lambda p: torch.optim.AdamW(p, lr=0.02, weight_decay=0.1, foreach=False))
save(__file__, tensors)
