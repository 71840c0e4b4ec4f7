"""Makes Tests/Goldens/trajectories.safetensors: ten optimiser steps of small models on fixed data, by PyTorch.

Run from the repository root:  python3 Tests/Goldens/trajectories.py

For each `<name>`: the data (`x` [16, 8] float32 or `ids` [6, 7] int64 batch-major with `lengths`; `targets` int64),
`initial/<parameter>` and, after ten steps, `final/<parameter>` (float32); `losses` [10] and `gradientNorms` [10], the
loss before each update and the global gradient norm before clipping. Everything is computed in float32 and again in
float64 from the same initial float32 numbers: `losses64`, `gradientNorms64`, `final64/<parameter>` are the latter. The
distance between the two says what rounding may do, and so how closely a comparison can hold.

    linear-sgd             linear classifier 8 -> 3; SGD 0.1
    linear-momentum        the same; SGD 0.1, momentum 0.9 (v = 0.9 v + g, w = w - 0.1 v)
    linear-adam            the same; Adam 0.05
    linear-adamw           the same; AdamW 0.05, decoupled weight decay 0.01 on weight and bias
    mlp-adam               8 -> 16 ReLU -> 3; Adam 0.01, global norm clipped at 0.5
    mlp-sgd-accumulated    the same net; SGD 0.1, label smoothing 0.1, two micro-batches of 8 (rows 0..<8, 8..<16) a
                           step, their mean losses averaged
    lstm-adam, bilstm-adam embedding [20, 6] (row 0 padding: zero, never a gradient), LSTM of 5 (gates i, f, g, o),
                           final hidden state (forward, then reverse, each at its true end), linear to 2; Adam 0.02,
                           global norm clipped at 1.0. PyTorch's second bias is zero and not trained.

Adam: beta 0.9 and 0.999, epsilon 1e-8. Clipping as torch.nn.utils.clip_grad_norm_: gradients times
min(1, maximum / (norm + 1e-6)). Loss: mean cross entropy.
"""

import torch
import torch.nn.functional as functional
from torch.nn.utils.rnn import pack_padded_sequence

from goldenfile import generator, normal, save

STEPS = 10
VOCABULARY, EMBEDDING_SIZE, HIDDEN_SIZE = 20, 6, 5
LENGTHS = [7, 5, 5, 3, 2, 1]


class LinearClassifier(torch.nn.Module):
    data = ["x"]

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(3, 8))
        self.bias = torch.nn.Parameter(torch.zeros(3))

    def forward(self, x):
        return functional.linear(x, self.weight, self.bias)

    def named(self):
        return dict(self.named_parameters())


class Perceptron(torch.nn.Module):
    data = ["x"]

    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(8, 16)
        self.output = torch.nn.Linear(16, 3)

    def forward(self, x):
        return self.output(torch.relu(self.hidden(x)))

    def named(self):
        return dict(self.named_parameters())


class SequenceClassifier(torch.nn.Module):
    data = ["ids", "lengths"]

    def __init__(self, directions):
        super().__init__()
        self.embedding = torch.nn.Embedding(VOCABULARY, EMBEDDING_SIZE, padding_idx=0)
        self.encoder = torch.nn.LSTM(
            EMBEDDING_SIZE, HIDDEN_SIZE, batch_first=True, bidirectional=directions == 2)
        self.output = torch.nn.Linear(directions * HIDDEN_SIZE, 2)
        for name, parameter in self.encoder.named_parameters():
            if name.startswith("bias_hh"):
                torch.nn.init.zeros_(parameter)
                parameter.requires_grad_(False)

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.embedding(ids), lengths, batch_first=True)
        _, (finalHidden, _) = self.encoder(packed)
        return self.output(torch.cat(list(finalHidden), dim=-1))

    def named(self):
        """The trained parameters by the names they have in the golden file."""
        ours = {"weight_ih_l0": "inputWeight", "weight_hh_l0": "recurrentWeight", "bias_ih_l0": "bias"}
        result = {"embedding.weight": self.embedding.weight}
        for name, parameter in self.encoder.named_parameters():
            if parameter.requires_grad:
                direction = "reverse" if name.endswith("_reverse") else "forward"
                result[f"encoder.{direction}.{ours[name.removesuffix('_reverse')]}"] = parameter
        return result | {"output.weight": self.output.weight, "output.bias": self.output.bias}


def vectors(random):
    """Sixteen points and their three classes, loosely linear so that a loss can fall."""
    x = normal(random, 16, 8).float()
    scores = x.double() @ normal(random, 8, 3) + normal(random, 16, 3)
    return {"x": x, "targets": scores.argmax(dim=-1)}


def sentences(random):
    ids = torch.zeros(len(LENGTHS), LENGTHS[0], dtype=torch.int64)
    for row, length in enumerate(LENGTHS):
        ids[row, :length] = torch.from_numpy(random.randint(1, VOCABULARY, size=length))
    return {"ids": ids, "lengths": torch.tensor(LENGTHS), "targets": torch.tensor([0, 1, 1, 0, 1, 0])}


def initial(model, random):
    """Float32 starting weights: the LSTMs' output weights so large that clipping acts, the rest far from saturation."""
    weights = {}
    for name, parameter in model.named().items():
        large = isinstance(model, SequenceClassifier) and name == "output.weight"
        weights[name] = normal(random, *parameter.shape, scale=2.0 if large else 0.6).float()
    if "embedding.weight" in weights:
        weights["embedding.weight"][0] = 0
    return weights


def train(model, data, weights, optimizer, clip, microBatches, smoothing):
    """Ten steps; returns the losses, the gradient norms before clipping and the final parameters."""
    parameters = model.named()
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(weights[name])
    optimizer = optimizer(list(parameters.values()))
    kind = next(iter(parameters.values())).dtype
    inputs = [data[name].to(kind) if data[name].is_floating_point() else data[name] for name in model.data]
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        total = torch.zeros((), dtype=kind)
        for part in torch.arange(len(data["targets"])).chunk(microBatches):
            logits = model(*(tensor[part] for tensor in inputs))
            loss = functional.cross_entropy(logits, data["targets"][part], label_smoothing=smoothing)
            (loss / microBatches).backward()
            total += loss.detach() / microBatches
        bound = clip if clip is not None else float("inf")
        norm = torch.nn.utils.clip_grad_norm_(list(parameters.values()), bound, foreach=False)
        losses.append(total)
        norms.append(norm.detach())
        optimizer.step()
    return torch.stack(losses), torch.stack(norms), {name: value.detach() for name, value in parameters.items()}


def case(tensors, name, make, data, optimizer, clip=None, microBatches=1, smoothing=0.0):
    random = generator(name)
    data = data(random)
    weights = initial(make(), random)
    found = dict(data) | {f"initial/{key}": value for key, value in weights.items()}
    for suffix, kind in [("", torch.float32), ("64", torch.float64)]:
        losses, norms, final = train(make().to(kind), data, weights, optimizer, clip, microBatches, smoothing)
        found |= {f"losses{suffix}": losses, f"gradientNorms{suffix}": norms}
        found |= {f"final{suffix}/{key}": value for key, value in final.items()}
    tensors |= {f"{name}/{key}": value for key, value in found.items()}


def sgd(rate, **options):
    return lambda parameters: torch.optim.SGD(parameters, lr=rate, foreach=False, **options)


def adam(rate, kind=torch.optim.Adam, **options):
    return lambda parameters: kind(parameters, lr=rate, betas=(0.9, 0.999), eps=1e-8, foreach=False, **options)


tensors = {}
case(tensors, "linear-sgd", LinearClassifier, vectors, sgd(0.1))
case(tensors, "linear-momentum", LinearClassifier, vectors, sgd(0.1, momentum=0.9))
case(tensors, "linear-adam", LinearClassifier, vectors, adam(0.05))
case(tensors, "linear-adamw", LinearClassifier, vectors, adam(0.05, torch.optim.AdamW, weight_decay=0.01))
case(tensors, "mlp-adam", Perceptron, vectors, adam(0.01), clip=0.5)
case(tensors, "mlp-sgd-accumulated", Perceptron, vectors, sgd(0.1), microBatches=2, smoothing=0.1)
case(tensors, "lstm-adam", lambda: SequenceClassifier(1), sentences, adam(0.02), clip=1.0)
case(tensors, "bilstm-adam", lambda: SequenceClassifier(2), sentences, adam(0.02), clip=1.0)
save(__file__, tensors)
