"""PyTorch's side of `minilm`, `bert-base` and their `-forward`: `transformers`' BERT classifier, random weights, float32.

minilm has 6 layers of 384 features, 12 heads, 1,536 inner features; bert-base 12 of 768, 12 heads, 3,072; 30,522 word
pieces. Batch 8, 128 random pieces each, two classes, attention by scaled_dot_product_attention, no attention mask: all
sentences have one length. Training: dropout 0.1 in the paper's places, cross entropy, AdamW 5e-5, weight decay 0.01 but
for biases and norms, the norm clipped at 1. `-forward`: under inference_mode. Counts 8 * 128 tokens a step.

    python3 Benchmarks/peers/encoder.py --name minilm --threads 2 --seconds 8 [--serve]
"""

import peer

WORDS, BATCH, STEPS, BATCHES = 30522, 8, 128, 20
SIZES = {"minilm": (6, 384, 12, 1536), "bert-base": (12, 768, 12, 3072)}


def main():
    parser = peer.options("encoder", __doc__)
    names = [name + ending for name in SIZES for ending in ("", "-forward")]
    parser.add_argument("--name", choices=names, default="minilm", help="the workload")
    arguments = peer.parse(parser)
    arguments.workload = arguments.name
    torch = peer.loadTorch(arguments)
    try:
        import transformers
    except ImportError:
        peer.fail(69, "transformers is not installed for this Python. Install the package `transformers`, or set "
                  "ENSUE_PEER_PYTHON to a Python that has it.")
    isForward = arguments.name.endswith("-forward")
    layers, width, heads, inner = SIZES[arguments.name.removesuffix("-forward")]
    model = transformers.BertForSequenceClassification(transformers.BertConfig(
        vocab_size=WORDS, hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=inner,
        num_labels=2, attn_implementation="sdpa"))
    ids = torch.tensor(peer.randomIds(WORDS, BATCHES * BATCH * STEPS)).view(BATCHES, BATCH, STEPS)
    labels = torch.arange(BATCH) % 2
    count = 0
    named = list(model.named_parameters())
    optimizer = torch.optim.AdamW(
        [{"params": [p for n, p in named if p.dim() > 1], "weight_decay": 0.01},
         {"params": [p for n, p in named if p.dim() == 1], "weight_decay": 0.0}], lr=5e-5, fused=True)
    model.train(not isForward)

    def train():
        nonlocal count
        optimizer.zero_grad()
        model(input_ids=ids[count % BATCHES], labels=labels).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        count += 1
        return BATCH * STEPS

    def classify():
        nonlocal count
        with torch.inference_mode():
            model(input_ids=ids[count % BATCHES])
        count += 1
        return BATCH * STEPS

    peer.measureSteps(arguments, torch, classify if isForward else train)


main()
