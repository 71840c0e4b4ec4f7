"""PyTorch's side of `bahdanau-beam`: beam search of width 5 over 64 sentences at once, 15 symbols each.

The model of translation.py under inference_mode. Nothing ends a translation early; hypotheses of a sentence share its
encoded states; of 5 * 8,000 continuations the best 5 go on. Counts 64 * 15 target tokens a batch.

    python3 Benchmarks/peers/bahdanau-beam.py --threads 2 --seconds 8 [--serve]
"""

import peer
import translation
from translation import BATCH, STEPS, WORDS

WIDTH = 5


def main():
    arguments = peer.parse(peer.options("bahdanau-beam", __doc__))
    torch = peer.loadTorch(arguments)
    model = translation.makeModel(torch).eval()
    batches = translation.batches(torch)
    first = torch.arange(BATCH).unsqueeze(1) * WIDTH
    count = 0

    def search(sources):
        states, keys, state = model.encode(sources)
        states, keys, state = (x.repeat_interleave(WIDTH, dim=0) for x in (states, keys, state))
        last = torch.ones(BATCH * WIDTH, dtype=torch.long)
        # At first all hypotheses of a sentence are the same: only one of them counts.
        totals = torch.full((BATCH, WIDTH), float("-inf"))
        totals[:, 0] = 0
        symbols = torch.empty(BATCH * WIDTH, 0, dtype=torch.long)
        for _ in range(STEPS):
            vector = model.target(last)
            state, context = model.step(vector, state, states, keys)
            logs = torch.log_softmax(model.scores(state, vector, context), dim=1).view(BATCH, WIDTH, WORDS)
            totals, chosen = (totals.unsqueeze(2) + logs).view(BATCH, -1).topk(WIDTH)
            parents, last = (first + chosen // WORDS).flatten(), (chosen % WORDS).flatten()
            state = state[parents]
            symbols = torch.cat([symbols[parents], last.unsqueeze(1)], dim=1)
        return symbols.view(BATCH, WIDTH, STEPS)[:, 0]

    def step():
        nonlocal count
        with torch.inference_mode():
            found = search(batches[count % len(batches)][0])
        count += 1
        return found.numel()

    peer.measureSteps(arguments, torch, step)


main()
