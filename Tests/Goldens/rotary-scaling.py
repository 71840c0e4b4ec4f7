"""Makes the folders of Tests/Goldens/rotary-scaling, Llamas with stretched rotary positions, and what they say.

Run from the repository root:  python3 Tests/Goldens/rotary-scaling.py

`linear` (all places divided by 3; its config.json has the older members `rope_scaling` with `type`, and `rope_theta`) and
`llama3` (long waves divided by 8, of waves between 50 and 200 places a part; several ends in generation_config.json). In
rotary-scaling.safetensors, `<name>/…`: `ids`, a sequence of 60, and `logits` [60, 8] in float32.
"""

import json
import shutil
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models
from transformers import LlamaConfig, LlamaForCausalLM

from goldenfile import generator, save

FOLDER = Path(__file__).with_suffix("")
SIZES = dict(
    vocab_size=8, hidden_size=16, intermediate_size=12, num_hidden_layers=2, num_attention_heads=2,
    num_key_value_heads=1, max_position_embeddings=64, bos_token_id=3, eos_token_id=4)
ROPES = {
    "linear": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 3.0},
    "llama3": {
        "rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 200},
}

if __name__ == "__main__":
    tensors = {}
    for name, rope in ROPES.items():
        path = FOLDER / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        random = generator(name)
        model = LlamaForCausalLM(LlamaConfig(rope_parameters=rope, **SIZES))
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                values = torch.from_numpy(random.standard_normal(tuple(parameter.shape))).float()
                parameter.copy_(values * 0.3 + (1 if "norm" in key else 0))
        model.save_pretrained(path)
        model = LlamaForCausalLM.from_pretrained(path, dtype=torch.float32).eval()
        ids = torch.from_numpy(random.randint(0, 8, 60))
        with torch.no_grad():
            tensors.update({f"{name}/ids": ids, f"{name}/logits": model(ids[None], use_cache=False).logits[0]})
        vocabulary = {token: id for id, token in enumerate(["a", "b", "ab", "<s>", "</s>", "c", "d", "e"])}
        tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[("a", "b")]))
        tokenizer.add_special_tokens(["<s>", "</s>"])
        tokenizer.decoder = decoders.Fuse()
        tokenizer.save(str(path / "tokenizer.json"))
        config = json.loads((path / "config.json").read_text())
        if name == "linear":
            del config["rope_parameters"]
            config.update(rope_scaling={"type": "linear", "factor": 3.0}, rope_theta=10000.0)
            (path / "generation_config.json").unlink()
        else:
            (path / "generation_config.json").write_text(json.dumps({"eos_token_id": [4, 7]}) + "\n")
        (path / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    save(__file__, tensors)
