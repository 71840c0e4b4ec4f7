"""Makes Tests/Goldens/foreign.json: what checkpoints of other programs give, by NumPy from the equations.

Run from the repository root:  ENSUE_DATA=… python3 Tests/Goldens/foreign.py

`llama2c`: stories260K of llama2.c (Karpathy 2023). `greedy`: the 200 ids after the beginning of a text, each the
likeliest; `text`: what llama2.c prints for them; `encodings`: texts and their ids by llama2.c's greedy merging.
`sorting`: gpt-nano-sort of llm-viz. All 729 rows of six symbols, three symbols sorted after them one by one, each the
likeliest: `right` of them are sorted; `wrong`: those that are not, and what was written.
`wordLSTM`: the word LSTM of "Deep Learning from Scratch 2" (Saito 2018), chapter 6, on the first 2,000 words of the
Penn Treebank's test text as one stream: `perplexity` of the 1,999 words after the first, and on the whole text in ten
streams as in the book: `bookPerplexity`.
"""

import base64
import itertools
import json
import math
import os
import struct
from pathlib import Path

import numpy
from safetensors.numpy import load_file

DATA = Path(os.environ.get("ENSUE_DATA", "../shared/data"))


def softmax(x):
    e = numpy.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# llama2.c.

def llama_weights(path):
    content = path.read_bytes()
    dim, hidden, layers, heads, key_heads, vocabulary, length = struct.unpack("<7i", content[:28])
    numbers = numpy.frombuffer(content[28:], "<f4").astype(numpy.float64)
    place = 0

    def take(*shape):
        nonlocal place
        count = math.prod(shape)
        place += count
        return numbers[place - count:place].reshape(shape)

    size = dim // heads
    w = {"embedding": take(vocabulary, dim), "norm1": take(layers, dim), "q": take(layers, dim, dim)}
    w |= {"k": take(layers, key_heads * size, dim), "v": take(layers, key_heads * size, dim)}
    w |= {"o": take(layers, dim, dim), "norm2": take(layers, dim), "w1": take(layers, hidden, dim)}
    w |= {"w2": take(layers, dim, hidden), "w3": take(layers, hidden, dim), "norm": take(dim)}
    return w, (layers, heads, key_heads, size)


def rms(x, scale):
    return scale * x / numpy.sqrt((x * x).mean() + 1e-5)


def turned(x, place):
    size = x.shape[-1]
    angle = place * 10000.0 ** (-numpy.arange(0, size, 2) / size)
    pairs = (x[..., 0::2] + 1j * x[..., 1::2]) * numpy.exp(1j * angle)
    result = numpy.empty_like(x)
    result[..., 0::2], result[..., 1::2] = pairs.real, pairs.imag
    return result


def llama_greedy(w, sizes, count):
    layers, heads, key_heads, size = sizes
    keys, values = [[] for _ in range(layers)], [[] for _ in range(layers)]
    ids, token = [], 1
    for place in range(count):
        x = w["embedding"][token]
        for layer in range(layers):
            h = rms(x, w["norm1"][layer])
            q = turned((w["q"][layer] @ h).reshape(heads, size), place)
            keys[layer].append(turned((w["k"][layer] @ h).reshape(key_heads, size), place))
            values[layer].append((w["v"][layer] @ h).reshape(key_heads, size))
            k, v = numpy.stack(keys[layer]), numpy.stack(values[layer])
            read = []
            for head in range(heads):
                group = head * key_heads // heads
                read.append(softmax(k[:, group] @ q[head] / math.sqrt(size)) @ v[:, group])
            x = x + w["o"][layer] @ numpy.concatenate(read)
            h = rms(x, w["norm2"][layer])
            gate = w["w1"][layer] @ h
            x = x + w["w2"][layer] @ (gate / (1 + numpy.exp(-gate)) * (w["w3"][layer] @ h))
        token = int(numpy.argmax(w["embedding"] @ rms(x, w["norm"])))
        ids.append(token)
    return ids


def llama_pieces(path, count):
    content, place, pieces = path.read_bytes(), 4, []
    for _ in range(count):
        score, length = struct.unpack("<fi", content[place:place + 8])
        pieces.append((content[place + 8:place + 8 + length], score))
        place += 8 + length
    return pieces


def llama_encode(text, pieces):
    index = {piece: number for number, (piece, _) in enumerate(pieces)}
    ids = [index[b" "]] if text else []
    for character in text:
        encoded = character.encode()
        ids += [index[encoded]] if encoded in index else [byte + 3 for byte in encoded]
    while True:
        best = None
        for place in range(len(ids) - 1):
            joined = index.get(pieces[ids[place]][0] + pieces[ids[place + 1]][0])
            if joined is not None and (best is None or pieces[joined][1] > best[0]):
                best = (pieces[joined][1], place, joined)
        if best is None:
            return ids
        ids[best[1]:best[1] + 2] = [best[2]]


def llama_decode(ids, pieces):
    text, previous = b"", 1
    for token in ids:
        piece = pieces[token][0]
        if previous == 1 and piece.startswith(b" "):
            piece = piece[1:]
        if piece.startswith(b"<0x"):
            piece = bytes([int(piece[3:5], 16)])
        text, previous = text + piece, token
    return text.decode()


TEXTS = [
    "", "Once upon a time", "  two  spaces", "Lily's mom said, \"Let's go!\"\nThey went.", "naïve café — 7 €",
    "日本語 und Straße", "aaaaaaaaaa", "<0x41> <s", "the thethe THE", "tab\there", "🙂 ok",
]


def llama2c():
    folder = DATA / "checkpoints/stories260K"
    w, sizes = llama_weights(folder / "stories260K.bin")
    pieces = llama_pieces(folder / "tok512.bin", len(w["embedding"]))
    ids = llama_greedy(w, sizes, 200)
    return {
        "greedy": ids, "text": llama_decode(ids, pieces),
        "encodings": [{"text": text, "ids": llama_encode(text, pieces)} for text in TEXTS]}


# minGPT.

def sorting():
    file = json.loads((DATA / "checkpoints/gpt-nano-sort/gpt-nano-sort-model.json").read_text())
    w = {}
    for name, value in file.items():
        if name != "config":
            numbers = numpy.frombuffer(base64.b64decode(value["data"]), "<f4").astype(numpy.float64)
            w[name] = numbers.reshape(value["shape"])
    layers, heads = file["config"]["n_layer"], file["config"]["n_head"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        deviation = numpy.sqrt((centred ** 2).mean(-1, keepdims=True) + 1e-5)
        return w[name + ".weight"] * centred / deviation + w[name + ".bias"]

    def linear(x, name):
        return x @ w[name + ".weight"].T + w[name + ".bias"]

    def logits(ids):
        batch, steps = ids.shape
        x = w["transformer.wte.weight"][ids] + w["transformer.wpe.weight"][:steps]
        for layer in range(layers):
            prefix = f"transformer.h.{layer}."
            q, k, v = numpy.split(linear(norm(x, prefix + "ln_1"), prefix + "attn.c_attn"), 3, axis=-1)
            split = lambda y: y.reshape(batch, steps, heads, -1).transpose(0, 2, 1, 3)
            q, k, v = split(q), split(k), split(v)
            scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(q.shape[-1])
            scores = numpy.where(numpy.tril(numpy.ones((steps, steps))) == 1, scores, -numpy.inf)
            read = (softmax(scores) @ v).transpose(0, 2, 1, 3).reshape(batch, steps, -1)
            x = x + linear(read, prefix + "attn.c_proj")
            h = linear(norm(x, prefix + "ln_2"), prefix + "mlp.c_fc")
            h = 0.5 * h * (1 + numpy.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h ** 3)))
            x = x + linear(h, prefix + "mlp.c_proj")
        return norm(x, "transformer.ln_f") @ w["lm_head.weight"].T

    rows = numpy.array(list(itertools.product(range(3), repeat=6)))
    ids = rows
    for _ in range(6):
        ids = numpy.concatenate([ids, logits(ids)[:, -1].argmax(-1)[:, None]], axis=1)
    found = ids[:, 6:]
    right = (found == numpy.sort(rows, axis=1)).all(axis=1)
    wrong = [{"row": rows[i].tolist(), "found": found[i].tolist()} for i in numpy.flatnonzero(~right)]
    return {"right": int(right.sum()), "wrong": wrong}


# The word LSTM.

def word_lstm():
    folder = DATA / "checkpoints/dlfs2"
    file = load_file(folder / "ptb-rnnlm-lstm100.safetensors")
    w = {name: value.astype(numpy.float64) for name, value in file.items()}
    words = (folder / "ptb-vocab-by-id.txt").read_text().split("\n")
    index = {word: number for number, word in enumerate(words) if word}
    text = (DATA / "ptb/ptb.test.txt").read_text().replace("\n", "<eos>").split()
    ids = numpy.array([index[word] for word in text])
    sigmoid = lambda x: 1 / (1 + numpy.exp(-x))

    def loss(inputs, targets):
        """Summed over [streams, steps]."""
        h = c = numpy.zeros((len(inputs), w["lstm.Wh"].shape[0]))
        total = 0.0
        for step in range(inputs.shape[1]):
            a = w["embed.W"][inputs[:, step]] @ w["lstm.Wx"] + h @ w["lstm.Wh"] + w["lstm.b"]
            f, g, i, o = numpy.split(a, 4, axis=1)
            c = sigmoid(f) * c + numpy.tanh(g) * sigmoid(i)
            h = sigmoid(o) * numpy.tanh(c)
            scores = h @ w["affine.W"] + w["affine.b"]
            top = scores.max(1, keepdims=True)
            logs = numpy.log(numpy.exp(scores - top).sum(1)) + top[:, 0]
            total += (logs - scores[numpy.arange(len(inputs)), targets[:, step]]).sum()
        return total

    first = ids[None, :2000]
    perplexity = math.exp(loss(first[:, :-1], first[:, 1:]) / 1999)
    # As in the book: ten streams, each begun at a tenth of the text, segments of 35 words.
    jump = (len(ids) - 1) // 10
    steps = (len(ids) - 1) // 350 * 35
    starts = [stream * jump for stream in range(10)]
    inputs = numpy.stack([ids[numpy.arange(start, start + steps) % (len(ids) - 1)] for start in starts])
    targets = numpy.stack([ids[1:][numpy.arange(start, start + steps) % (len(ids) - 1)] for start in starts])
    book = math.exp(loss(inputs, targets) / (10 * steps))
    return {"words": 2000, "perplexity": perplexity, "bookPerplexity": book}


if __name__ == "__main__":
    result = {"llama2c": llama2c(), "sorting": sorting(), "wordLSTM": word_lstm()}
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    print(path.name, result["llama2c"]["text"][:200], result["sorting"], result["wordLSTM"])
