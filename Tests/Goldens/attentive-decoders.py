"""Makes Tests/Goldens/attentive-decoders.safetensors: decoders with attention by PyTorch, a sequence and a step at a
time, in float64.

Run from the repository root:  python3 Tests/Goldens/attentive-decoders.py

`bahdanau`: a GRU (reset before the product) whose state of the step before asks by the additive score; what is read joins
the input (Bahdanau, Cho and Bengio 2015). `luong`: two layers of LSTM with the general score and input feeding,
tanh(W_c [c; h]) (Luong, Pham and Manning 2015). Three sequences with unequal numbers of steps and source steps; rows
stand sequence by sequence (not packed). `NAME/parameter/...` by the names of AttentiveDecoder, `NAME/inputs`, `/source`,
`/state/LAYER/STATE` (a row a sequence), `/output`, `/contexts`, `/weights` (sequence by sequence, step by step),
`/factors`, and `NAME/gradient/...` of the sum of (output * factors) + sum of contexts squared, for all of those.
"""

import torch

from goldenfile import generator, normal, save

STEPS, SOURCES = [3, 1, 2], [2, 5, 3]
INPUT, HIDDEN, KEY, SCORE = 5, 4, 6, 3
tensors = {}


def split(rows, lengths):
    return torch.split(rows, lengths)


def leaves(name, layers, states, gates, fed, extra):
    """Parameters, inputs and first states, all of them leaves."""
    random = generator("attentive-" + name)
    made = {}
    for layer in range(layers):
        width = INPUT + fed if layer == 0 else HIDDEN
        for gate in gates:
            made[f"parameter/layers.{layer}.W_{gate}"] = normal(random, HIDDEN, width, scale=0.5)
            made[f"parameter/layers.{layer}.U_{gate}"] = normal(random, HIDDEN, HIDDEN, scale=0.5)
            made[f"parameter/layers.{layer}.b_{gate}"] = normal(random, HIDDEN, scale=0.5)
        for state in range(states):
            made[f"state/{layer}/{state}"] = normal(random, len(STEPS), HIDDEN, scale=0.5)
    for parameter, shape in extra.items():
        made["parameter/" + parameter] = normal(random, *shape, scale=0.5)
    made["inputs"] = normal(random, sum(STEPS), INPUT)
    made["source"] = normal(random, sum(SOURCES), KEY)
    return {key: value.requires_grad_() for key, value in made.items()}, normal(random, sum(STEPS), HIDDEN)


def gate(p, layer, name, x, h):
    parameter = lambda kind: p[f"parameter/layers.{layer}.{kind}_{name}"]
    return parameter("W") @ x + parameter("U") @ h + parameter("b")


def record(name, p, factors, outputs, contexts, weights):
    output, context = torch.stack(outputs), torch.stack(contexts)
    ((output * factors).sum() + (context**2).sum()).backward()
    for key, value in p.items():
        tensors[f"{name}/{key}"] = value
        tensors[f"{name}/gradient/{key}"] = value.grad
    results = {"output": output, "contexts": context, "weights": torch.cat(weights), "factors": factors}
    tensors.update({f"{name}/{key}": value for key, value in results.items()})


def bahdanau():
    shapes = {"weight": (SCORE, HIDDEN + KEY), "bias": (SCORE,), "vector": (1, SCORE)}
    extra = {f"attention.score.{part}": shape for part, shape in shapes.items()}
    p, factors = leaves("bahdanau", 1, 1, ["r", "z", "h"], KEY, extra)
    w, b, v = (p["parameter/attention.score." + part] for part in ["weight", "bias", "vector"])
    outputs, contexts, weights = [], [], []
    for index, (xs, keys) in enumerate(zip(split(p["inputs"], STEPS), split(p["source"], SOURCES))):
        h = p["state/0/0"][index]
        for x in xs:
            scores = torch.stack([(v @ torch.tanh(w @ torch.cat([h, k]) + b))[0] for k in keys])
            a = torch.softmax(scores, 0)
            c = a @ keys
            x = torch.cat([x, c])
            r, z = torch.sigmoid(gate(p, 0, "r", x, h)), torch.sigmoid(gate(p, 0, "z", x, h))
            h = z * h + (1 - z) * torch.tanh(gate(p, 0, "h", x, r * h))
            outputs.append(h), contexts.append(c), weights.append(a)
    record("bahdanau", p, factors, outputs, contexts, weights)


def luong():
    extra = {"attention.score.weight": (HIDDEN, KEY), "combination": (HIDDEN, KEY + HIDDEN)}
    p, factors = leaves("luong", 2, 2, ["i", "f", "g", "o"], HIDDEN, extra)
    outputs, contexts, weights = [], [], []
    for index, (xs, keys) in enumerate(zip(split(p["inputs"], STEPS), split(p["source"], SOURCES))):
        states = [[p[f"state/{layer}/{state}"][index] for state in range(2)] for layer in range(2)]
        fed = torch.zeros(HIDDEN, dtype=torch.float64)
        for x in xs:
            below = torch.cat([x, fed])
            for layer, (h, c) in enumerate(states):
                i, f, o = (torch.sigmoid(gate(p, layer, name, below, h)) for name in "ifo")
                c = f * c + i * torch.tanh(gate(p, layer, "g", below, h))
                below = o * torch.tanh(c)
                states[layer] = [below, c]
            a = torch.softmax(keys @ (p["parameter/attention.score.weight"].T @ below), 0)
            context = a @ keys
            fed = torch.tanh(p["parameter/combination"] @ torch.cat([context, below]))
            outputs.append(fed), contexts.append(context), weights.append(a)
    record("luong", p, factors, outputs, contexts, weights)


bahdanau()
luong()
save(__file__, tensors)
