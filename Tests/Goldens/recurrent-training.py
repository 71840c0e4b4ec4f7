"""Makes Tests/Goldens/recurrent-training.safetensors: ten training steps of a recurrent language model, by PyTorch.

Run from the repository root:  python3 Tests/Goldens/recurrent-training.py

Embedding [9, 6], two LSTMs of 5 (nn.LSTM; its second bias is zero and not trained), linear to 9. `ids` [3, 51]:
three streams, read in ten segments of 5 symbols, each begun with the states that the one before ended with, without
their history; targets are the next symbols. `initial/<parameter>` in float32, by Ensue's names. From these numbers in
float64, for each `<name>`: `losses64` and `gradientNorms64` [10], before each update and before clipping,
`final64/<parameter>`, `states64/<layer>/0/<h or c>` after the last segment.

    sgd     SGD 1.0, global norm clipped at 0.4
    adam    Adam 0.02, global norm clipped at 0.4
"""

import torch
import torch.nn.functional as functional

from goldenfile import generator, normal, save

SYMBOLS, FEATURES, HIDDEN, LAYERS, STREAMS, STEPS, SEGMENTS = 9, 6, 5, 2, 3, 5, 10
LIMIT = 0.4


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(SYMBOLS, FEATURES)
        self.encoder = torch.nn.LSTM(FEATURES, HIDDEN, LAYERS, batch_first=True)
        self.output = torch.nn.Linear(HIDDEN, SYMBOLS)
        for name, parameter in self.encoder.named_parameters():
            if name.startswith("bias_hh"):
                torch.nn.init.zeros_(parameter)
                parameter.requires_grad_(False)

    def forward(self, ids, states):
        read, states = self.encoder(self.embedding(ids), states)
        return self.output(read), states

    def trained(self):
        return [parameter for parameter in self.parameters() if parameter.requires_grad]

    def named(self):
        """The trained parameters by Ensue's names; those of the four gates apart."""
        result = {"embedding.weight": self.embedding.weight}
        for layer in range(LAYERS):
            for theirs, ours in [("weight_ih", "W"), ("weight_hh", "U"), ("bias_ih", "b")]:
                parts = getattr(self.encoder, f"{theirs}_l{layer}").chunk(4)
                result |= {f"encoder.layers.{layer}.forward.{ours}_{gate}": part for gate, part in zip("ifgo", parts)}
        result |= {"output.weight": self.output.weight, "output.bias": self.output.bias}
        return {name: value.detach().clone() for name, value in result.items()}


def train(initial, ids, makeOptimizer):
    model = Model()
    model.load_state_dict(initial)
    model = model.double()
    optimizer = makeOptimizer(model.trained())
    losses, norms, states = [], [], None
    for segment in range(SEGMENTS):
        start = segment * STEPS
        optimizer.zero_grad()
        logits, after = model(ids[:, start:start + STEPS], states)
        targets = ids[:, start + 1:start + STEPS + 1]
        loss = functional.cross_entropy(logits.reshape(-1, SYMBOLS), targets.reshape(-1))
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.trained(), LIMIT, foreach=False).detach())
        losses.append(loss.detach())
        optimizer.step()
        states = tuple(state.detach() for state in after)
    if not min(norms) < LIMIT < max(norms):
        raise SystemExit(f"clipping acts in all steps or in none: {norms}")
    found = {"losses64": torch.stack(losses), "gradientNorms64": torch.stack(norms)}
    found |= {f"final64/{name}": value for name, value in model.named().items()}
    for layer in range(LAYERS):
        found |= {f"states64/{layer}/0/{name}": state[layer] for name, state in zip("hc", states)}
    return found


random = generator("recurrent-training")
model = Model()
with torch.no_grad():
    for parameter in model.trained():
        parameter.copy_(normal(random, *parameter.shape, scale=0.6).float())
ids = torch.from_numpy(random.randint(0, SYMBOLS, size=(STREAMS, SEGMENTS * STEPS + 1)))
# Something to learn: every second symbol follows from the one before.
ids[:, 1::2] = (ids[:, 0:-1:2] * 2 + 1) % SYMBOLS
tensors = {"ids": ids} | {f"initial/{name}": value for name, value in model.named().items()}
initial = {name: value.clone() for name, value in model.state_dict().items()}
for name, makeOptimizer in [
    ("sgd", lambda parameters: torch.optim.SGD(parameters, lr=1.0, foreach=False)),
    ("adam", lambda parameters: torch.optim.Adam(parameters, lr=0.02, foreach=False)),
]:
    tensors |= {f"{name}/{key}": value for key, value in train(initial, ids, makeOptimizer).items()}
save(__file__, tensors)
