"""Makes Tests/Goldens/blocks.safetensors: pieces of today's language models, by transformers and PyTorch in float64.

Run from the repository root:  python3 Tests/Goldens/blocks.py

Operations, as in operations.py (`<case>/input0`, `<case>/places` and `<case>/output`): `rotary-halves` and
`rotary-interleaved` [7, 2 heads of 6], base 100; `rotary-halves-wide` and `rotary-interleaved-wide` [5, 1 head of 38],
base 10000, far places. Halves by transformers' apply_rotary_pos_emb, neighbours as complex products (Su et al. 2021).

Models, `<name>/…`, under Ensue's names: transformers' LlamaForCausalLM of width 12, 3 heads, 1 head of keys, SwiGLU of
20, 2 layers, 11 symbols. `llama`: untied; `llama-tied`: tied, biases, 3 heads of keys, GELU gates, base 500. `lengths`,
`ids` and `targets` (one sequence after another in the caller's order), `logits`, `loss` (mean cross-entropy),
`parameter/<name>` and `gradient/<name>`.

transformers computes norms and angles in 32 bits whatever the model's type; both are replaced by the same equations in
float64. So does the softmax of its own attention; PyTorch's is used instead.
"""

import torch
import torch.nn.functional as functional
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama import modeling_llama

from goldenfile import generator, normal, save

tensors = {}


# Operations.

def angles(places, size, base):
    frequencies = base ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    return places.to(torch.float64)[:, None] * frequencies


def halves(x, places, heads, base):
    size = x.shape[1] // heads
    turns = torch.cat([angles(places, size, base)] * 2, dim=-1)
    q = x.reshape(1, len(x), heads, size).transpose(1, 2)
    turned, _ = modeling_llama.apply_rotary_pos_emb(q, q, turns.cos()[None], turns.sin()[None])
    return turned.transpose(1, 2).reshape(x.shape)


def interleaved(x, places, heads, base):
    size = x.shape[1] // heads
    pairs = torch.view_as_complex(x.reshape(len(x), heads, size // 2, 2).contiguous())
    turns = angles(places, size, base)
    turned = pairs * torch.polar(torch.ones_like(turns), turns)[:, None]
    return torch.view_as_real(turned).reshape(x.shape)


def operations():
    near, far = torch.tensor([0, 1, 2, 3, 7, 5, 0]), torch.tensor([1000, 4095, 3, 4000, 999])
    for name, operation in [("halves", halves), ("interleaved", interleaved)]:
        for suffix, places, heads, features, base in [("", near, 2, 12, 100.0), ("-wide", far, 1, 38, 10000.0)]:
            case = f"rotary-{name}{suffix}"
            x = normal(generator(case), len(places), features)
            tensors.update({
                f"{case}/input0": x, f"{case}/places": places, f"{case}/output": operation(x, places, heads, base)})


# Models.

class Norm(torch.nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(width))
        self.epsilon = eps

    def forward(self, x):
        return self.weight * x / torch.sqrt(x.square().mean(-1, keepdim=True) + self.epsilon)


class Rotary(torch.nn.Module):
    def __init__(self, size, base):
        super().__init__()
        self.size, self.base = size, base

    def forward(self, x, position_ids):
        turns = torch.cat([angles(position_ids[0], self.size, self.base)] * 2, dim=-1)[None]
        return turns.cos(), turns.sin()


NAMES = [
    ("model.embed_tokens.", "embedding."), ("model.layers.", "encoder.blocks."), ("model.norm.", "encoder.finalNorm."),
    ("self_attn.q_proj.", "attention.query."), ("self_attn.k_proj.", "attention.key."),
    ("self_attn.v_proj.", "attention.value."), ("self_attn.o_proj.", "attention.output."),
    ("mlp.gate_proj.", "feedForward.inner."), ("mlp.up_proj.", "feedForward.factor."),
    ("mlp.down_proj.", "feedForward.outer."), ("input_layernorm.weight", "attentionNorm.scale"),
    ("post_attention_layernorm.weight", "feedForwardNorm.scale"), ("finalNorm.weight", "finalNorm.scale"),
    ("lm_head.", "unembedding."),
]


def name_of(theirs):
    for before, after in NAMES:
        theirs = theirs.replace(before, after)
    return theirs


def model(name, **options):
    random = generator(name)
    modeling_llama.LlamaRMSNorm = Norm
    configuration = LlamaConfig(
        vocab_size=11, hidden_size=12, intermediate_size=20, num_hidden_layers=2, num_attention_heads=3,
        max_position_embeddings=32, rms_norm_eps=1e-5, attn_implementation="sdpa", **options)
    llama = LlamaForCausalLM(configuration).double().train()
    base = getattr(configuration, "rope_theta", None) or configuration.rope_parameters["rope_theta"]
    llama.model.rotary_emb = Rotary(4, base)
    with torch.no_grad():
        for key, parameter in llama.named_parameters():
            parameter.copy_(normal(random, *parameter.shape, scale=0.3) + (1 if "norm" in key else 0))
    lengths = [5, 9, 1, 7]
    ids = [torch.from_numpy(random.randint(0, 11, n)) for n in lengths]
    targets = [torch.from_numpy(random.randint(0, 11, n)) for n in lengths]
    logits = torch.cat([llama(x[None], use_cache=False).logits[0] for x in ids])
    loss = functional.cross_entropy(logits, torch.cat(targets))
    loss.backward()
    found = {
        "lengths": torch.tensor(lengths), "ids": torch.cat(ids), "targets": torch.cat(targets), "logits": logits,
        "loss": loss}
    for key, parameter in llama.named_parameters():
        found[f"parameter/{name_of(key)}"] = parameter
        found[f"gradient/{name_of(key)}"] = parameter.grad
    tensors.update({f"{name}/{key}": value for key, value in found.items()})


if __name__ == "__main__":
    operations()
    model("llama", num_key_value_heads=1, tie_word_embeddings=False)
    model(
        "llama-tied", num_key_value_heads=3, tie_word_embeddings=True, attention_bias=True, mlp_bias=True,
        hidden_act="gelu", rope_theta=500.0)
    save(__file__, tensors)
