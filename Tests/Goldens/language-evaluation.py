"""Makes Tests/Goldens/language-evaluation.safetensors: the figures of language models on a text, by NumPy from the
equations, float64.

Run from the repository root:  python3 Tests/Goldens/language-evaluation.py

`ids` [60] of 7 symbols; `text`: the bytes of a text whose characters they are; `measures`: of the case
`recurrent/stream` perplexity, bits per symbol, perplexity per word, bits per character, bits per byte.
`recurrent/initial/<parameter>`: embedding [7, 4], one LSTM of 5, linear to 7; `transformer/initial/<parameter>`:
embedding [7, 8] tied to the output, learned positions [9, 8], 2 pre-norm layers (2 heads, 16 inside, GELU by tanh) with
a last norm; float32. For each `<model>/<case>`: `figures`, the mean loss, the share of symbols that were the likeliest,
how many were scored and how many left out; `positions`, the mean loss by place in a window, -1 where none was scored.

    stream, streams         from end to end with the states carried; four streams side by side, each without a past
    unknown                 the symbol 3 is read and not scored
    window-10, window-100   begun anew every so many symbols
    stride-3, stride-4, …   windows of 10 (recurrent) or 9 symbols that begin so many after the one before; a symbol is
                            scored by the first window that has it
    dynamic                 segments of 20 with carried states; each is scored, then θ = θ - 0.5 ∇(its mean loss)
    dynamic-window          the same with windows of 7, each without a past
    dynamic-unknown         the same as dynamic; the symbol 3 is neither scored nor learned
"""

import math
import zlib
from pathlib import Path

import numpy
from safetensors.numpy import save_file

SYMBOLS = " aé\nb猫c"
RATE, UNKNOWN = 0.5, 3
random = numpy.random.RandomState(zlib.crc32(b"language-evaluation"))


def normal(*shape, scale=0.6, mean=0.0):
    """Numbers that are the same in 32 bits."""
    return (mean + scale * random.standard_normal(shape)).astype(numpy.float32)


def doubles(weights):
    return {name: value.astype(numpy.float64) for name, value in weights.items()}


def logSoftmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - numpy.log(numpy.exp(x).sum(-1, keepdims=True))


# The LSTM.

def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def recurrentWeights():
    weights = {"embedding.weight": normal(7, 4), "output.weight": normal(7, 5), "output.bias": normal(7)}
    for gate in "ifgo":
        prefix = "encoder.layers.0.forward."
        for kind, shape in [("W", (5, 4)), ("U", (5, 5)), ("b", (5,))]:
            weights[f"{prefix}{kind}_{gate}"] = normal(*shape)
    return weights


def cell(w, kind, gate):
    return w[f"encoder.layers.0.forward.{kind}_{gate}"]


def readRecurrent(w, inputs, state):
    """Scores of the symbol after each, the state after the last, and what the way back needs."""
    (h, c), scores, steps = state, [], []
    for symbol in inputs:
        x, before = w["embedding.weight"][symbol], (h, c)
        a = {gate: cell(w, "W", gate) @ x + cell(w, "U", gate) @ h + cell(w, "b", gate) for gate in "ifgo"}
        y = {gate: numpy.tanh(a[gate]) if gate == "g" else sigmoid(a[gate]) for gate in "ifgo"}
        c = y["f"] * c + y["i"] * y["g"]
        h = y["o"] * numpy.tanh(c)
        steps.append((symbol, x, before, y, c, h))
        scores.append(w["output.weight"] @ h + w["output.bias"])
    return numpy.stack(scores), (h, c), steps


def gradients(w, steps, scores, targets, isScored):
    """Of the mean loss of a segment; nothing flows into the state before it."""
    result = {name: numpy.zeros_like(value) for name, value in w.items()}
    deltas = numpy.exp(logSoftmax(scores))
    deltas[numpy.arange(len(targets)), targets] -= 1
    deltas *= isScored[:, None] / isScored.sum()
    dh, dc = numpy.zeros(5), numpy.zeros(5)
    for (symbol, x, (h0, c0), y, c, h), delta in reversed(list(zip(steps, deltas))):
        result["output.weight"] += numpy.outer(delta, h)
        result["output.bias"] += delta
        dh = dh + w["output.weight"].T @ delta
        dc = dc + dh * y["o"] * (1 - numpy.tanh(c) ** 2)
        outer = {"i": dc * y["g"], "f": dc * c0, "g": dc * y["i"], "o": dh * numpy.tanh(c)}
        dh, dx, dc = numpy.zeros(5), numpy.zeros(4), dc * y["f"]
        for gate in "ifgo":
            inner = outer[gate] * (1 - y[gate] ** 2 if gate == "g" else y[gate] * (1 - y[gate]))
            result[f"encoder.layers.0.forward.W_{gate}"] += numpy.outer(inner, x)
            result[f"encoder.layers.0.forward.U_{gate}"] += numpy.outer(inner, h0)
            result[f"encoder.layers.0.forward.b_{gate}"] += inner
            dx += cell(w, "W", gate).T @ inner
            dh += cell(w, "U", gate).T @ inner
        result["embedding.weight"][symbol] += dx
    return result


def nothing():
    return numpy.zeros(5), numpy.zeros(5)


# The Transformer.

def transformerWeights():
    weights = {"embedding.weight": normal(7, 8), "positions.table": normal(9, 8)}
    for block in range(2):
        prefix = f"encoder.blocks.{block}."
        for part in ["query", "key", "value", "output"]:
            weights |= {f"{prefix}attention.{part}.weight": normal(8, 8), f"{prefix}attention.{part}.bias": normal(8)}
        weights |= {f"{prefix}feedForward.inner.weight": normal(16, 8), f"{prefix}feedForward.inner.bias": normal(16)}
        weights |= {f"{prefix}feedForward.outer.weight": normal(8, 16), f"{prefix}feedForward.outer.bias": normal(8)}
        for name in ["attentionNorm", "feedForwardNorm"]:
            weights |= {f"{prefix}{name}.scale": normal(8, mean=1), f"{prefix}{name}.shift": normal(8)}
    return weights | {"encoder.finalNorm.scale": normal(8, mean=1), "encoder.finalNorm.shift": normal(8)}


def readTransformer(w, inputs):
    """Scores of the symbol after each of a window's."""
    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        deviation = numpy.sqrt((centred ** 2).mean(-1, keepdims=True) + 1e-5)
        return w[f"{name}.scale"] * centred / deviation + w[f"{name}.shift"]

    def linear(x, name):
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    count = len(inputs)
    x = w["embedding.weight"][inputs] + w["positions.table"][:count]
    for block in range(2):
        prefix = f"encoder.blocks.{block}."
        y = norm(x, prefix + "attentionNorm")
        q, k, v = (
            linear(y, f"{prefix}attention.{part}").reshape(count, 2, 4).transpose(1, 0, 2)
            for part in ["query", "key", "value"])
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(4)
        scores = numpy.where(numpy.tril(numpy.ones((count, count))) == 1, scores, -numpy.inf)
        read = (numpy.exp(logSoftmax(scores)) @ v).transpose(1, 0, 2).reshape(count, 8)
        x = x + linear(read, prefix + "attention.output")
        y = linear(norm(x, prefix + "feedForwardNorm"), prefix + "feedForward.inner")
        y = 0.5 * y * (1 + numpy.tanh(math.sqrt(2 / math.pi) * (y + 0.044715 * y ** 3)))
        x = x + linear(y, prefix + "feedForward.outer")
    return norm(x, "encoder.finalNorm") @ w["embedding.weight"].T


# Figures.

class Figures:
    def __init__(self, unknown=None):
        self.unknown, self.losses, self.right, self.leftOut = unknown, [], 0, 0

    def take(self, scores, targets, first=0):
        """Of one symbol after another from the place `first` of a window on."""
        logs = logSoftmax(scores)
        for place in range(first, len(targets)):
            if targets[place] == self.unknown:
                self.leftOut += 1
            else:
                self.losses.append((place, -logs[place, targets[place]]))
                self.right += int(logs[place].argmax() == targets[place])

    @property
    def loss(self):
        return sum(loss for _, loss in self.losses) / len(self.losses)

    def tensors(self, windowLength):
        count = len(self.losses)
        found = {"figures": numpy.array([self.loss, self.right / count, count, self.leftOut], dtype=numpy.float64)}
        at = [[loss for there, loss in self.losses if there == place] for place in range(windowLength)]
        found["positions"] = numpy.array([sum(losses) / len(losses) if losses else -1 for losses in at])
        return found


def streams(w, ids, count, unknown=None):
    figures = Figures(unknown)
    # The first streams are longer by one where the targets do not divide.
    for part in numpy.array_split(numpy.arange(len(ids) - 1), count):
        figures.take(readRecurrent(w, ids[part], nothing())[0], ids[part + 1])
    return figures


def windows(read, ids, length, stride, unknown=None):
    figures, done, start = Figures(unknown), 1, 0
    while done < len(ids):
        end = min(start + length + 1, len(ids))
        figures.take(read(ids[start:end - 1]), ids[start + 1:end], done - start - 1)
        done, start = end, start + stride
    return figures


def dynamic(w, ids, length, carries, unknown=None):
    figures, state, w = Figures(unknown), nothing(), dict(w)
    for start in range(0, len(ids) - 1, length):
        end = min(start + length, len(ids) - 1)
        inputs, targets = ids[start:end], ids[start + 1:end + 1]
        scores, after, steps = readRecurrent(w, inputs, state)
        figures.take(scores, targets)
        found = gradients(w, steps, scores, targets, targets != (-1 if unknown is None else unknown))
        w = {name: value - RATE * found[name] for name, value in w.items()}
        # The state is the one that the weights before the step made.
        state = after if carries else nothing()
    return figures


def main():
    ids = random.randint(0, 7, size=60)
    # Not all alike: every third symbol is the one two before it.
    ids[2::3] = ids[0::3]
    recurrent, transformer = recurrentWeights(), transformerWeights()
    w, v = doubles(recurrent), doubles(transformer)
    alone = lambda inputs: readRecurrent(w, inputs, nothing())[0]
    window = lambda inputs: readTransformer(v, inputs)
    cases = {
        "recurrent/stream": (0, streams(w, ids, 1)),
        "recurrent/streams": (0, streams(w, ids, 4)),
        "recurrent/unknown": (0, streams(w, ids, 1, UNKNOWN)),
        "recurrent/window-10": (10, windows(alone, ids, 10, 10)),
        "recurrent/window-100": (100, windows(alone, ids, 100, 100)),
        "recurrent/stride-3": (10, windows(alone, ids, 10, 3)),
        "recurrent/dynamic": (0, dynamic(w, ids, 20, True)),
        "recurrent/dynamic-window": (7, dynamic(w, ids, 7, False)),
        "recurrent/dynamic-unknown": (0, dynamic(w, ids, 20, True, UNKNOWN)),
        "transformer/window-9": (9, windows(window, ids, 9, 9)),
        "transformer/stride-4": (9, windows(window, ids, 9, 4)),
        "transformer/stride-1": (9, windows(window, ids, 9, 1)),
        "transformer/unknown": (9, windows(window, ids, 9, 4, UNKNOWN)),
    }
    text = "".join(SYMBOLS[number] for number in ids)
    loss = cases["recurrent/stream"][1].loss
    bits = loss / math.log(2)
    measures = [
        math.exp(loss), bits, math.exp(loss * len(ids) / len(text.split())), bits * len(ids) / len(text),
        bits * len(ids) / len(text.encode())]
    tensors = {"ids": ids.astype(numpy.int64), "measures": numpy.array(measures)}
    tensors["text"] = numpy.array(list(text.encode()), dtype=numpy.int64)
    for prefix, weights in [("recurrent", recurrent), ("transformer", transformer)]:
        tensors |= {f"{prefix}/initial/{name}": value for name, value in weights.items()}
    for name, (length, figures) in cases.items():
        tensors |= {f"{name}/{key}": value for key, value in figures.tensors(length).items() if len(value) > 0}
        print(name, len(figures.losses), figures.loss)
    path = Path(__file__).with_suffix(".safetensors")
    made = f"Tests/Goldens/{Path(__file__).name}, NumPy {numpy.__version__}"
    save_file({name: tensors[name] for name in sorted(tensors)}, path, metadata={"made": made})
    path.chmod(0o644)


if __name__ == "__main__":
    main()
