"""Fine-tunes a pre-trained encoder on MR with transformers and PyTorch, as Ensue does with

    ensue train classify --from MODEL --dataset mr --data MR --epochs 2

AdamW 5e-5 with decay 0.01 of matrices, a tenth of warm-up and a linear decay, the norm clipped at 1; batches of 32 of
similar length, padded to the longest; the first 5,000 sentences of each file train, every fifth of them validates after
each epoch, the others test. Prints one JSON line: seconds (validation among them), real tokens a second while training,
accuracy on the test sentences after the last epoch. Run by hand, in turns with Ensue.

    python3 fine-tune.py MODEL MR [--threads N] [--epochs N]
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch
import transformers

BATCH = 32


def sentences(folder):
    """(text, class) to train on, to validate on, to test on."""
    training, test = [], []
    for name, label in (("rt-polarity.pos", 1), ("rt-polarity.neg", 0)):
        lines = [line.strip() for line in (Path(folder) / name).read_text(encoding="utf-8").split("\n")]
        lines = [(line, label) for line in lines if line]
        training += lines[:5000]
        test += lines[5000:]
    return [x for i, x in enumerate(training) if i % 5], training[::5], test


def batches(rows, shuffled):
    """Of similar length; shuffled, some fifty batches at a time are sorted."""
    order = list(range(len(rows)))
    if not shuffled:
        order.sort(key=lambda i: len(rows[i][0]))
        return [order[i:i + BATCH] for i in range(0, len(order), BATCH)]
    random.shuffle(order)
    found = []
    for start in range(0, len(order), 50 * BATCH):
        some = sorted(order[start:start + 50 * BATCH], key=lambda i: len(rows[i][0]))
        found += [some[i:i + BATCH] for i in range(0, len(some), BATCH)]
    random.shuffle(found)
    return found


def tensors(rows, batch, padding):
    longest = max(len(rows[i][0]) for i in batch)
    ids = torch.tensor([rows[i][0] + [padding] * (longest - len(rows[i][0])) for i in batch])
    mask = torch.tensor([[1] * len(rows[i][0]) + [0] * (longest - len(rows[i][0])) for i in batch])
    return ids, mask, torch.tensor([rows[i][1] for i in batch])


@torch.inference_mode()
def accuracy(model, rows, padding):
    model.eval()
    right = 0
    for batch in batches(rows, shuffled=False):
        ids, mask, labels = tensors(rows, batch, padding)
        right += int((model(ids, attention_mask=mask).logits.argmax(1) == labels).sum())
    model.train()
    return right / len(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("data")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    random.seed(1)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(options.model, num_labels=2)
    parts = [[(tokenizer(text, truncation=True)["input_ids"], label) for text, label in part]
             for part in sentences(options.data)]
    training, validation, test = parts
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}], lr=5e-5, fused=True)
    steps = options.epochs * ((len(training) + BATCH - 1) // BATCH)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, steps // 10, steps)
    model.train()
    start, seconds, tokens, curve = time.perf_counter(), 0.0, 0, []
    for _ in range(options.epochs):
        began = time.perf_counter()
        for batch in batches(training, shuffled=True):
            ids, mask, labels = tensors(training, batch, tokenizer.pad_token_id)
            model(ids, attention_mask=mask, labels=labels).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            tokens += int(mask.sum())
        seconds += time.perf_counter() - began
        curve.append(accuracy(model, validation, tokenizer.pad_token_id))
    whole = time.perf_counter() - start
    print(json.dumps({"seconds": round(whole, 1), "tokensPerSecond": round(tokens / seconds),
                      "validation": curve, "accuracy": accuracy(model, test, tokenizer.pad_token_id),
                      "version": f"PyTorch {torch.__version__}, transformers {transformers.__version__}"}))


main()
