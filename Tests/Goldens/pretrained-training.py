"""Makes Tests/Goldens/pretrained-training.safetensors: what the decoders of pretrained-decoders/ and the translators of
pretrained-translators/ do while they are trained, by transformers in float64.

Run from the repository root:  python3 Tests/Goldens/pretrained-training.py

`<name>/ids`, `lengths`: two sequences, one after another, the second as long as the context; of translators `sources`,
`source-lengths`, `inputs`, `lengths` of three pairs. `targets`: the symbol after every step, -1 where none is scored.
transformers reads them as one batch padded on the right, with attention masks.

    hidden/<i>          what the first block reads, then the blocks' states, the last after the last norm:
                        [steps, width], float32; of translators `encoder/<i>` and `decoder/<i>`
    gradient/<weight>   of the loss, by Ensue's names, of all weights; of a matrix G [r, c] G u and Gᵀ v, one after the
                        other, u_i = cos i, v_i = cos i
    losses/sgd, losses/adamw   ten steps of SGD (0.05) and of AdamW (0.002, weight decay 0.01), no dropout

transformers computes norms and angles of Llamas in 32 bits whatever the model's type; both are replaced by the same
equations in float64. A MarianMT's places and bias of the scores, which transformers leaves alone, are trained as well.
"""

from pathlib import Path

import torch
import torch.nn.functional as functional
from torch import nn
from transformers import GPT2LMHeadModel, LlamaForCausalLM, MarianMTModel, MistralForCausalLM
from transformers.models.llama import modeling_llama
from transformers.models.mistral import modeling_mistral

from goldenfile import generator, save

GOLDENS = Path(__file__).parent
tensors = {}


class Norm(nn.Module):
    def __init__(self, size, eps=1e-6):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x):
        return self.weight * x * torch.rsqrt((x * x).mean(-1, keepdim=True) + self.eps)


class Rotary(nn.Module):
    def __init__(self, size, base):
        super().__init__()
        self.frequencies = base ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)

    def forward(self, x, position_ids):
        angles = position_ids.double()[..., None] * self.frequencies
        angles = torch.cat([angles, angles], -1)
        return angles.cos(), angles.sin()


modeling_llama.LlamaRMSNorm = modeling_mistral.MistralRMSNorm = Norm
LLAMA = {
    "self_attn.q_proj": "attention.query", "self_attn.k_proj": "attention.key", "self_attn.v_proj": "attention.value",
    "self_attn.o_proj": "attention.output", "mlp.gate_proj": "feedForward.inner", "mlp.up_proj": "feedForward.factor",
    "mlp.down_proj": "feedForward.outer", "input_layernorm": "attentionNorm",
    "post_attention_layernorm": "feedForwardNorm"}
GPT = {
    "ln_1": "attentionNorm", "ln_2": "feedForwardNorm", "attn.c_proj": "attention.output",
    "mlp.c_fc": "feedForward.inner", "mlp.c_proj": "feedForward.outer"}
MARIAN = {
    "fc1": "feedForward.inner", "fc2": "feedForward.outer", "final_layer_norm": "feedForwardNorm",
    "encoder_attn_layer_norm": "crossAttentionNorm"}
MAPS = {"q_proj": "query", "k_proj": "key", "v_proj": "value", "out_proj": "output"}
ENDS = {
    "model.embed_tokens.weight": "embedding.weight", "model.norm.weight": "encoder.finalNorm.scale",
    "transformer.wte.weight": "embedding.weight", "transformer.wpe.weight": "positions.table",
    "transformer.ln_f.weight": "encoder.finalNorm.scale", "transformer.ln_f.bias": "encoder.finalNorm.shift",
    "model.shared.weight": "embedding.source.weight", "model.encoder.embed_tokens.weight": "embedding.source.weight",
    "model.decoder.embed_tokens.weight": "embedding.target.weight",
    "model.encoder.embed_positions.weight": "sourcePositions.table",
    "model.decoder.embed_positions.weight": "targetPositions.table", "final_logits_bias": "output.bias"}


def leaf(own, kind):
    """A weight or bias of a map or a norm."""
    return f"{own}.{dict(weight='scale', bias='shift')[kind] if own.endswith('Norm') else kind}"


def named(name, gradient, is_translator):
    """Ensue's names and the parts that they have."""
    if name == "lm_head.weight":
        yield ("output.weight" if is_translator else "unembedding.weight"), gradient
    elif name in ENDS:
        yield ENDS[name], gradient.reshape(-1) if name == "final_logits_bias" else gradient
    elif name.startswith("transformer.h."):
        _, _, layer, *parts, kind = name.split(".")
        if parts[0][:2] != "ln":
            gradient = gradient.mT if kind == "weight" else gradient
        if parts == ["attn", "c_attn"]:
            for part, own in zip(gradient.chunk(3), ["query", "key", "value"]):
                yield f"encoder.blocks.{layer}.attention.{own}.{kind}", part
        else:
            yield leaf(f"encoder.blocks.{layer}.{GPT['.'.join(parts)]}", kind), gradient
    elif not is_translator:
        _, _, layer, *parts, kind = name.split(".")
        yield leaf(f"encoder.blocks.{layer}.{LLAMA['.'.join(parts)]}", kind), gradient
    else:
        _, side, _, layer, *parts, kind = name.split(".")
        attention = "attention" if side == "encoder" else "selfAttention"
        if len(parts) == 2:
            own = f"{attention if parts[0] == 'self_attn' else 'crossAttention'}.{MAPS[parts[1]]}"
        else:
            own = MARIAN.get(parts[0], f"{attention}Norm")
        yield leaf(f"{side}.blocks.{layer}.{own}", kind), gradient


def sketch(gradient):
    if gradient.dim() == 1:
        return gradient
    rows, columns = (torch.arange(count, dtype=torch.float64).cos() for count in gradient.shape)
    return torch.cat([gradient @ columns, gradient.mT @ rows])


def padded(sequences):
    longest = max(map(len, sequences))
    rows = torch.stack([functional.pad(ids, (0, longest - len(ids))) for ids in sequences])
    return rows, torch.stack([(torch.arange(longest) < len(ids)).long() for ids in sequences])


def true_rows(values, sequences):
    return torch.cat([values[row, :len(ids)] for row, ids in enumerate(sequences)])


def record(name, make, parts, run, targets):
    """- make: the model; run: its result for the batch; parts: the lists of states of the result, by name, and whose
    steps they have."""
    def loss(result, steps):
        return functional.cross_entropy(true_rows(result.logits, steps), targets, ignore_index=-1)

    for kind, optimizer in [
        ("sgd", lambda p: torch.optim.SGD(p, lr=0.05)),
        ("adamw", lambda p: torch.optim.AdamW(p, lr=0.002, weight_decay=0.01, foreach=False)),
    ]:
        model, weights = make()
        stepper, losses = optimizer(list(weights.values())), []
        for step in range(10):
            stepper.zero_grad()
            result = run(model)
            found = loss(result, parts[-1][2])
            found.backward()
            losses.append(found.detach())
            if step == 0 and kind == "sgd":
                for key, states, steps in parts:
                    for index, state in enumerate(getattr(result, states)):
                        tensors[f"{name}/{key}/{index}"] = true_rows(state, steps).float()
                for key, weight in weights.items():
                    for own, gradient in named(key, weight.grad, "marian" in name):
                        tensors[f"{name}/gradient/{own}"] = sketch(gradient)
            stepper.step()
        tensors[f"{name}/losses/{kind}"] = torch.stack(losses)


def decoder(name, kind):
    def make():
        model = kind.from_pretrained(
            GOLDENS / "pretrained-decoders" / name, dtype=torch.float64, attn_implementation="sdpa").eval()
        if kind is not GPT2LMHeadModel:
            config = model.config
            model.model.rotary_emb = Rotary(
                config.hidden_size // config.num_attention_heads, config.rope_parameters["rope_theta"])
        return model, dict(model.named_parameters())

    config, random = make()[0].config, generator("training-" + name)
    longest = getattr(config, "sliding_window", None) or config.max_position_embeddings
    ids = [torch.from_numpy(random.randint(0, config.vocab_size, length)) for length in [5, longest]]
    targets = torch.from_numpy(random.randint(0, config.vocab_size, 5 + longest))
    targets[2] = -1
    tensors.update({
        f"{name}/ids": torch.cat(ids), f"{name}/lengths": torch.tensor(list(map(len, ids))),
        f"{name}/targets": targets.clone()})
    rows, mask = padded(ids)
    record(
        name, make, [("hidden", "hidden_states", ids)],
        lambda model: model(rows, attention_mask=mask, use_cache=False, output_hidden_states=True), targets)


def translator(name):
    def make():
        model = MarianMTModel.from_pretrained(
            GOLDENS / "pretrained-translators" / name, dtype=torch.float64, attn_implementation="eager").eval()
        for side in [model.model.encoder, model.model.decoder]:
            side.embed_positions.weight.requires_grad_(True)
        weights = dict(model.named_parameters())
        weights["final_logits_bias"] = model.final_logits_bias.requires_grad_(True)
        return model, weights

    config, random = make()[0].config, generator("training-" + name)
    sources = [torch.from_numpy(random.randint(0, config.vocab_size - 1, length)) for length in [4, 1, 9]]
    inputs = [torch.from_numpy(random.randint(0, config.vocab_size - 1, length)) for length in [3, 6, 2]]
    targets = torch.from_numpy(random.randint(0, config.vocab_size, 11))
    targets[2] = -1
    tensors.update({
        f"{name}/sources": torch.cat(sources), f"{name}/source-lengths": torch.tensor(list(map(len, sources))),
        f"{name}/inputs": torch.cat(inputs), f"{name}/lengths": torch.tensor(list(map(len, inputs))),
        f"{name}/targets": targets.clone()})
    (source, source_mask), (target, target_mask) = padded(sources), padded(inputs)
    record(
        name, make,
        [("encoder", "encoder_hidden_states", sources), ("decoder", "decoder_hidden_states", inputs)],
        lambda model: model(
            input_ids=source, attention_mask=source_mask, decoder_input_ids=target, decoder_attention_mask=target_mask,
            use_cache=False, output_hidden_states=True), targets)


decoder("gpt2", GPT2LMHeadModel)
decoder("gpt2-shards", GPT2LMHeadModel)
decoder("llama", LlamaForCausalLM)
decoder("llama-bf16", LlamaForCausalLM)
decoder("mistral", MistralForCausalLM)
translator("marian")
translator("marian-apart")
save(__file__, tensors)
