"""PyTorch's side of `gpt-baby`: a small decoder-only Transformer over 65 symbols, in the layout of nanoGPT.

6 pre-norm blocks of width 384 with 6 heads (scaled_dot_product_attention, causal), GELU, no biases, learned positions,
a last norm, output tied to the embedding; batch 8, context 256; cross entropy; AdamW 1e-3, betas 0.9 and 0.99, weight
decay 0.1 on all, the norm clipped at 1; no dropout; float32. The text is random, as in language.py; every piece stands
for itself. Counts 8 * 256 tokens a step.

    python3 Benchmarks/peers/gpt-baby.py --threads 2 --seconds 8 [--serve]
"""

import language
import peer

SYMBOLS, LAYERS, HEADS, WIDTH, CONTEXT, BATCH, SEGMENTS = 65, 6, 6, 384, 256, 8, 20


def makeModel(torch):
    from torch import nn
    from torch.nn import functional

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.attentionNorm = nn.LayerNorm(WIDTH)
            self.attention = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
            self.projection = nn.Linear(WIDTH, WIDTH, bias=False)
            self.feedForwardNorm = nn.LayerNorm(WIDTH)
            self.inner = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
            self.outer = nn.Linear(4 * WIDTH, WIDTH, bias=False)

        def forward(self, x):
            batch, steps, _ = x.shape
            parts = self.attention(self.attentionNorm(x)).split(WIDTH, dim=2)
            query, key, value = (part.view(batch, steps, HEADS, WIDTH // HEADS).transpose(1, 2) for part in parts)
            heads = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
            x = x + self.projection(heads.transpose(1, 2).reshape(batch, steps, WIDTH))
            return x + self.outer(functional.gelu(self.inner(self.feedForwardNorm(x))))

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(SYMBOLS, WIDTH)
            self.positions = nn.Embedding(CONTEXT, WIDTH)
            self.blocks = nn.Sequential(*(Block() for _ in range(LAYERS)))
            self.norm = nn.LayerNorm(WIDTH)
            for name, parameter in self.named_parameters():
                if parameter.dim() == 2:
                    endsInSum = name.endswith(("projection.weight", "outer.weight"))
                    nn.init.normal_(parameter, std=0.02 / (2 * LAYERS) ** 0.5 if endsInSum else 0.02)

        def forward(self, ids):
            states = self.norm(self.blocks(self.embedding(ids) + self.positions.weight[: ids.shape[1]]))
            return functional.linear(states, self.embedding.weight)

    return GPT()


def main():
    arguments = peer.parse(peer.options("gpt-baby", __doc__))
    torch = peer.loadTorch(arguments)
    model = makeModel(torch)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1, fused=True)
    text = [
        (ids.t().contiguous(), targets.view(CONTEXT, BATCH).t().flatten())
        for ids, targets in language.segments(torch, SYMBOLS, BATCH, CONTEXT, SEGMENTS)]
    count = 0

    def step():
        nonlocal count
        ids, targets = text[count % SEGMENTS]
        count += 1
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(ids).flatten(0, 1), targets).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        return BATCH * CONTEXT

    peer.measureSteps(arguments, torch, step)


main()
