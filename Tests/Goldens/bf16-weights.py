"""What the language models of Tests/Goldens/pretrained-decoders say with their matrices rounded to bfloat16.

Run from the repository root, after pretrained-decoders.py:  python3 Tests/Goldens/bf16-weights.py

Rounded, to nearest and ties to even, are the maps, the table of tokens and the output layer; positions, norms and biases
stay in float32, and everything is computed in float32 by transformers. In bf16-weights.safetensors, `<name>/…`: `logits`
of the sequences of pretrained-decoders.safetensors, `greedy` ids after its prompt (of `mistral` 8, else 24).
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from goldenfile import save

FOLDER = Path(__file__).with_name("pretrained-decoders")


def says(name, inputs):
    model = AutoModelForCausalLM.from_pretrained(FOLDER / name, dtype=torch.float32).eval()
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if parameter.dim() == 2 and "wpe" not in key:
                parameter.copy_(parameter.to(torch.bfloat16).float())
        lengths = inputs[f"{name}/lengths"].tolist()
        logits = torch.cat([model(ids[None], use_cache=False).logits[0] for ids in inputs[f"{name}/ids"].split(lengths)])
        written = inputs[f"{name}/prompt"]
        for _ in inputs[f"{name}/greedy"]:
            scores = model(written[None], use_cache=False).logits[0, -1]
            best = scores.topk(2).values
            assert best[0] - best[1] > 1e-3 * best[0].abs(), f"{name}: two continuations are equally likely"
            written = torch.cat([written, scores.argmax()[None]])
    change = (logits - inputs[f"{name}/logits"]).abs().max()
    print(f"{name}: rounding changes a score by {change:.3f} at most, of {logits.abs().max():.1f}")
    return {f"{name}/logits": logits, f"{name}/greedy": written[len(inputs[f'{name}/prompt']):]}


golden = load_file(FOLDER.with_suffix(".safetensors"))
tensors = {}
for name in ["gpt2", "gpt2-shards", "llama", "llama-bf16", "mistral"]:
    tensors.update(says(name, golden))
save(__file__, tensors)
