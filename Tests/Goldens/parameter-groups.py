"""Makes Tests/Goldens/parameter-groups.safetensors: ten steps of AdamW with parameter groups, by PyTorch.

Run from the repository root:  python3 Tests/Goldens/parameter-groups.py

Everything is float64. Parameters of a model of three levels: `embedding` [6, 3] (level 0), `map` [4, 3], `bias` [4] and
`scale` [4] of a block (level 1), `head` [2, 4] (level 2), and `frozen` [4, 3], which is in no group. `initial/<name>` are the
numbers they begin with, `gradients/<name>` [10, …] the gradients; rows 0, 2 and 5 of the embedding never have one.
`after/<name>` [10, …] are the numbers after every step.

Learning rate 0.02 times 0.5 to the power of 2 - level; weight decay 0.1 of matrices and tables, none of vectors; betas 0.9,
0.999. The rate is also multiplied by a linear warm-up over a tenth of the steps (one step) and a linear decay over the other
nine: 1, 1, 8/9, …, 1/9.
"""

import torch

from goldenfile import generator, normal, save

STEPS, RATE, DECAY, SHARE = 10, 0.02, 0.1, 0.5
LEVELS = {"embedding": 0, "map": 1, "bias": 1, "scale": 1, "head": 2}
SHAPES = {"embedding": (6, 3), "map": (4, 3), "bias": (4,), "scale": (4,), "head": (2, 4), "frozen": (4, 3)}

random = generator("parameter-groups")
initial = {name: normal(random, *shape) for name, shape in SHAPES.items()}
gradients = {name: normal(random, STEPS, *shape) for name, shape in SHAPES.items()}
gradients["embedding"][:, [0, 2, 5]] = 0

weights = {name: torch.nn.Parameter(value.clone()) for name, value in initial.items()}
groups = [
    {
        "params": [weights[name]], "lr": RATE * SHARE ** (2 - level),
        "weight_decay": DECAY if weights[name].dim() > 1 else 0.0,
    }
    for name, level in LEVELS.items()
]
optimizer = torch.optim.AdamW(groups, lr=RATE, foreach=False)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 if step < 1 else 1 - (step - 1) / (STEPS - 1))

after = {name: [] for name in SHAPES}
for step in range(STEPS):
    for name in LEVELS:
        weights[name].grad = gradients[name][step].clone()
    optimizer.step()
    schedule.step()
    for name in SHAPES:
        after[name].append(weights[name].detach().clone())

tensors = {}
for name in SHAPES:
    tensors[f"initial/{name}"] = initial[name]
    tensors[f"gradients/{name}"] = gradients[name]
    tensors[f"after/{name}"] = torch.stack(after[name])
save(__file__, tensors)
