"""Makes Tests/Goldens/formula-cells.safetensors and .json: the recurrent cells of the literature, in float64.

Run from the repository root:  python3 Tests/Goldens/formula-cells.py

Every cell is written here by hand as one step in PyTorch, from its paper; no text of a formula is read. Where PyTorch
has the cell (RNN, LSTM, GRU), its own layer must give the same numbers and gradients, or the script stops. Four cases
are rewrites of a cell: layer normalisation, leaky integration, zoneout in use, and recurrent dropout, whose mask is here a state k that stays as it is.

Sequences have the lengths `lengths` = [6, 4, 4, 2, 1] (int64) and are packed time-major as by
torch.nn.utils.rnn.pack_padded_sequence (17 rows); hidden size H = 3, input size I = 5, or I = 3 in the cases whose name
ends in `-equal-sizes` (there a bare x needs no map `W_x`). Tensors that all cases share, and those of a case for
both directions:

    input/<I>               [17, I]: input/5
    lossWeight/<state>      [17, H], by the state's name: lossWeight/c
    <case>/<parameter>      W_* [H, I], U_* [H, H], p_* and b_* [H], by the formula's names: lstm/W_i
    <case>/initial/<state>  [5, H], longest sequence first: lstm/initial/c

and for each direction, `forward` or `reverse` (each sequence from its own true end to its start; states lie at the rows
of the inputs they belong to, and the final state is the one after the first step's row):

    <case>/<direction>/state/<state>             [17, H], after every step
    <case>/<direction>/final/<state>             [5, H]
    <case>/<direction>/loss                      [], Σ over states of mean(lossWeight ⊙ state²)
    <case>/<direction>/gradient/input            the loss's gradients, shaped as what they are of
    <case>/<direction>/gradient/<parameter>
    <case>/<direction>/gradient/initial/<state>

The JSON lists the cases in order: `name`, `kind`, `rewrite` where there is one, with its number in `options`, `options`
of the kind (absent ones at their defaults), `inputSize`,
`states` in order, `output` (a state), `parameters` in order of first appearance in the formula (W_x, which no formula
names, last) and `firstValues` of the parameters that do not start at zero.
"""

import json
from pathlib import Path

import torch
from torch.nn.utils.rnn import PackedSequence

from goldenfile import generator, normal, save

INPUT_SIZE, HIDDEN_SIZE = 5, 3
LENGTHS = [6, 4, 4, 2, 1]
BATCH_SIZES = [sum(1 for length in LENGTHS if length > step) for step in range(LENGTHS[0])]
CASES = []

σ, tanh, relu, softplus = torch.sigmoid, torch.tanh, torch.relu, torch.nn.functional.softplus


def identity(v):
    return v


def norm(v):
    return (v - v.mean(1, keepdim=True)) / (v.var(1, unbiased=False, keepdim=True) + 1e-5).sqrt()


class Parameters(dict):
    """The parameters of a case: p("W_i", x) is x through a map, p["b_i"] a vector."""

    def __call__(self, name, value):
        return value @ self[name].T

    def gate(self, name, x, h):
        """W x + U h + b."""
        return self("W_" + name, x) + self("U_" + name, h) + self["b_" + name]

    def bare(self, x):
        return self("W_x", x) if "W_x" in self else x


def case(
        name, states, parameters, *, output="h", inputSize=INPUT_SIZE, kind=None, options=None, rewrite=None, **firstValues):
    """Adds the decorated step (parameters, x, states) -> new states to the cases."""

    def add(step):
        information = dict(name=name, kind=kind or name, options=options or {}, inputSize=inputSize, states=states.split())
        information |= dict(output=output, parameters=parameters.split(), firstValues=firstValues)
        if rewrite:
            information["rewrite"] = rewrite
        CASES.append((information, step))
        return step

    return add


# Simple recurrent networks.


def elman(φ):
    return lambda p, x, s: dict(h=φ(p.gate("h", x, s["h"])))


case("rnn", "h", "W_h U_h b_h")(elman(tanh))
case("rnn-relu", "h", "W_h U_h b_h")(elman(relu))
for φ in [identity, σ, softplus]:
    name = "sigmoid" if φ is σ else φ.__name__
    case("rnn-" + name, "h", "W_h U_h b_h", kind="rnn", options=dict(activation=name))(elman(φ))


def jordan(φ, g):
    def step(p, x, s):
        h = φ(p.gate("h", x, s["o"]))
        return dict(o=g(p("U_o", h) + p["b_o"]))

    return step


JORDAN = dict(states="o", parameters="W_h U_h b_h U_o b_o", output="o")
case("output-feedback", **JORDAN)(jordan(tanh, tanh))
for g in [identity, σ]:
    name = "sigmoid" if g is σ else g.__name__
    case("output-feedback-" + name, **JORDAN, kind="output-feedback", options=dict(outputActivation=name))(
        jordan(tanh, g))


@case("rnn-leaky", "h", "p_a W_h U_h b_h")
def leaky(p, x, s):
    leak = σ(p["p_a"])
    return dict(h=s["h"] + leak * (tanh(p.gate("h", x, s["h"])) - s["h"]))


@case("rnn-leaky-fixed", "h", "W_h U_h b_h", kind="rnn-leaky", options=dict(leak=0.25))
def fixedLeak(p, x, s):
    return dict(h=0.75 * s["h"] + 0.25 * tanh(p.gate("h", x, s["h"])))


@case("rnn-layer-norm", "h", "p_h W_h U_h b_h", p_h=1)
def layerNormRNN(p, x, s):
    return dict(h=tanh(p["p_h"] * norm(p("W_h", x) + p("U_h", s["h"])) + p["b_h"]))


# Long short-term memory.


@case("lstm-np", "h c", "W_i U_i b_i W_f U_f b_f W_g U_g b_g W_o U_o b_o", b_f=1)
@case("lstm", "h c", "W_i U_i b_i W_f U_f b_f W_g U_g b_g W_o U_o b_o", b_f=1)
def lstm(p, x, s):
    i, f, o = (σ(p.gate(gate, x, s["h"])) for gate in "ifo")
    c = f * s["c"] + i * tanh(p.gate("g", x, s["h"]))
    return dict(h=o * tanh(c), c=c)


@case("lstm-1997", "h c", "W_i U_i b_i W_g U_g b_g W_o U_o b_o")
def originalLSTM(p, x, s):
    c = s["c"] + σ(p.gate("i", x, s["h"])) * tanh(p.gate("g", x, s["h"]))
    return dict(h=σ(p.gate("o", x, s["h"])) * tanh(c), c=c)


def vanilla(i=None, f=None, o=None, φ=tanh, ψ=tanh, coupled=False, sees=True):
    """The peephole LSTM of Greff et al.; a gate that is given takes the place of the computed one."""

    def step(p, x, s):
        h, c = s["h"], s["c"]

        def gate(name, cell):
            return σ(p.gate(name, x, h) + (p["p_" + name] * cell if sees else 0))

        entry = gate("i", c) if i is None else i
        keep = (1 - entry if coupled else gate("f", c)) if f is None else f
        new = φ(p.gate("g", x, h)) * entry + c * keep
        return dict(h=ψ(new) * (gate("o", new) if o is None else o), c=new)

    return step


I, F, G, O = "W_i U_i p_i b_i ", "W_f U_f p_f b_f ", "W_g U_g b_g ", "W_o U_o p_o b_o"
case("lstm-peephole", "h c", I + F + G + O, b_f=1)(vanilla())
case("lstm-nig", "h c", F + G + O, b_f=1)(vanilla(i=1))
case("lstm-nfg", "h c", I + G + O)(vanilla(f=1))
case("lstm-nog", "h c", I + F + G, b_f=1)(vanilla(o=1))
case("lstm-niaf", "h c", I + F + G + O, b_f=1)(vanilla(φ=identity))
case("lstm-noaf", "h c", I + F + G + O, b_f=1)(vanilla(ψ=identity))
case("lstm-cifg", "h c", I + G + O, b_i=-1)(vanilla(coupled=True))
case(
    "lstm-cifg-no-peepholes", "h c", (I + G + O).replace(" p_i", "").replace(" p_o", ""), b_i=-1, kind="lstm-cifg",
    options=dict(peepholes=False))(vanilla(coupled=True, sees=False))


@case(
    "lstm-fgr", "h c i f o",
    "W_i U_i p_i b_i U_ii U_fi U_oi W_f U_f p_f b_f U_if U_ff U_of W_g U_g b_g W_o U_o p_o b_o U_io U_fo U_oo", b_f=1)
def fullGateRecurrence(p, x, s):
    def gate(to, cell):
        fromGates = sum(p(f"U_{gate}{to}", s[gate]) for gate in "ifo")
        return σ(p.gate(to, x, s["h"]) + p["p_" + to] * cell + fromGates)

    i, f = gate("i", s["c"]), gate("f", s["c"])
    c = tanh(p.gate("g", x, s["h"])) * i + s["c"] * f
    o = gate("o", c)
    return dict(h=tanh(c) * o, c=c, i=i, f=f, o=o)


@case(
    "lstm-layer-norm", "h c",
    " ".join(f"p_W{gate} W_{gate} p_U{gate} U_{gate} b_{gate}" for gate in "ifgo") + " p_c b_c",
    **{f"p_{side}{gate}": 1 for gate in "ifgo" for side in "WU"}, b_f=1, p_c=1)
def layerNormLSTM(p, x, s):
    def gate(name):
        fromInput, fromState = norm(p("W_" + name, x)), norm(p("U_" + name, s["h"]))
        return p["p_W" + name] * fromInput + p["p_U" + name] * fromState + p["b_" + name]

    c = σ(gate("f")) * s["c"] + σ(gate("i")) * tanh(gate("g"))
    return dict(h=σ(gate("o")) * tanh(p["p_c"] * norm(c) + p["b_c"]), c=c)


# Gated recurrent units and their relatives.


@case("gru", "h", "W_r U_r b_r W_z U_z b_z W_h U_h b_h")
def gru(p, x, s):
    h = s["h"]
    r, z = σ(p.gate("r", x, h)), σ(p.gate("z", x, h))
    return dict(h=z * h + (1 - z) * tanh(p.gate("h", x, r * h)))


@case("gru-reset-after", "h", "W_r U_r b_r W_z U_z b_z W_h b_h U_h b_u")
def gruResetAfter(p, x, s):
    h = s["h"]
    r, z = σ(p.gate("r", x, h)), σ(p.gate("z", x, h))
    candidate = tanh(p("W_h", x) + p["b_h"] + r * (p("U_h", h) + p["b_u"]))
    return dict(h=z * h + (1 - z) * candidate)


@case(
    "gru-layer-norm", "h",
    "p_Wr W_r p_Ur U_r b_r p_Wz W_z p_Uz U_z b_z p_Wh W_h b_h p_Uh U_h b_u",
    **{f"p_{side}{gate}": 1 for gate in "rzh" for side in "WU"})
def layerNormGRU(p, x, s):
    h = s["h"]

    def gate(name):
        return σ(p["p_W" + name] * norm(p("W_" + name, x)) + p["p_U" + name] * norm(p("U_" + name, h)) + p["b_" + name])

    r, z = gate("r"), gate("z")
    fromState = p["p_Uh"] * norm(p("U_h", h)) + p["b_u"]
    candidate = tanh(p["p_Wh"] * norm(p("W_h", x)) + p["b_h"] + r * fromState)
    return dict(h=(1 - z) * h + z * candidate)


def mut1(p, x, s):
    h = s["h"]
    z = σ(p("W_z", x) + p["b_z"])
    r = σ(p.gate("r", x, h))
    return dict(h=tanh(p("U_h", r * h) + tanh(p.bare(x)) + p["b_h"]) * z + h * (1 - z))


def mut2(p, x, s):
    h = s["h"]
    z = σ(p.gate("z", x, h))
    r = σ(p.bare(x) + p("U_r", h) + p["b_r"])
    return dict(h=tanh(p.gate("h", x, r * h)) * z + h * (1 - z))


def mut3(p, x, s):
    h = s["h"]
    z = σ(p.gate("z", x, tanh(h)))
    r = σ(p.gate("r", x, h))
    return dict(h=tanh(p.gate("h", x, r * h)) * z + h * (1 - z))


for name, step, parameters in [
    ("mut1", mut1, "W_z b_z W_r U_r b_r U_h b_h"),
    ("mut2", mut2, "W_z U_z b_z U_r b_r U_h W_h b_h"),
]:
    case(name, "h", parameters + " W_x")(step)
    case(name + "-equal-sizes", "h", parameters, inputSize=HIDDEN_SIZE, kind=name)(step)
case("mut3", "h", "W_z U_z b_z W_r U_r b_r U_h W_h b_h")(mut3)


# Rewrites of the LSTM, and of the GRU.


def rewritten(kind, rewrite, states, parameters, **further):
    return case(f"{kind}-{rewrite}", states, parameters, kind=kind, rewrite=rewrite, **further)


@rewritten(
    "lstm", "layer-normalised", "h c",
    " ".join(f"p_norm_{gate} W_{gate} U_{gate} b_{gate}" for gate in "ifgo"),
    **{f"p_norm_{gate}": 1 for gate in "ifgo"}, b_f=1)
def layerNormalisedLSTM(p, x, s):
    def gate(name):
        return p["p_norm_" + name] * norm(p("W_" + name, x) + p("U_" + name, s["h"])) + p["b_" + name]

    c = σ(gate("f")) * s["c"] + σ(gate("i")) * tanh(gate("g"))
    return dict(h=σ(gate("o")) * tanh(c), c=c)


@rewritten("gru", "leaky", "h", "W_r U_r b_r W_z U_z b_z W_h U_h b_h", options=dict(share=0.3))
def leakyGRU(p, x, s):
    return dict(h=s["h"] + 0.3 * (gru(p, x, s)["h"] - s["h"]))


@rewritten(
    "lstm", "zoned-out", "h c", "W_i U_i b_i W_f U_f b_f W_g U_g b_g W_o U_o b_o", options=dict(share=0.2), b_f=1)
def zonedOutLSTM(p, x, s):
    # h is made of the cell as it was before zoneout kept a part of the old one.
    new = lstm(p, x, s)
    return {state: 0.2 * s[state] + 0.8 * new[state] for state in "hc"}


@rewritten("gru", "dropped-out", "h k", "W_r U_r b_r W_z U_z b_z W_h U_h b_h")
def droppedOutGRU(p, x, s):
    dropped = s["k"] * s["h"]
    r, z = σ(p.gate("r", x, dropped)), σ(p.gate("z", x, dropped))
    return dict(h=z * s["h"] + (1 - z) * tanh(p.gate("h", x, r * dropped)), k=s["k"])


# Running them.


def run(step, parameters, rows, initial, reverse):
    """All states at every row and the final ones, both by state name."""
    steps = list(torch.split(rows, BATCH_SIZES))
    states, after = dict(initial), [None] * len(steps)
    for t in reversed(range(len(steps))) if reverse else range(len(steps)):
        active = BATCH_SIZES[t]
        after[t] = step(parameters, steps[t], {name: state[:active] for name, state in states.items()})
        states = {name: torch.cat([after[t][name], states[name][active:]]) for name in states}
    return {name: torch.cat([new[name] for new in after]) for name in states}, states


# PyTorch's layers: kind, gates in its order, and the bias that it keeps apart (name, gate).
PYTORCH = {
    "rnn": ("RNN", "h", None), "rnn-relu": ("RNN", "h", None), "lstm": ("LSTM", "ifgo", None),
    "gru-reset-after": ("GRU", "rzh", "b_u")}


def runPyTorch(name, parameters, rows, initial, reverse):
    """The same as run, by PyTorch's layer (whose second direction is used for `reverse`): output and final states."""
    kind, gates, apart = PYTORCH[name]
    options = dict(nonlinearity="relu" if name == "rnn-relu" else "tanh") if kind == "RNN" else {}
    layer = getattr(torch.nn, kind)(INPUT_SIZE, HIDDEN_SIZE, bidirectional=reverse, **options).double()
    weights = [torch.cat([parameters[f"{letter}_{gate}"] for gate in gates]) for letter in "WUb"]
    zeros = torch.zeros_like(weights[2])
    weights.append(torch.cat([zeros[: 2 * HIDDEN_SIZE], parameters[apart]]) if apart else zeros)
    suffix = "_l0_reverse" if reverse else "_l0"
    values = {key + suffix: value for key, value in zip(["weight_ih", "weight_hh", "bias_ih", "bias_hh"], weights)}
    start = [torch.stack([state, state] if reverse else [state]) for state in initial.values()]
    packed = PackedSequence(rows, torch.tensor(BATCH_SIZES))
    output, final = torch.func.functional_call(layer, values, (packed, tuple(start) if kind == "LSTM" else start[0]))
    final = final if kind == "LSTM" else [final]
    return output.data[:, -HIDDEN_SIZE:], [state[-1] for state in final]


def checkAgainstPyTorch(name, parameters, rows, initial, reverse, states, final):
    """Values and gradients of a fixed sum of them must agree."""
    leaves = [rows, *parameters.values(), *initial.values()]
    random = generator(name + "/check")
    weights = [normal(random, *tensor.shape) for tensor in [states["h"], *final.values()]]

    def gradients(tensors):
        total = sum((tensor * weight).sum() for tensor, weight in zip(tensors, weights))
        return torch.autograd.grad(total, leaves, retain_graph=True)

    ours = [states["h"], *final.values()]
    output, last = runPyTorch(name, parameters, rows, initial, reverse)
    theirs = [output, *last]
    for a, b in zip([*ours, *gradients(ours)], [*theirs, *gradients(theirs)], strict=True):
        torch.testing.assert_close(a, b, rtol=1e-13, atol=1e-13)


def shape(parameter, inputSize):
    return {"W": (HIDDEN_SIZE, inputSize), "U": (HIDDEN_SIZE, HIDDEN_SIZE)}.get(parameter[0], (HIDDEN_SIZE,))


def shared(name, width):
    """A tensor [rows, width] that all cases share."""
    return normal(generator("formula/" + name), sum(LENGTHS), width)


def goldens(information, step):
    """The tensors of a case, named as the head of this file says, without the case's name."""
    name, stateNames = information["name"], information["states"]
    random = generator("formula/" + name)
    inputSize = information["inputSize"]
    rows = shared(f"input/{inputSize}", inputSize).requires_grad_()
    parameters = Parameters(
        (key, normal(random, *shape(key, inputSize), scale=0.6).requires_grad_())
        for key in information["parameters"])
    initial = {key: normal(random, len(LENGTHS), HIDDEN_SIZE, scale=0.5).requires_grad_() for key in stateNames}
    weights = {key: shared("lossWeight/" + key, HIDDEN_SIZE) for key in stateNames}

    found = {**parameters, **{"initial/" + key: value for key, value in initial.items()}}
    leaves = {"input": rows, **found}
    for direction in ["forward", "reverse"]:
        states, final = run(step, parameters, rows, initial, direction == "reverse")
        if name in PYTORCH:
            checkAgainstPyTorch(name, parameters, rows, initial, direction == "reverse", states, final)
        loss = sum((weights[key] * states[key].square()).mean() for key in stateNames)
        # Strict: a parameter that takes no part is a mistake of this script.
        gradients = torch.autograd.grad(loss, list(leaves.values()))
        results = {"loss": loss}
        results |= {"state/" + key: value for key, value in states.items()}
        results |= {"final/" + key: value for key, value in final.items()}
        results |= {"gradient/" + key: value for key, value in zip(leaves, gradients, strict=True)}
        found |= {f"{direction}/{key}": value for key, value in results.items()}
    return found


def main():
    probe = normal(generator("norm"), 4, HIDDEN_SIZE)
    torch.testing.assert_close(norm(probe), torch.nn.functional.layer_norm(probe, [HIDDEN_SIZE]), rtol=1e-14, atol=1e-14)
    tensors = {"lengths": torch.tensor(LENGTHS)}
    tensors |= {f"input/{size}": shared(f"input/{size}", size) for size in [INPUT_SIZE, HIDDEN_SIZE]}
    stateNames = sorted({state for information, _ in CASES for state in information["states"]})
    tensors |= {f"lossWeight/{state}": shared("lossWeight/" + state, HIDDEN_SIZE) for state in stateNames}
    for information, step in CASES:
        for key, value in goldens(information, step).items():
            tensors[f"{information['name']}/{key}"] = value
    names = [information["name"] for information, _ in CASES]
    assert len(set(names)) == len(names)
    save(__file__, tensors)
    lines = ",\n".join("  " + json.dumps(information) for information, _ in CASES)
    Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")


main()
