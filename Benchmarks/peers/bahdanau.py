"""PyTorch's side of `bahdanau`: training an encoder–decoder with additive attention, teacher forced.

The model of translation.py; cross entropy over all steps, Adam 1e-3, float32. Counts 64 * 15 target tokens a step.

    python3 Benchmarks/peers/bahdanau.py --threads 2 --seconds 8 [--serve]
"""

import peer
import translation


def main():
    arguments = peer.parse(peer.options("bahdanau", __doc__))
    torch = peer.loadTorch(arguments)
    model = translation.makeModel(torch)
    optimizer = peer.adam(torch, model)
    batches = translation.batches(torch)
    count = 0

    def step():
        nonlocal count
        sources, inputs, targets = batches[count % len(batches)]
        count += 1
        optimizer.zero_grad()
        scores = model(sources, inputs)
        torch.nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten()).backward()
        optimizer.step()
        return targets.numel()

    peer.measureSteps(arguments, torch, step)


main()
