"""Makes Tests/Goldens/attention.safetensors: the operations of attention, by PyTorch and the `entmax` package in float64.

Run from the repository root:  python3 Tests/Goldens/attention.py

Tensors are named `<case>/input0`, ... and `<case>/output`. Sequences have the lengths QUERIES and KEYS in the caller's
order (LONG in the cases whose name says so, queries and keys alike). Rows are packed: longest sequence first (equal
ones in the caller's order), all first steps, then all second steps. Pairs are ordered by packed query row, then by key
step. A masked case allows pair (i, j) of sequence s where (i + 2 j + s) % 3 is not 0, and no key to step 1 of
sequence 1. Everything is computed sequence by sequence, from the definitions, with no packed code shared.

The `entmax` package (Peters et al. 2019) gives sparsemax and entmax; where it bisects, in 200 steps.
"""

import torch
import torch.nn.functional as functional
from entmax import entmax15, entmax_bisect, sparsemax

from goldenfile import generator, normal, save

QUERIES = [2, 4, 3]
KEYS = [3, 2, 5]
LONG = [70, 150]
tensors = {}


def places(lengths):
    """(sequence, step) of each packed row."""
    order = sorted(range(len(lengths)), key=lambda s: (-lengths[s], s))
    return [(s, step) for step in range(max(lengths)) for s in order if lengths[s] > step]


def unpack(rows, lengths):
    """Packed rows as one matrix for each sequence, in the caller's order."""
    where = {place: row for row, place in enumerate(places(lengths))}
    return [torch.stack([rows[where[s, step]] for step in range(n)]) for s, n in enumerate(lengths)]


def pack(sequences):
    return torch.stack([sequences[s][step] for s, step in places([len(x) for x in sequences])])


def pack_pairs(matrices):
    """[queries, keys, features] of each sequence to [pairs, features]."""
    return torch.cat([matrices[s][step] for s, step in places([len(x) for x in matrices])])


def unpack_pairs(pairs, queries=QUERIES, keys=KEYS):
    matrices = [torch.zeros(q, k, pairs.shape[1], dtype=pairs.dtype) for q, k in zip(queries, keys)]
    start = 0
    for s, step in places(queries):
        matrices[s][step] = pairs[start : start + keys[s]]
        start += keys[s]
    return matrices


def case(name, inputs, operation):
    for index, value in enumerate(inputs):
        tensors[f"{name}/input{index}"] = value
    tensors[f"{name}/output"] = operation(*inputs)


def normals(name, *shapes):
    random = generator(name)
    return [normal(random, *shape) for shape in shapes]


ROWS_Q, ROWS_K = sum(QUERIES), sum(KEYS)
PAIRS = sum(q * k for q, k in zip(QUERIES, KEYS))


def of_pairs(function):
    """From packed queries and keys to pairs: function([q, 1, f], [1, k, f]) of each sequence."""

    def operation(queries, keys, *rest):
        parts = zip(unpack(queries, QUERIES), unpack(keys, KEYS))
        return pack_pairs([function(q[:, None, :], k[None, :, :], *rest) for q, k in parts])

    return operation


def pairs():
    name = "pair-dots"
    case(name, normals(name, (ROWS_Q, 19), (ROWS_K, 19)), of_pairs(lambda q, k: (q * k).sum(-1, keepdim=True)))
    name = "pair-sums"
    case(name, normals(name, (ROWS_Q, 3), (ROWS_K, 3)), of_pairs(lambda q, k: q + k))
    name = "pair-distances"
    case(name, normals(name, (ROWS_Q, 19), (ROWS_K, 19)), of_pairs(lambda q, k: (q - k).abs().sum(-1, keepdim=True)))
    name = "additive-scores"
    case(name, normals(name, (ROWS_Q, 5), (ROWS_K, 5), (5,)),
         of_pairs(lambda q, k, w: (torch.tanh(q + k) @ w)[:, :, None]))
    name = "query-scores"
    case(name, normals(name, (ROWS_Q, 6)),
         lambda x: pack_pairs([q[:, :n, None] for q, n in zip(unpack(x, QUERIES), KEYS)]))
    name = "key-scores"
    case(name, normals(name, (ROWS_K, 3)),
         lambda x: pack_pairs([k[None].expand(n, -1, -1) for k, n in zip(unpack(x, KEYS), QUERIES)]))
    for name, width in [("pair-weighted-sums", 1), ("pair-weighted-sums-features", 3)]:
        case(name, normals(name, (PAIRS, width), (ROWS_K, 3)),
             lambda w, v: pack([(m * k[None]).sum(1) for m, k in zip(unpack_pairs(w), unpack(v, KEYS))]))


def allowed(sequence, query, key):
    return (query + 2 * key + sequence) % 3 != 0 and (sequence, query) != (1, 1)


def over_keys(function, masked):
    """A distribution over the allowed keys of each query and feature."""

    def operation(scores):
        results = []
        for s, matrix in enumerate(unpack_pairs(scores)):
            result = torch.zeros_like(matrix)
            for i in range(matrix.shape[0]):
                keep = [j for j in range(matrix.shape[1]) if not masked or allowed(s, i, j)]
                if keep:
                    result[i, keep] = function(matrix[i, keep].T).T
            results.append(result)
        return pack_pairs(results)

    return operation


def distributions():
    bisect = lambda alpha: lambda x: entmax_bisect(x, alpha=alpha, dim=-1, n_iter=200)
    kinds = {
        "softmax": lambda x: x.softmax(-1), "sparsemax": lambda x: sparsemax(x, dim=-1), "entmax-1.3": bisect(1.3),
        "entmax-1.5": lambda x: entmax15(x, dim=-1), "entmax-2.5": bisect(2.5), "entmax-1": lambda x: x.softmax(-1),
        "entmax-2": lambda x: sparsemax(x, dim=-1),
    }
    for kind, function in kinds.items():
        for ending, masked in [("", False), ("-masked", True)]:
            name = f"pair-{kind}{ending}"
            case(name, normals(name, (PAIRS, 2)), over_keys(function, masked))
    name = "pair-masked"
    case(name, normals(name, (PAIRS, 2)), over_keys(lambda x: x, True))


def linear():
    for name, causal in [("linear-attention", False), ("linear-attention-causal", True)]:

        def operation(q, k, v):
            results = []
            for a, b, c in zip(unpack(q, QUERIES), unpack(k, KEYS), unpack(v, KEYS)):
                weights = a @ b.T
                if causal:
                    weights = weights.tril()
                results.append(weights @ c / weights.sum(1, keepdim=True))
            return pack(results)

        q, k, v = normals(name, (ROWS_Q, 4), (ROWS_K, 4), (ROWS_K, 3))
        case(name, [q.exp(), k.exp(), v], operation)


def fused(name, queries, keys, heads, key_heads, size, value_size, reach, scale=None):
    def operation(q, k, v):
        results = []
        for a, b, c in zip(unpack(q, queries), unpack(k, keys), unpack(v, keys)):
            a = a.reshape(len(a), heads, size).transpose(0, 1)
            b = b.reshape(len(b), key_heads, size).transpose(0, 1).repeat_interleave(heads // key_heads, 0)
            c = c.reshape(len(c), key_heads, value_size).transpose(0, 1).repeat_interleave(heads // key_heads, 0)
            meets = reach(torch.arange(a.shape[1])[:, None], torch.arange(b.shape[1])[None, :])
            scores = (a @ b.transpose(1, 2)) * (size**-0.5 if scale is None else scale)
            weights = scores.masked_fill(~meets, -torch.inf).softmax(-1)
            weights = weights.masked_fill(~meets, 0)  # rows without keys
            results.append((weights @ c).transpose(0, 1).reshape(a.shape[1], heads * value_size))
        return pack(results)

    case(name, normals(name, (sum(queries), heads * size), (sum(keys), key_heads * size),
                       (sum(keys), key_heads * value_size)), operation)


def fused_cases():
    everything = lambda q, k: (k >= 0) & (q >= 0)
    causal = lambda q, k: k <= q
    fused("attention", QUERIES, KEYS, 2, 2, 5, 3, everything)
    fused("attention-causal", QUERIES, KEYS, 2, 2, 5, 3, causal)
    fused("attention-grouped", QUERIES, KEYS, 4, 2, 5, 3, causal, scale=0.3)
    # Queries 2 and 3 of the second sequence reach none of its two keys.
    fused("attention-window", QUERIES, KEYS, 1, 1, 5, 3, lambda q, k: (k - q).abs() <= 0)
    fused("attention-long", LONG, LONG, 1, 1, 2, 3, everything, scale=1.5)
    fused("attention-long-causal", LONG, LONG, 2, 2, 2, 3, causal)
    fused("attention-long-window", LONG, LONG, 1, 1, 2, 3, lambda q, k: (k - q).abs() <= 7)
    fused("attention-long-causal-window", LONG, LONG, 2, 1, 2, 1, lambda q, k: (k <= q) & (q - k < 67))
    fused("attention-long-keys", QUERIES, [150, 3, 64], 1, 1, 2, 3, everything)


def norms():
    name = "layer-norm-plain"
    case(name, normals(name, (5, 37)), lambda x: functional.layer_norm(x, (37,), eps=1e-5))
    name = "layer-norm-parts"
    case(name, normals(name, (130, 3), (3,), (3,)), lambda x, w, b: functional.layer_norm(x, (3,), w, b, eps=1e-5))
    name = "rms-norm"
    case(name, normals(name, (5, 37), (37,)), lambda x, w: functional.rms_norm(x, (37,), w, eps=1e-6))
    name = "rms-norm-plain"
    case(name, normals(name, (5, 6)), lambda x: functional.rms_norm(x, (6,), eps=1e-6))
    wide = torch.linspace(-9, 9, 73, dtype=torch.float64).reshape(1, 73)
    case("gelu-wide", [wide], functional.gelu)
    case("gelu-tanh", [wide], lambda x: functional.gelu(x, approximate="tanh"))
    case("silu", [wide], functional.silu)


def joined():
    name = "linear-gelu"
    case(name, normals(name, (7, 5), (50, 5), (50,)), lambda x, w, b: functional.gelu(functional.linear(x, w, b)))
    name = "linear-silu-plain"
    case(name, normals(name, (4, 5), (3, 5)), lambda x, w: functional.silu(functional.linear(x, w)))
    name = "layer-norm-of-sum"
    case(name, normals(name, (9, 37), (9, 37), (37,), (37,)),
         lambda x, y, w, b: functional.layer_norm(x + y, (37,), w, b, eps=1e-5))
    name = "rms-norm-of-sum"
    case(name, normals(name, (9, 37), (9, 37), (37,)), lambda x, y, w: functional.rms_norm(x + y, (37,), w, eps=1e-6))


pairs()
distributions()
linear()
fused_cases()
norms()
joined()
save(__file__, tensors)
