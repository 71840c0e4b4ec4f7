"""Makes Tests/Goldens/operations.safetensors: one input and output for each tensor operation, by PyTorch in float64.

Run from the repository root:  python3 Tests/Goldens/operations.py

Tensors are named `<case>/input0`, `<case>/input1`, ... and `<case>/output`. Besides: `targets` (cross entropy) and
`ids` (gather-rows) are int64, as are the `lengths` of the packed cases (sorted, longest first). Packed rows are
time-major as in torch.nn.utils.rnn.pack_padded_sequence(...).data: all first steps, then all second steps, and so on.

Argument order: linear is input0 = input [6,5], input1 = weight [4,5], input2 = bias [4]; layer-norm is input0 = input
[4,6], input1 = weight [6], input2 = bias [6], with epsilon 1e-5. The label smoothing is 0.1. slice-columns takes the
columns 1..<3 of input0; output-cross-entropy is input0 = x [6,4], input1 = weight [5,4], input2 = bias [5], a target
of -1 is not scored; reshape makes [2,6] of [3,4]. Outputs of -all cases, cross entropies and mean-squared-error
have no axes (shape []); sums, means and maxima over an axis drop the axis.
"""

import torch
import torch.nn.functional as functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, PackedSequence

from goldenfile import generator, normal, save

tensors = {}
LENGTHS = [5, 3, 3, 1]


def case(name, shapes, operation, inputs=None, **extra):
    """Records one case: normal inputs of `shapes` (or what `inputs` makes of them), `extra` tensors, the output."""
    random = generator(name)
    values = [normal(random, *shape) for shape in shapes]
    if inputs is not None:
        values = [inputs(value) for value in values]
    for index, value in enumerate(values):
        tensors[f"{name}/input{index}"] = value
    for key, value in extra.items():
        tensors[f"{name}/{key}"] = value
    tensors[f"{name}/output"] = operation(*values, *extra.values())


def positive(value):
    return value.abs() + 0.05


def elementwise():
    case("add", [(3, 4), (3, 4)], torch.add)
    case("add-broadcast-row", [(3, 4), (4,)], torch.add)
    case("add-broadcast-column", [(3, 4), (3, 1)], torch.add)
    case("subtract", [(3, 4), (3, 4)], torch.subtract)
    case("multiply", [(3, 4), (3, 4)], torch.multiply)
    case("multiply-broadcast-row", [(3, 4), (4,)], torch.multiply)
    case("divide", [(3, 4), (3, 4)], torch.divide)
    case("negate", [(3, 4)], torch.negative)
    case("exponential", [(3, 4)], torch.exp)
    case("logarithm", [(3, 4)], torch.log, inputs=positive)
    case("square-root", [(3, 4)], torch.sqrt, inputs=positive)
    case("square", [(3, 4)], torch.square)
    case("tanh", [(3, 4)], torch.tanh)
    case("sigmoid", [(3, 4)], torch.sigmoid)
    case("relu", [(3, 4)], torch.relu)
    case("gelu", [(3, 4)], lambda x: functional.gelu(x, approximate="none"))
    case("softplus", [(3, 4)], functional.softplus)


def products():
    case("matrix-product", [(5, 7), (7, 3)], torch.matmul)
    case("matrix-product-transposed-right", [(5, 7), (3, 7)], lambda a, b: a @ b.T)
    case("matrix-product-transposed-left", [(7, 5), (7, 3)], lambda a, b: a.T @ b)
    case("linear", [(6, 5), (4, 5), (4,)], functional.linear)


def reductions():
    case("sum-all", [(5, 4)], torch.sum)
    case("sum-rows", [(5, 4)], lambda x: x.sum(dim=0))
    case("sum-columns", [(5, 4)], lambda x: x.sum(dim=-1))
    case("mean-all", [(5, 4)], torch.mean)
    case("mean-columns", [(5, 4)], lambda x: x.mean(dim=-1))
    case("maximum-columns", [(5, 4)], lambda x: x.amax(dim=-1))
    case("mean-squared-error", [(4, 3), (4, 3)], functional.mse_loss)


def probabilities():
    targets = torch.tensor([2, 0, 1, 1, 2, 0])
    case("softmax", [(4, 5)], lambda x: x.softmax(dim=-1))
    case("log-softmax", [(4, 5)], lambda x: x.log_softmax(dim=-1))
    case("cross-entropy", [(6, 3)], functional.cross_entropy, targets=targets)
    case(
        "cross-entropy-smoothed", [(6, 3)],
        lambda x, y: functional.cross_entropy(x, y, label_smoothing=0.1), targets=targets)
    case(
        "output-cross-entropy", [(6, 4), (5, 4), (5,)],
        lambda x, w, b, y: functional.cross_entropy(x @ w.T + b, y, label_smoothing=0.1, ignore_index=-1),
        targets=torch.tensor([2, -1, 4, 1, -1, 0]))


def shapes():
    case("transpose", [(3, 5)], lambda x: x.T)
    case("reshape", [(3, 4)], lambda x: x.reshape(2, 6))
    case("concatenate-columns", [(4, 2), (4, 3)], lambda a, b: torch.cat([a, b], dim=-1))
    case("slice-columns", [(4, 5)], lambda x: x[:, 1:3])
    case("gather-rows", [(7, 3)], lambda table, ids: table[ids], ids=torch.tensor([6, 0, 3, 3, 1, 6, 3]))
    case("layer-norm", [(4, 6), (6,), (6,)], lambda x, w, b: functional.layer_norm(x, (6,), w, b, eps=1e-5))


def sequences(packed, lengths):
    """The sequences of packed rows, each [length, width], in the order of `lengths`."""
    batchSizes = torch.tensor([sum(1 for n in lengths if n > step) for step in range(int(lengths[0]))])
    padded, _ = pad_packed_sequence(PackedSequence(packed, batchSizes), batch_first=True)
    return [padded[row, :n] for row, n in enumerate(lengths)]


def packed():
    lengths = torch.tensor(LENGTHS)
    rows = sum(LENGTHS)

    def each(reduce):
        return lambda x, n: torch.stack([reduce(sequence) for sequence in sequences(x, n)])

    def segmentSoftmax(scores, n):
        weights = [sequence.softmax(dim=0) for sequence in sequences(scores, n)]
        padded = torch.nn.utils.rnn.pad_sequence(weights, batch_first=True)
        return pack_padded_sequence(padded, n, batch_first=True).data

    case("segment-mean", [(rows, 4)], each(lambda x: x.mean(dim=0)), lengths=lengths)
    case("segment-maximum", [(rows, 4)], each(lambda x: x.amax(dim=0)), lengths=lengths)
    case("segment-last", [(rows, 4)], each(lambda x: x[-1]), lengths=lengths)
    case("segment-sum", [(rows, 4)], each(lambda x: x.sum(dim=0)), lengths=lengths)
    case("segment-softmax", [(rows, 1)], segmentSoftmax, lengths=lengths)


elementwise()
products()
reductions()
probabilities()
shapes()
packed()
save(__file__, tensors)
