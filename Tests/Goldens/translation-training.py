"""Makes Tests/Goldens/translation-training.safetensors: two small encoder-decoder Transformers, by PyTorch: scores, the
attention to the source, and ten training steps.

Run from the repository root:  python3 Tests/Goldens/translation-training.py

`<name>/sources`, `inputs` (batch-major, padded with 0), `sourceLengths`, `lengths`, `targets`: the next symbol of every
row of the inputs, one sequence after another, -1 where it is not scored; `initial/<parameter>` in float32. Computed in
float64 from these numbers: `logits` (rows like `targets`), `cross/<layer>` [batch, heads, longest input, longest
source], `losses64`, `final64/<parameter>`. Parameters have Ensue's names (transformer.py).

    post    two vocabularies (13, 11), output tied to the target's table, post-norm; Adam 0.01
    pre     one vocabulary (12) and table, output untied with a bias, pre-norm with last norms, GELU, label smoothing
            0.1; AdamW 0.01, weight decay 0.1

Both: width 8, 2 heads, 2 + 2 layers, 12 inside, vectors times the root of 8, sinusoidal positions.
"""

import math

import torch
import torch.nn.functional as functional
from torch import nn

from goldenfile import generator, normal, save
from transformer import causal, options, stackNames, trueRows

WIDTH, INNER = 8, 12


def sinusoids(length):
    places = torch.arange(length, dtype=torch.float64)[:, None]
    angles = places * torch.exp(torch.arange(0, WIDTH, 2, dtype=torch.float64) * (-math.log(10000.0) / WIDTH))
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(length, WIDTH)


class Model(nn.Module):
    """Two tables or one, two stacks, and a last layer that is the target's table or its own."""

    def __init__(self, source, target, isPre, isShared, isTied):
        super().__init__()
        layer = options(isPre, WIDTH, INNER)
        self.source = nn.Embedding(source, WIDTH)
        self.target = self.source if isShared else nn.Embedding(target, WIDTH)
        norms = [nn.LayerNorm(WIDTH) if isPre else None for _ in range(2)]
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(**layer), 2, norm=norms[0], enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(**layer), 2, norm=norms[1])
        self.output = None if isTied else nn.Linear(WIDTH, target)

    def placed(self, table, ids):
        return table(ids) * math.sqrt(WIDTH) + sinusoids(ids.shape[1])

    def forward(self, sources, sourceLengths, inputs, lengths):
        sourcePadding = torch.arange(sources.shape[1])[None] >= sourceLengths[:, None]
        padding = torch.arange(inputs.shape[1])[None] >= lengths[:, None]
        memory = self.encoder(self.placed(self.source, sources), src_key_padding_mask=sourcePadding)
        states = self.decoder(
            self.placed(self.target, inputs), memory, tgt_mask=causal([inputs.shape[1]]),
            tgt_key_padding_mask=padding, memory_key_padding_mask=sourcePadding)
        rows = trueRows(states, lengths.tolist())
        return functional.linear(rows, self.target.weight) if self.output is None else self.output(rows)

    def named(self, values):
        """A dictionary by PyTorch's names under Ensue's."""
        result = {"embedding.source.weight": values["source.weight"]}
        if self.target is not self.source:
            result["embedding.target.weight"] = values["target.weight"]
        for side in ["encoder.", "decoder."]:
            inside = {name.removeprefix(side): value for name, value in values.items() if name.startswith(side)}
            result |= stackNames(side, inside)
        return result | {name: value for name, value in values.items() if name.startswith("output.")}


def batch(random, symbols, lengths):
    ids = torch.zeros(len(lengths), max(lengths), dtype=torch.int64)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.from_numpy(random.randint(0, symbols, size=length))
    return ids


def crossWeights(model, arguments):
    """Of every layer of the decoder, with PyTorch's own weights."""
    found = {}

    def hook(layer):
        def keep(module, positional, keywords, result):
            keywords = keywords | {"need_weights": True, "average_attn_weights": False}
            with torch.no_grad():
                found[layer] = module.forward(*positional, **keywords)[1]

        return keep

    handles = [
        layer.multihead_attn.register_forward_hook(hook(index), with_kwargs=True)
        for index, layer in enumerate(model.decoder.layers)]
    with torch.no_grad():
        model(*arguments)
    for handle in handles:
        handle.remove()
    return found


def trajectory(tensors, name, model, symbols, smoothing, makeOptimizer):
    random = generator(name)
    sourceLengths, lengths = [4, 6, 1, 3], [5, 2, 3, 6]
    arguments = (
        batch(random, symbols[0], sourceLengths), torch.tensor(sourceLengths),
        batch(random, symbols[1], lengths), torch.tensor(lengths))
    targets = torch.from_numpy(random.randint(0, symbols[1], size=sum(lengths)))
    targets[3] = -1
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            isNorm = "norm" in key and key.endswith("weight")
            parameter.copy_((normal(random, *parameter.shape, scale=0.4) + (1 if isNorm else 0)).float())
    found = {
        "sources": arguments[0], "sourceLengths": arguments[1], "inputs": arguments[2], "lengths": arguments[3],
        "targets": targets}
    initial = {key: value.clone() for key, value in model.state_dict().items()}
    found |= {f"initial/{key}": value for key, value in model.named(initial).items()}
    model = model.double().train()
    found |= {f"cross/{layer}": weights for layer, weights in crossWeights(model, arguments).items()}
    optimizer = makeOptimizer(model.parameters())
    losses = []
    for step in range(10):
        optimizer.zero_grad()
        logits = model(*arguments)
        if step == 0:
            found["logits"] = logits
        loss = functional.cross_entropy(logits, targets, ignore_index=-1, label_smoothing=smoothing)
        loss.backward()
        losses.append(loss.detach())
        optimizer.step()
    found["losses64"] = torch.stack(losses)
    found |= {f"final64/{key}": value for key, value in model.named(model.state_dict()).items()}
    tensors |= {f"{name}/{key}": value for key, value in found.items()}


tensors = {}
trajectory(
    tensors, "post", Model(13, 11, False, False, True), (13, 11), 0.0,
    lambda parameters: torch.optim.Adam(parameters, lr=0.01, foreach=False))
trajectory(
    tensors, "pre", Model(12, 12, True, True, False), (12, 12), 0.1,
    lambda parameters: torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.1, foreach=False))
save(__file__, tensors)
