"""Makes Tests/Goldens/transformer.safetensors: attention, Transformer blocks and stacks, by PyTorch.

Run from the repository root:  python3 Tests/Goldens/transformer.py

Layers, in float64, without dropout. For each `<name>`:

    attention, attention-causal, attention-no-bias     nn.MultiheadAttention with itself: width 6, 3 heads
    attention-cross                                    queries against keys and values of another width (kdim, vdim 4)
    encoder-post, encoder-pre, encoder-pre-causal      nn.TransformerEncoderLayer: width 6, 2 heads, 8 inside;
                                                       ReLU where post, GELU where pre
    decoder-post, decoder-pre                          nn.TransformerDecoderLayer, self-attention causal
    encoder-stack, encoder-stack-norm                  nn.TransformerEncoder of 2 layers: post, pre with a last norm
    decoder-stack, decoder-stack-norm                  nn.TransformerDecoder of 2 layers: the same

`lengths` (of the queries) and `x` [sum of lengths, width]: the rows of one sequence after another in the caller's
order; where there is an encoder's side, `memoryLengths` and `memory`. `y` like `x`; `direction` like `y`: the loss is
the sum of y * direction. `parameter/<name>` and `gradient/<name>` by Ensue's names, `gradient/x`, `gradient/memory`.
PyTorch sees padded batches and masks; only true rows are kept.

`sinusoids`: PE of Vaswani et al. (2017), positions 0 to 6, 8 features; `sinusoids-odd`: of 5 features.
"""

import torch
import torch.nn.functional as functional
from torch import nn

from goldenfile import generator, normal, save

WIDTH, HEADS, INNER = 6, 2, 8
LENGTHS, MEMORY_LENGTHS = [3, 5, 1, 2], [3, 2, 4, 1]


# Names.

def attentionNames(prefix, parameters):
    """PyTorch's parameters of one attention under Ensue's names; the joint input map is split."""
    result = {}
    for name, value in parameters.items():
        if name == "in_proj_weight" or name == "in_proj_bias":
            kind = name.removeprefix("in_proj_")
            for part, piece in zip(["query", "key", "value"], value.chunk(3)):
                result[f"{prefix}{part}.{kind}"] = piece
        elif name.endswith("_proj_weight"):
            part = {"q": "query", "k": "key", "v": "value"}[name[0]]
            result[f"{prefix}{part}.weight"] = value
        else:
            result[f"{prefix}output.{name.removeprefix('out_proj.')}"] = value
    return result


def blockNames(prefix, parameters):
    isDecoder = any(name.startswith("multihead_attn.") for name in parameters)
    norms = ["selfAttentionNorm", "crossAttentionNorm", "feedForwardNorm"] if isDecoder else [
        "attentionNorm", "feedForwardNorm"]
    attentions = {"self_attn.": "selfAttention." if isDecoder else "attention.", "multihead_attn.": "crossAttention."}
    result = {}
    for theirs, ours in attentions.items():
        inside = {name.removeprefix(theirs): value for name, value in parameters.items() if name.startswith(theirs)}
        result |= attentionNames(prefix + ours, inside)
    for theirs, ours in [("linear1", "feedForward.inner"), ("linear2", "feedForward.outer")]:
        for kind in ["weight", "bias"]:
            result[f"{prefix}{ours}.{kind}"] = parameters[f"{theirs}.{kind}"]
    for index, norm in enumerate(norms):
        result |= normNames(f"{prefix}{norm}.", parameters, f"norm{index + 1}.")
    return result


def normNames(prefix, parameters, theirs):
    return {prefix + "scale": parameters[theirs + "weight"], prefix + "shift": parameters[theirs + "bias"]}


def stackNames(prefix, parameters):
    result = {}
    for layer in sorted({name.split(".")[1] for name in parameters if name.startswith("layers.")}):
        theirs = f"layers.{layer}."
        inside = {name.removeprefix(theirs): value for name, value in parameters.items() if name.startswith(theirs)}
        result |= blockNames(f"{prefix}blocks.{layer}.", inside)
    if "norm.weight" in parameters:
        result |= normNames(prefix + "finalNorm.", parameters, "norm.")
    return result


# Layers.

def padded(rows, lengths):
    """[sum of lengths, width] as [batch, longest, width], and the mask of what is padding."""
    sequences = rows.split(lengths)
    padding = torch.ones(len(lengths), max(lengths), dtype=torch.bool)
    for row, length in enumerate(lengths):
        padding[row, :length] = False
    return nn.utils.rnn.pad_sequence(sequences, batch_first=True), padding


def trueRows(batch, lengths):
    return torch.cat([batch[row, :length] for row, length in enumerate(lengths)])


def causal(lengths):
    return torch.ones(max(lengths), max(lengths), dtype=torch.bool).triu(1)


def randomise(module, random):
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            isNorm = "norm" in name and name.endswith("weight")
            parameter.copy_(normal(random, *parameter.shape, scale=0.4) + (1 if isNorm else 0))


def layer(tensors, name, module, names, forward, memoryWidth=None):
    """`forward(module, x, padding, memory, memoryPadding)` gives [batch, longest, width]."""
    random = generator(name)
    module = module.double().train()
    randomise(module, random)
    x = normal(random, sum(LENGTHS), WIDTH).requires_grad_()
    inputs = {"x": x}
    found = {"lengths": torch.tensor(LENGTHS), "x": x}
    memory = memoryPadding = None
    if memoryWidth is not None:
        inputs["memory"] = normal(random, sum(MEMORY_LENGTHS), memoryWidth).requires_grad_()
        found |= {"memoryLengths": torch.tensor(MEMORY_LENGTHS), "memory": inputs["memory"]}
        memory, memoryPadding = padded(inputs["memory"], MEMORY_LENGTHS)
    batch, padding = padded(x, LENGTHS)
    y = trueRows(forward(module, batch, padding, memory, memoryPadding), LENGTHS)
    direction = normal(random, *y.shape)
    (y * direction).sum().backward()
    parameters = dict(module.named_parameters())
    found |= {"y": y, "direction": direction}
    found |= {f"parameter/{key}": value for key, value in names("", parameters).items()}
    gradients = {key: value.grad for key, value in parameters.items()}
    found |= {f"gradient/{key}": value for key, value in names("", gradients).items()}
    found |= {f"gradient/{key}": value.grad for key, value in inputs.items()}
    tensors |= {f"{name}/{key}": value for key, value in found.items()}


def selfAttention(isCausal):
    def forward(module, x, padding, memory, memoryPadding):
        mask = causal(LENGTHS) if isCausal else None
        return module(x, x, x, key_padding_mask=padding, attn_mask=mask, need_weights=False)[0]

    return forward


def crossAttention(module, x, padding, memory, memoryPadding):
    return module(x, memory, memory, key_padding_mask=memoryPadding, need_weights=False)[0]


def encoder(maskName, isCausal=False):
    def forward(module, x, padding, memory, memoryPadding):
        return module(x, **{maskName: causal(LENGTHS) if isCausal else None}, src_key_padding_mask=padding)

    return forward


def decoder(module, x, padding, memory, memoryPadding):
    return module(
        x, memory, tgt_mask=causal(LENGTHS), tgt_key_padding_mask=padding, memory_key_padding_mask=memoryPadding)


def options(isPre, width=WIDTH, inner=INNER):
    return dict(
        d_model=width, nhead=HEADS, dim_feedforward=inner, dropout=0.0, batch_first=True, norm_first=isPre,
        activation=functional.gelu if isPre else functional.relu)


def layers(tensors):
    layer(tensors, "attention", nn.MultiheadAttention(WIDTH, 3, batch_first=True), attentionNames, selfAttention(False))
    layer(
        tensors, "attention-causal", nn.MultiheadAttention(WIDTH, 3, batch_first=True), attentionNames,
        selfAttention(True))
    layer(
        tensors, "attention-no-bias", nn.MultiheadAttention(WIDTH, 3, bias=False, batch_first=True), attentionNames,
        selfAttention(False))
    # PyTorch's joint bias stays joint where keys have another width.
    layer(
        tensors, "attention-cross", nn.MultiheadAttention(WIDTH, 3, kdim=4, vdim=4, batch_first=True), attentionNames,
        crossAttention, memoryWidth=4)
    for name, isPre in [("post", False), ("pre", True)]:
        layer(tensors, f"encoder-{name}", nn.TransformerEncoderLayer(**options(isPre)), blockNames, encoder("src_mask"))
        layer(
            tensors, f"decoder-{name}", nn.TransformerDecoderLayer(**options(isPre)), blockNames, decoder,
            memoryWidth=WIDTH)
        suffix = "-norm" if isPre else ""
        layer(
            tensors, f"encoder-stack{suffix}",
            nn.TransformerEncoder(
                nn.TransformerEncoderLayer(**options(isPre)), 2, norm=nn.LayerNorm(WIDTH) if isPre else None,
                enable_nested_tensor=False),
            stackNames, encoder("mask"))
        layer(
            tensors, f"decoder-stack{suffix}",
            nn.TransformerDecoder(
                nn.TransformerDecoderLayer(**options(isPre)), 2, norm=nn.LayerNorm(WIDTH) if isPre else None),
            stackNames, decoder, memoryWidth=WIDTH)
    layer(
        tensors, "encoder-pre-causal", nn.TransformerEncoderLayer(**options(True)), blockNames,
        encoder("src_mask", isCausal=True))


def sinusoids(positions, features):
    table = torch.zeros(positions, features, dtype=torch.float64)
    for position in range(positions):
        for i in range(features):
            angle = position / 10000 ** (2 * (i // 2) / features)
            table[position, i] = torch.sin(torch.tensor(angle, dtype=torch.float64)) if i % 2 == 0 else torch.cos(
                torch.tensor(angle, dtype=torch.float64))
    return table


if __name__ == "__main__":
    tensors = {"sinusoids": sinusoids(7, 8), "sinusoids-odd": sinusoids(4, 5)}
    layers(tensors)
    save(__file__, tensors)
