"""Makes Tests/Goldens/sampling.safetensors: what a symbol is drawn from after penalty, temperature and cuts, by the
logits processors of Hugging Face transformers, in float64.

Run from the repository root:  python3 Tests/Goldens/sampling.py

The processors and their order are those that `generate` itself puts together for a tiny GPT-2. Tensors of a case:
`NAME/logits` [vocabulary], `NAME/recent` (int64, what was read before), `NAME/options` [penalty, temperature, top-k,
top-p, min-p] with -1 for none, `NAME/probabilities` [vocabulary], 0 where a symbol was cut.
"""

import torch
import transformers

from goldenfile import generator, normal, save

tensors = {}
model = transformers.GPT2LMHeadModel(transformers.GPT2Config(vocab_size=16, n_positions=8, n_embd=8, n_layer=1, n_head=2))


def case(name, vocabulary=24, recent=(3, 7, 3, 1), penalty=None, temperature=1.0, k=None, p=None, minimum=None, scale=2.0):
    logits = normal(generator("sampling-" + name), vocabulary, scale=scale)
    recent = torch.tensor(recent)
    configuration = transformers.GenerationConfig(
        do_sample=True, repetition_penalty=penalty, temperature=temperature, top_k=k or 0, top_p=p or 1.0, min_p=minimum)
    processors = model._get_logits_processor(configuration, input_ids_seq_length=len(recent), device="cpu")
    scores = processors(recent[None], logits[None].clone())[0]
    tensors[f"{name}/logits"] = logits
    tensors[f"{name}/recent"] = recent
    options = [penalty, temperature, k, p, minimum]
    tensors[f"{name}/options"] = torch.tensor([-1.0 if value is None else float(value) for value in options], dtype=torch.float64)
    tensors[f"{name}/probabilities"] = scores.softmax(dim=-1)


case("plain")
case("cold", temperature=0.3)
case("hot", temperature=2.5)
case("penalty", penalty=1.7)
case("reward", penalty=0.6)
case("top-k", k=5)
case("top-k-all", k=1000)
case("top-k-one", k=1)
case("top-p", p=0.9)
case("top-p-narrow", p=0.05)
case("top-p-flat", p=0.5, scale=0.01)
case("min-p", minimum=0.1)
case("min-p-one", minimum=1.0)
case("hot-top-p", temperature=1.8, p=0.8)
case("cold-top-k-min-p", temperature=0.7, k=10, minimum=0.05)
case("all", penalty=1.2, temperature=0.8, k=12, p=0.85, minimum=0.04)
case("all-wide", vocabulary=700, recent=(5, 699, 5, 0, 88, 12), penalty=1.3, temperature=1.1, k=300, p=0.95, minimum=0.01)
case("top-p-wide", vocabulary=700, recent=(1,), p=0.92, scale=3.0)
case("top-k-wide", vocabulary=700, recent=(1,), k=40)
save(__file__, tensors)
