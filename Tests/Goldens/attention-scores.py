"""Makes Tests/Goldens/attention-scores.safetensors: alignment functions, distribution functions and arrangements of
attention, from the equations of the papers, in float64 by NumPy.

Run from the repository root:  python3 Tests/Goldens/attention-scores.py

Three sequences with unequal numbers of queries and keys. Rows stand sequence by sequence, step by step (not packed):
`queries4` and `queries5` (widths 4 and 5), `keys` (width 4), `values` (width 3). Scores and weights of pairs stand
sequence by sequence, query by query, key by key. `NAME/parameter/...` are the weights of a function, `NAME/scores` its
scores. `distribution/scores` are scores that are the input of every `distribution/NAME/weights` and `.../output`, with
the mask `allowed` (1 or 0): the first query of the second sequence may meet nothing. Widths of 4 and 4 are for functions
that need them equal (and CoDA); the others take queries of width 5.

Arrangements: `pooling`, `multi-dimensional`, `co-attention`, `local-monotonic`, `local-predictive`,
`multi-representational`, `performer`, `performer-causal`.
"""

import numpy
import torch

from goldenfile import generator, save

QUERIES, KEYS = [3, 1, 2], [2, 5, 3]
WIDTH, WIDE, VALUE, HIDDEN = 4, 5, 3, 6
tensors = {}


def record(name, array):
    tensors[name] = torch.from_numpy(numpy.array(array, dtype=numpy.float64))


def parameters(name, scale=0.7, **shapes):
    """Normal parameters of one function, recorded; an underscore in a keyword stands for a dot in the name."""
    random = generator("attention-" + name)
    made = []
    for parameter, shape in shapes.items():
        made.append(random.standard_normal(shape) * scale)
        record(f"{name}/parameter/{parameter.replace('_', '.')}", made[-1])
    return made


def split(rows, lengths):
    return numpy.split(rows, numpy.cumsum(lengths)[:-1])


def inputs(name, lengths, width):
    rows = generator("attention-input-" + name).standard_normal((sum(lengths), width))
    record(name, rows)
    return split(rows, lengths)


queries4, queries5 = inputs("queries4", QUERIES, WIDTH), inputs("queries5", QUERIES, WIDE)
keys, values = inputs("keys", KEYS, WIDTH), inputs("values", KEYS, VALUE)


def matrices(score, queries=queries5):
    """One [queries, keys] matrix a sequence from a function of query, key and key step."""
    return [
        numpy.array([[score(q, k, j) for j, k in enumerate(ofKeys)] for q in ofQueries])
        for ofQueries, ofKeys in zip(queries, keys)
    ]


def flat(of):
    return numpy.concatenate([matrix.reshape(-1) for matrix in of])


def scores(name, score, queries=queries5):
    record(f"{name}/scores", flat(matrices(score, queries)))


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def relu(x):
    return numpy.maximum(x, 0)


def softmax(e):
    exponentials = numpy.exp(e - e.max())
    return exponentials / exponentials.sum()


def positionFeatures(step, count):
    """Vaswani et al. 2017, section 3.5."""
    features = numpy.zeros(count)
    for i in range(count):
        angle = step / 10000 ** ((i - i % 2) / count)
        features[i] = numpy.sin(angle) if i % 2 == 0 else numpy.cos(angle)
    return features


def kernelFeatures(x, omega):
    """Choromanski et al. 2021, lemma 1, of the vector over the fourth root of its width."""
    x = x / len(x) ** 0.25
    return numpy.exp(omega @ x - x @ x / 2) / numpy.sqrt(len(omega))


def alignmentFunctions():
    scores("cosine", lambda q, k, j: q @ k / (numpy.linalg.norm(q) * numpy.linalg.norm(k)), queries4)
    scores("dot", lambda q, k, j: q @ k, queries4)
    scores("scaled-dot", lambda q, k, j: q @ k / numpy.sqrt(WIDTH), queries4)
    (W,) = parameters("general", weight=(WIDE, WIDTH))
    scores("general", lambda q, k, j: q @ W @ k)
    W2, b2 = parameters("biased-general", projection_weight=(WIDTH, WIDE), projection_bias=(WIDTH,))
    scores("biased-general", lambda q, k, j: k @ (W2 @ q + b2))
    W3, b3 = parameters("activated-general", weight=(WIDE, WIDTH), bias=(1,))
    scores("activated-general", lambda q, k, j: numpy.tanh(q @ W3 @ k + b3[0]))
    (omega,) = parameters("generalized-kernel", scale=1.0, features_projection=(7, WIDTH))
    scores(
        "generalized-kernel",
        lambda q, k, j: numpy.log(kernelFeatures(q, omega) @ kernelFeatures(k, omega)), queries4)
    shapes = dict(weight=(HIDDEN, WIDE + WIDTH), bias=(HIDDEN,), vector=(1, HIDDEN))
    W4, b4, v4 = parameters("additive", **shapes)
    scores("additive", lambda q, k, j: v4[0] @ numpy.tanh(W4 @ numpy.concatenate([q, k]) + b4))
    W5, b5, v5 = parameters("additive-relu", **shapes)
    scores("additive-relu", lambda q, k, j: v5[0] @ relu(W5 @ numpy.concatenate([q, k]) + b5))
    W6, b6, W7, b7, W8, b8, v6, c6 = parameters(
        "deep", join_weight=(HIDDEN, WIDE + WIDTH), join_bias=(HIDDEN,), layers_0_weight=(HIDDEN, HIDDEN),
        layers_0_bias=(HIDDEN,), layers_1_weight=(HIDDEN, HIDDEN), layers_1_bias=(HIDDEN,),
        output_weight=(1, HIDDEN), output_bias=(1,))

    def deep(q, k, j):
        hidden = sigmoid(W6 @ numpy.concatenate([q, k]) + b6)
        for weight, bias in [(W7, b7), (W8, b8)]:
            hidden = sigmoid(weight @ hidden + bias)
        return v6[0] @ hidden + c6[0]

    scores("deep", deep)
    (W9,) = parameters("location", weight=(6, WIDE))
    scores("location", lambda q, k, j: numpy.tanh(W9 @ q)[j])
    W10, b10, P10, v10 = parameters(
        "feature-based", keyProjection_weight=(HIDDEN, WIDTH), keyProjection_bias=(HIDDEN,),
        positionWeight=(HIDDEN, 5), vector=(1, HIDDEN))
    scores(
        "feature-based",
        lambda q, k, j: v10[0] @ numpy.tanh(W10 @ k + P10 @ positionFeatures(j, 5) + b10))


def entmax(e, alpha):
    """The threshold of Peters et al. 2019 by halving an interval until it is no longer divided."""
    x = (alpha - 1) * e
    low, high = x.max() - 1, x.max()
    while low < (low + high) / 2 < high:
        middle = (low + high) / 2
        if (relu(x - middle) ** (1 / (alpha - 1))).sum() >= 1:
            low = middle
        else:
            high = middle
    return relu(x - low) ** (1 / (alpha - 1))


def sparsemax(e):
    """Martins and Astudillo 2016, algorithm 1."""
    ordered = numpy.sort(e)[::-1]
    counts = numpy.arange(1, len(e) + 1)
    support = counts[1 + counts * ordered > numpy.cumsum(ordered)].max()
    return relu(e - (ordered[:support].sum() - 1) / support)


def isAllowed(sequence, queryStep, keyStep):
    return sequence != 1 and (sequence + queryStep + 2 * keyStep) % 4 != 3


def distributions():
    given = [generator(f"attention-scores-{n}").standard_normal((q, k)) for n, (q, k) in enumerate(zip(QUERIES, KEYS))]
    allowed = [
        numpy.array([[isAllowed(n, i, j) for j in range(k)] for i in range(q)])
        for n, (q, k) in enumerate(zip(QUERIES, KEYS))
    ]
    record("distribution/scores", flat(given))
    record("allowed", flat(allowed))

    def distribution(name, function):
        found, outputs = [], []
        for n, (e, mask) in enumerate(zip(given, allowed)):
            weights = numpy.zeros_like(e)
            for row in range(len(e)):
                if mask[row].any():
                    weights[row, mask[row]] = function(e[row, mask[row]], queries4[n][row], keys[n][mask[row]])
            found.append(weights)
            outputs.append(weights @ values[n])
        record(f"distribution/{name}/weights", flat(found))
        record(f"distribution/{name}/output", numpy.concatenate(outputs))

    distribution("softmax", lambda e, q, k: softmax(e))
    distribution("sigmoid", lambda e, q, k: sigmoid(e))
    distribution("sparsemax", lambda e, q, k: sparsemax(e))
    distribution("entmax", lambda e, q, k: entmax(e, 1.5))
    distribution("entmax-1.25", lambda e, q, k: entmax(e, 1.25))
    distribution("entmax-2.5", lambda e, q, k: entmax(e, 2.5))
    distribution("coda", lambda e, q, k: numpy.tanh(e) * sigmoid(-numpy.abs(k - q).sum(axis=1)))


def pooling():
    asked, W, b, v = parameters(
        "pooling", queries=(2, WIDE), attention_score_weight=(HIDDEN, WIDE + WIDTH), attention_score_bias=(HIDDEN,),
        attention_score_vector=(1, HIDDEN))
    rows = []
    for states in keys:
        parts = []
        for q in asked:
            e = numpy.array([v[0] @ numpy.tanh(W @ numpy.concatenate([q, k]) + b) for k in states])
            parts.append(softmax(e) @ states)
        rows.append(numpy.concatenate(parts))
    record("pooling/output", rows)


def multiDimensional():
    W, b, V, c = parameters(
        "multi-dimensional", join_weight=(HIDDEN, WIDE + WIDTH), join_bias=(HIDDEN,), output_weight=(VALUE, HIDDEN),
        output_bias=(VALUE,))
    outputs = []
    for ofQueries, ofKeys, ofValues in zip(queries5, keys, values):
        for q in ofQueries:
            e = numpy.array([V @ numpy.tanh(W @ numpy.concatenate([q, k]) + b) + c for k in ofKeys])
            weights = numpy.stack([softmax(e[:, feature]) for feature in range(VALUE)], axis=1)
            outputs.append((weights * ofValues).sum(axis=0))
    record("multi-dimensional/output", outputs)


def coAttention():
    """Lu et al. 2016, equations 3 to 5: columns are steps."""
    Wb, Wv, Wq, hv, hq = parameters(
        "co-attention", affinity_weight=(WIDE, WIDTH), firstWeight=(HIDDEN, WIDE), secondWeight=(HIDDEN, WIDTH),
        firstVector=(1, HIDDEN), secondVector=(1, HIDDEN))
    first, second = [], []
    for a, b in zip(queries5, keys):
        V, Q = a.T, b.T
        C = numpy.tanh(Q.T @ Wb.T @ V)
        Hv = numpy.tanh(Wv @ V + (Wq @ Q) @ C)
        Hq = numpy.tanh(Wq @ Q + (Wv @ V) @ C.T)
        first.append(V @ softmax((hv @ Hv)[0]))
        second.append(Q @ softmax((hq @ Hq)[0]))
    record("co-attention/first", first)
    record("co-attention/second", second)


def local():
    """Luong et al. 2015, equations 7, 9 and 10, steps from 1; D = 2."""
    D = 2

    def outputs(place):
        found = []
        for ofQueries, ofKeys, ofValues in zip(queries4, keys, values):
            for t, q in enumerate(ofQueries):
                p = place(t + 1, q, len(ofKeys))
                near = [s for s in range(len(ofKeys)) if abs(s + 1 - p) <= D]
                output = numpy.zeros(VALUE)
                if near:
                    align = softmax(numpy.array([q @ ofKeys[s] for s in near]))
                    for s, a in zip(near, align):
                        output += a * numpy.exp(-((s + 1 - p) ** 2) / (2 * (D / 2) ** 2)) * ofValues[s]
                found.append(output)
        return found

    record("local-monotonic/output", outputs(lambda t, q, S: t))
    W, v = parameters("local-predictive", placeWeight=(HIDDEN, WIDTH), placeVector=(1, HIDDEN))
    record("local-predictive/output", outputs(lambda t, q, S: S * sigmoid(v[0] @ numpy.tanh(W @ q))))


def multiRepresentational():
    P0, c0, P1, c1, v, b = parameters(
        "multi-representational", projections_0_weight=(HIDDEN, WIDTH), projections_0_bias=(HIDDEN,),
        projections_1_weight=(HIDDEN, VALUE), projections_1_bias=(HIDDEN,), score_weight=(1, HIDDEN), score_bias=(1,))
    outputs = []
    for x0, x1 in zip(numpy.concatenate(keys), numpy.concatenate(values)):
        projected = [P0 @ x0 + c0, P1 @ x1 + c1]
        weights = softmax(numpy.array([v[0] @ x + b[0] for x in projected]))
        outputs.append(weights[0] * projected[0] + weights[1] * projected[1])
    record("multi-representational/output", outputs)


def performer():
    (omega,) = parameters("performer", scale=1.0, features_projection=(7, WIDTH))
    for name, isCausal in [("performer", False), ("performer-causal", True)]:
        outputs = []
        for ofQueries, ofKeys, ofValues in zip(queries4, keys, values):
            for t, q in enumerate(ofQueries):
                seen = range(min(t + 1, len(ofKeys)) if isCausal else len(ofKeys))
                kernel = numpy.array([kernelFeatures(q, omega) @ kernelFeatures(ofKeys[s], omega) for s in seen])
                outputs.append(kernel / kernel.sum() @ ofValues[: len(seen)])
        record(f"{name}/output", outputs)


alignmentFunctions()
distributions()
pooling()
multiDimensional()
coAttention()
local()
multiRepresentational()
performer()
save(__file__, tensors)
