"""Makes Tests/Goldens/attentive-classifiers.safetensors: four small classifiers with attention and ten steps of each.

Run from the repository root:  python3 Tests/Goldens/attentive-classifiers.py

Written from the equations, one sequence after another, with PyTorch's derivatives and its Adam at 0.02. For each
`<name>`: `ids` [batch, longest] (0 past the end, and where one sentence or text ends and the next begins), `lengths`,
`targets`, `initial/<parameter>` in float32; computed in float64 from these numbers: `logits` [batch, 2],
`gradient/<parameter>` of the mean cross-entropy before the first step, `losses64` [10], `final64/<parameter>`. Names of
parameters are Ensue's. Word vectors of 4 features for 14 words.

    self-attention         learned positions, 2 pre-norm blocks of one head without output projection, 6 inside, ReLU;
                           the mean
    multi-head-attention   the same with 2 heads and an output projection
    hierarchical           GRUs of 3 in both directions and additive attention with a learned query, over the words of
                           each sentence, then over the sentences
    co-attention           one GRU of 3 in both directions over both texts, parallel co-attention; attended vector, mean
                           and maximum of either text: u, v, |u - v| and u v
"""

import torch
import torch.nn.functional as functional

from goldenfile import generator, normal, save

WORDS, FEATURES, HIDDEN, INNER, POSITIONS, STEPS = 14, 4, 3, 6, 9, 10


def linear(p, name, x):
    return functional.linear(x, p[name + ".weight"], p[name + ".bias"])


# Self-attention.

def attentiveNames(headCount):
    sizes = {"embedding.weight": (WORDS, FEATURES), "positions.table": (POSITIONS, FEATURES)}
    for block in ["blocks.0.", "blocks.1."]:
        maps = ["query", "key", "value"] + (["output"] if headCount > 1 else [])
        sizes |= {f"{block}attention.{name}.weight": (FEATURES, FEATURES) for name in maps}
        sizes |= {f"{block}attention.{name}.bias": (FEATURES,) for name in maps}
        for norm in ["attentionNorm", "feedForwardNorm"]:
            sizes |= {f"{block}{norm}.scale": (FEATURES,), f"{block}{norm}.shift": (FEATURES,)}
        sizes |= {block + "feedForward.inner.weight": (INNER, FEATURES), block + "feedForward.inner.bias": (INNER,)}
        sizes |= {block + "feedForward.outer.weight": (FEATURES, INNER), block + "feedForward.outer.bias": (FEATURES,)}
    return sizes | outputNames(FEATURES)


def attentive(headCount):
    def logits(p, ids):
        x = p["embedding.weight"][ids] + p["positions.table"][: len(ids)]
        for block in ["blocks.0.", "blocks.1."]:
            def norm(name):
                return functional.layer_norm(x, (FEATURES,), p[f"{block}{name}.scale"], p[f"{block}{name}.shift"])

            read = norm("attentionNorm")
            q, k, v = (linear(p, f"{block}attention.{name}", read) for name in ["query", "key", "value"])
            size = FEATURES // headCount
            heads = []
            for head in range(headCount):
                part = slice(head * size, (head + 1) * size)
                weights = torch.softmax(q[:, part] @ k[:, part].T / size**0.5, dim=1)
                heads.append(weights @ v[:, part])
            heads = torch.cat(heads, dim=1)
            x = x + (linear(p, block + "attention.output", heads) if headCount > 1 else heads)
            inner = torch.relu(linear(p, block + "feedForward.inner", norm("feedForwardNorm")))
            x = x + linear(p, block + "feedForward.outer", inner)
        return linear(p, "output", x.mean(dim=0))

    return logits


# Recurrent encoders (Cho et al. 2014: the reset gate acts on the state before its map).

def encoderNames(prefix, width):
    sizes = {}
    for direction in ["forward", "reverse"]:
        for gate in "rzh":
            start = f"{prefix}.layers.0.{direction}."
            sizes |= {f"{start}W_{gate}": (HIDDEN, width), f"{start}U_{gate}": (HIDDEN, HIDDEN)}
            sizes |= {f"{start}b_{gate}": (HIDDEN,)}
    return sizes


def encoded(p, prefix, rows):
    def run(direction, rows):
        def gate(name, x, h):
            start = f"{prefix}.layers.0.{direction}."
            return p[f"{start}W_{name}"] @ x + p[f"{start}U_{name}"] @ h + p[f"{start}b_{name}"]

        h, states = torch.zeros(HIDDEN, dtype=rows.dtype), []
        for x in rows:
            r, z = torch.sigmoid(gate("r", x, h)), torch.sigmoid(gate("z", x, h))
            h = z * h + (1 - z) * torch.tanh(gate("h", x, r * h))
            states.append(h)
        return torch.stack(states)

    return torch.cat([run("forward", rows), run("reverse", rows.flip(0)).flip(0)], dim=1)


# Words, sentences, documents (Yang et al. 2016).

def poolingNames(prefix):
    width = 2 * HIDDEN
    score = f"{prefix}.attention.score."
    return {
        f"{prefix}.queries": (1, width), score + "weight": (width, 2 * width), score + "bias": (width,),
        score + "vector": (1, width)}


def pooled(p, prefix, states):
    score = f"{prefix}.attention.score."
    joined = torch.cat([p[f"{prefix}.queries"].expand(len(states), -1), states], dim=1)
    hidden = torch.tanh(functional.linear(joined, p[score + "weight"], p[score + "bias"]))
    return torch.softmax(hidden @ p[score + "vector"][0], dim=0) @ states


def hierarchical(p, ids):
    sentences = [[]]
    for word in ids.tolist():
        if word == 0:
            sentences.append([])
        else:
            sentences[-1].append(word)
    vectors = [
        pooled(p, "wordAttention", encoded(p, "wordEncoder", p["embedding.weight"][words])) for words in sentences]
    return linear(
        p, "output", pooled(p, "sentenceAttention", encoded(p, "sentenceEncoder", torch.stack(vectors))))


# Two texts (Lu et al. 2016).

def coAttention(p, ids):
    end = ids.tolist().index(0)
    a, b = (encoded(p, "encoder", p["embedding.weight"][words]) for words in [ids[:end], ids[end + 1:]])
    affinity = torch.tanh(a @ p["coAttention.affinity.weight"] @ b.T)
    ofA, ofB = a @ p["coAttention.firstWeight"].T, b @ p["coAttention.secondWeight"].T

    def side(states, hidden, vector):
        attended = torch.softmax(torch.tanh(hidden) @ p[vector][0], dim=0) @ states
        return torch.cat([attended, states.mean(dim=0), states.max(dim=0).values])

    u = side(a, ofA + affinity @ ofB, "coAttention.firstVector")
    v = side(b, ofB + affinity.T @ ofA, "coAttention.secondVector")
    return linear(p, "output", torch.cat([u, v, (u - v).abs(), u * v]))


def outputNames(width):
    return {"output.weight": (2, width), "output.bias": (2,)}


def case(tensors, name, sizes, logits, sequences):
    random = generator(name)
    lengths = [len(sequence) for sequence in sequences]
    ids = torch.zeros(len(sequences), max(lengths), dtype=torch.int64)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = torch.tensor(sequence)
    targets = torch.arange(len(sequences)) % 2
    initial = {}
    for key, size in sizes.items():
        initial[key] = (normal(random, *size, scale=0.5) + (1 if key.endswith("scale") else 0)).float()
    leaves = {key: value.double().requires_grad_() for key, value in initial.items()}

    def forward():
        rows = [logits(leaves, ids[row, :length]) for row, length in enumerate(lengths)]
        return torch.stack(rows)

    found = {"ids": ids, "lengths": torch.tensor(lengths), "targets": targets, "logits": forward()}
    found |= {f"initial/{key}": value for key, value in initial.items()}
    optimizer = torch.optim.Adam(leaves.values(), lr=0.02, foreach=False)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = functional.cross_entropy(forward(), targets)
        loss.backward()
        if step == 0:
            found |= {f"gradient/{key}": value.grad.clone() for key, value in leaves.items()}
        losses.append(loss.detach())
        optimizer.step()
    found["losses64"] = torch.stack(losses)
    found |= {f"final64/{key}": value.detach() for key, value in leaves.items()}
    tensors |= {f"{name}/{key}": value for key, value in found.items()}


tensors = {}
sentences = [[3, 4, 5, 6, 7], [8], [2, 9, 2, 10, 11, 12, 1], [5, 5]]
for name, headCount in [("self-attention", 1), ("multi-head-attention", 2)]:
    case(tensors, name, attentiveNames(headCount), attentive(headCount), sentences)
case(
    tensors, "hierarchical",
    {"embedding.weight": (WORDS, FEATURES)} | encoderNames("wordEncoder", FEATURES) | poolingNames("wordAttention")
    | encoderNames("sentenceEncoder", 2 * HIDDEN) | poolingNames("sentenceAttention") | outputNames(2 * HIDDEN),
    hierarchical, [[3, 4, 5, 0, 6, 7], [8, 2], [2, 9, 0, 1, 10, 11, 3, 0, 12], [5, 0, 5, 13]])
case(
    tensors, "co-attention",
    {"embedding.weight": (WORDS, FEATURES)} | encoderNames("encoder", FEATURES)
    | {
        "coAttention.affinity.weight": (2 * HIDDEN, 2 * HIDDEN), "coAttention.firstWeight": (HIDDEN, 2 * HIDDEN),
        "coAttention.secondWeight": (HIDDEN, 2 * HIDDEN), "coAttention.firstVector": (1, HIDDEN),
        "coAttention.secondVector": (1, HIDDEN)} | outputNames(4 * 3 * 2 * HIDDEN),
    coAttention, [[3, 4, 0, 5], [8, 0, 2, 9, 2, 6], [2, 9, 1, 7, 5, 0, 4, 4], [6, 0, 7]])
save(__file__, tensors)
