"""Makes Tests/Goldens/optimizers.safetensors: a hundred steps of every optimiser and two hundred of every schedule,
by PyTorch.

Run from the repository root:  python3 Tests/Goldens/optimizers.py

Everything is float64. `gradients` [100, 2, 4] are the gradients of all optimisers, `initial` [2, 4] the numbers they
begin with; from the 31st to the 60th step the gradients are a thousandth as large, and the first column has none after
the 20th step. `optimizer/<name>` [100, 2, 4] are the numbers after every step. Learning rate 0.05 unless said:

    sgd, sgd-decay                 torch.optim.SGD; weight decay 0.1
    momentum, momentum-decay       the same with momentum 0.9
    nesterov, nesterov-decay       the same with momentum 0.8, nesterov
    rmsprop, rmsprop-decay         torch.optim.RMSprop, alpha 0.95
    rmsprop-momentum               the same with momentum 0.9
    adagrad, adagrad-decay         torch.optim.Adagrad
    adam, adam-decay               torch.optim.Adam, betas 0.9, 0.999; weight decay 0.1 in the gradient
    adamw                          torch.optim.AdamW, weight decay 0.1
    radam, radam-decay             torch.optim.RAdam, betas 0.9, 0.999
    radam-short                    the same, betas 0.8, 0.99
    adam-cosine                    Adam with torch's CosineAnnealingLR over 90 steps to a tenth, after a linear warm-up of
                                   10 steps

`schedule/<name>` [200] are the factors of the learning rate at the steps 1 to 200:

    constant                       ConstantLR, factor 1
    cosine                         CosineAnnealingLR, T_max 150, eta_min 0.05, held after
    cosine-warm-up                 SequentialLR: LinearLR from 1/20 to 20/20, then CosineAnnealingLR over the other 180
    linear-decay                   LinearLR from 1 to 0.1 in 120 steps
    step                           StepLR, 40 steps, gamma 0.3
    epoch-decay                    MultiStepLR, gamma 0.5 after the 40th step and then after every tenth
    inverse-square-root            transformers.get_inverse_sqrt_schedule, 30 steps of warm-up
    linear-warm-up, exponential-warm-up, untuned-linear, untuned-exponential, noam
                                   the papers' formulas: w = 50, beta2 = 0.99, d = 64
    exponential-cosine, exponential-linear-decay, exponential-step, exponential-inverse-square-root,
    exponential-epoch-decay        1 - exp(-t / 25), 25 = w, times the decay by its formula: T = 150 and m = 0.05,
                                   T = 120 and m = 0.1, 40 steps and 0.3, w, and 10 steps an epoch, 4 held, 0.5
    untuned-exponential-cosine     the same with 1 - exp(-(1 - beta2) t), T = 150, m = 0.05
    linear-epoch-decay             min(1, t / 50), times the decay by epochs

`plateau/values` [200] are losses of epochs and `plateau/factors` [200] what ReduceLROnPlateau (factor 0.5, patience 2,
min_lr 0.1) makes of the learning rate 1 after each of them; `plateau/accuracies` and `plateau/accuracyFactors` the same
for numbers that should rise.
"""

import math

import torch
from torch.optim import lr_scheduler
from transformers import get_inverse_sqrt_schedule

from goldenfile import generator, normal, save

STEPS, RATE = 100, 0.05
tensors = {}

random = generator("optimizers")
initial = normal(random, 2, 4)
gradients = normal(random, STEPS, 2, 4)
gradients[30:60] *= 1e-3
gradients[20:, :, 0] = 0
tensors["initial"], tensors["gradients"] = initial, gradients


def optimizer(name, kind, schedule=None, **options):
    weight = torch.nn.Parameter(initial.clone())
    optimizer = kind([weight], lr=RATE, foreach=False, **options)
    scheduler = schedule(optimizer) if schedule else None
    values = []
    for gradient in gradients:
        weight.grad = gradient.clone()
        optimizer.step()
        if scheduler:
            scheduler.step()
        values.append(weight.detach().clone())
    tensors[f"optimizer/{name}"] = torch.stack(values)


def warmed(optimizer, warmUp, decay):
    """A linear warm-up whose first step has 1 / warmUp and whose last has all, then a decay."""
    first = lr_scheduler.LinearLR(optimizer, 1 / warmUp, 1, total_iters=warmUp - 1)
    return lr_scheduler.SequentialLR(optimizer, [first, decay(optimizer)], milestones=[warmUp])


sgd, adam = torch.optim.SGD, torch.optim.Adam
optimizer("sgd", sgd)
optimizer("sgd-decay", sgd, weight_decay=0.1)
optimizer("momentum", sgd, momentum=0.9)
optimizer("momentum-decay", sgd, momentum=0.9, weight_decay=0.1)
optimizer("nesterov", sgd, momentum=0.8, nesterov=True)
optimizer("nesterov-decay", sgd, momentum=0.8, nesterov=True, weight_decay=0.1)
optimizer("rmsprop", torch.optim.RMSprop, alpha=0.95, eps=1e-8)
optimizer("rmsprop-decay", torch.optim.RMSprop, alpha=0.95, eps=1e-8, weight_decay=0.1)
optimizer("rmsprop-momentum", torch.optim.RMSprop, alpha=0.95, eps=1e-8, momentum=0.9)
optimizer("adagrad", torch.optim.Adagrad, eps=1e-8)
optimizer("adagrad-decay", torch.optim.Adagrad, eps=1e-8, weight_decay=0.1)
optimizer("adam", adam)
optimizer("adam-decay", adam, weight_decay=0.1)
optimizer("adamw", torch.optim.AdamW, weight_decay=0.1)
optimizer("radam", torch.optim.RAdam)
optimizer("radam-decay", torch.optim.RAdam, weight_decay=0.1)
optimizer("radam-short", torch.optim.RAdam, betas=(0.8, 0.99))
optimizer(
    "adam-cosine", adam,
    lambda o: warmed(o, 10, lambda o: lr_scheduler.CosineAnnealingLR(o, 90, eta_min=RATE / 10)))


def factors(make, hold=None):
    """The learning rates of 200 steps, from 1 on; after `hold` steps the rate stays."""
    optimizer = sgd([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    values = []
    for step in range(200):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if hold is None or step < hold:
            scheduler.step()
    return torch.tensor(values, dtype=torch.float64)


def formula(body):
    return torch.tensor([body(t) for t in range(1, 201)], dtype=torch.float64)


def cosine(t):
    return 0.05 + 0.95 * (1 + math.cos(math.pi * min(t - 1, 150) / 150)) / 2


def epochs(t):
    return 0.5 ** max(0, (t - 1) // 10 - 3)


def rise(t):
    return 1 - math.exp(-t / 25)


tensors |= {
    "schedule/constant": factors(lambda o: lr_scheduler.ConstantLR(o, 1.0)),
    "schedule/epoch-decay": factors(lambda o: lr_scheduler.MultiStepLR(o, range(40, 200, 10), 0.5)),
    "schedule/exponential-cosine": formula(lambda t: rise(t) * cosine(t)),
    "schedule/exponential-linear-decay": formula(lambda t: rise(t) * (1 - 0.9 * min(t - 1, 120) / 120)),
    "schedule/exponential-step": formula(lambda t: rise(t) * 0.3 ** ((t - 1) // 40)),
    "schedule/exponential-inverse-square-root": formula(lambda t: rise(t) * math.sqrt(25 / max(t, 25))),
    "schedule/exponential-epoch-decay": formula(lambda t: rise(t) * epochs(t)),
    "schedule/untuned-exponential-cosine": formula(lambda t: (1 - math.exp(-(1 - 0.99) * t)) * cosine(t)),
    "schedule/linear-epoch-decay": formula(lambda t: min(1, t / 50) * epochs(t)),
    # Past its last step PyTorch's cosine rises again.
    "schedule/cosine": factors(lambda o: lr_scheduler.CosineAnnealingLR(o, 150, eta_min=0.05), hold=150),
    "schedule/cosine-warm-up": factors(
        lambda o: warmed(o, 20, lambda o: lr_scheduler.CosineAnnealingLR(o, 180))),
    "schedule/linear-decay": factors(lambda o: lr_scheduler.LinearLR(o, 1, 0.1, total_iters=120)),
    "schedule/step": factors(lambda o: lr_scheduler.StepLR(o, 40, 0.3)),
    "schedule/linear-warm-up": formula(lambda t: min(1, t / 50)),
    "schedule/exponential-warm-up": formula(lambda t: 1 - math.exp(-t / 50)),
    "schedule/untuned-linear": formula(lambda t: min(1, (1 - 0.99) * t / 2)),
    "schedule/untuned-exponential": formula(lambda t: 1 - math.exp(-(1 - 0.99) * t)),
    "schedule/noam": formula(lambda t: 64**-0.5 * min(t**-0.5, t * 50**-1.5)),
}
# Its count of steps begins with 0 before the first: one rate later is the first step's.
shifted = sgd([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
scheduler = get_inverse_sqrt_schedule(shifted, num_warmup_steps=30)
rates = []
for _ in range(200):
    shifted.step()
    scheduler.step()
    rates.append(shifted.param_groups[0]["lr"])
tensors["schedule/inverse-square-root"] = torch.tensor(rates, dtype=torch.float64)


def plateau(values, mode):
    optimizer = sgd([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, mode=mode, factor=0.5, patience=2, min_lr=0.1)
    rates = []
    for value in values:
        scheduler.step(float(value))
        rates.append(optimizer.param_groups[0]["lr"])
    return torch.tensor(rates, dtype=torch.float64)


random = generator("plateau")
losses = 2 / torch.arange(1, 201, dtype=torch.float64) + 0.1 * normal(random, 200).abs()
accuracies = 1 - losses / 4
tensors |= {
    "plateau/values": losses, "plateau/factors": plateau(losses, "min"),
    "plateau/accuracies": accuracies, "plateau/accuracyFactors": plateau(accuracies, "max"),
}
save(__file__, tensors)
