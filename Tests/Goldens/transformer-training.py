"""Makes Tests/Goldens/transformer-training.safetensors: ten training steps of two small Transformers, by PyTorch.

Run from the repository root:  python3 Tests/Goldens/transformer-training.py

As in trajectories.py: `<name>/ids` (batch-major), `lengths`, `targets`, `initial/<parameter>` in float32; computed in
float64 from these numbers: `losses64`, `final64/<parameter>`. Names of parameters are Ensue's (transformer.py).

    classifier   embedding [20, 6], learned positions [9, 6], 2 pre-norm encoder layers (2 heads, 10 inside, ReLU) with
                 a last norm, mean over true words, linear to 2; Adam 0.01
    gpt          embedding [12, 8] tied to the output, learned positions [9, 8], 2 pre-norm layers (2 heads, 32 inside,
                 GELU by tanh) with a last norm, causal; `targets`: the next symbol of every row, one sequence after
                 another; AdamW 0.01, weight decay 0.1 on all
"""

import torch
import torch.nn.functional as functional
from torch import nn

from goldenfile import generator, normal, save
from transformer import causal, options, stackNames, trueRows


class Model(nn.Module):
    """Embedding, learned positions, two pre-norm layers, a last norm; a classifier, or a language model."""

    def __init__(self, symbols, width, inner, activation, isLanguageModel):
        super().__init__()
        self.embedding = nn.Embedding(symbols, width)
        self.positions = nn.Embedding(9, width)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(**(options(True, width, inner) | {"activation": activation})), 2,
            norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.output = None if isLanguageModel else nn.Linear(width, 2)

    def forward(self, ids, lengths):
        padding = torch.arange(ids.shape[1])[None] >= lengths[:, None]
        x = self.embedding(ids) + self.positions.weight[: ids.shape[1]]
        if self.output is None:
            mask = causal([ids.shape[1]])
            states = self.encoder(x, mask=mask, src_key_padding_mask=padding)
            return trueRows(functional.linear(states, self.embedding.weight), lengths.tolist())
        states = self.encoder(x, src_key_padding_mask=padding).masked_fill(padding[:, :, None], 0)
        return self.output(states.sum(dim=1) / lengths[:, None])

    def named(self, values):
        """A dictionary by PyTorch's names under Ensue's."""
        inside = {name.removeprefix("encoder."): value for name, value in values.items() if name.startswith("encoder.")}
        result = {"embedding.weight": values["embedding.weight"], "positions.table": values["positions.weight"]}
        result |= stackNames("encoder.", inside)
        return result | {name: value for name, value in values.items() if name.startswith("output.")}


def trajectory(tensors, name, model, symbols, lengths, targetCount, makeOptimizer):
    random = generator(name)
    isLanguageModel = model.output is None
    ids = torch.zeros(len(lengths), max(lengths), dtype=torch.int64)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.from_numpy(random.randint(1, symbols, size=length))
    count = sum(lengths) if isLanguageModel else len(lengths)
    targets = torch.from_numpy(random.randint(0, targetCount, size=count))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            isNorm = "norm" in key and key.endswith("weight")
            parameter.copy_((normal(random, *parameter.shape, scale=0.4) + (1 if isNorm else 0)).float())
    found = {"ids": ids, "lengths": torch.tensor(lengths), "targets": targets}
    initial = {key: value.clone() for key, value in model.state_dict().items()}
    found |= {f"initial/{key}": value for key, value in model.named(initial).items()}
    model = model.double().train()
    optimizer = makeOptimizer(model.parameters())
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(ids, torch.tensor(lengths)), targets)
        loss.backward()
        losses.append(loss.detach())
        optimizer.step()
    found["losses64"] = torch.stack(losses)
    found |= {f"final64/{key}": value for key, value in model.named(model.state_dict()).items()}
    tensors |= {f"{name}/{key}": value for key, value in found.items()}


tensors = {}
trajectory(
    tensors, "classifier", Model(20, 6, 10, functional.relu, False), 20, [7, 5, 5, 3, 2, 1], 2,
    lambda parameters: torch.optim.Adam(parameters, lr=0.01, foreach=False))
trajectory(
    tensors, "gpt", Model(12, 8, 32, lambda x: functional.gelu(x, approximate="tanh"), True), 12, [5, 8, 3], 12,
    lambda parameters: torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.1, foreach=False))
save(__file__, tensors)
