"""PyTorch's side of `gru-256`: a GRU (torch.nn.GRU) with input and hidden size 256, batch 64, 40 steps.

Inputs are gathered by random ids from a frozen [5000, 256] table; linear to 2 on the last state; cross entropy; Adam
1e-3. Counts 64 * 40 tokens a step.

    python3 Benchmarks/peers/gru-256.py --threads 2 --seconds 8 [--serve]
"""

import peer

VOCABULARY, SIZE, BATCH, STEPS, BATCHES = 5000, 256, 64, 40, 50


def main():
    arguments = peer.parse(peer.options("gru-256", __doc__))
    torch = peer.loadTorch(arguments)
    table = torch.randn(VOCABULARY, SIZE)
    encoder = torch.nn.GRU(SIZE, SIZE)
    output = torch.nn.Linear(SIZE, 2)
    optimizer = peer.adam(torch, torch.nn.ModuleList([encoder, output]))
    ids = torch.randint(VOCABULARY, (BATCHES, STEPS, BATCH))
    labels = torch.randint(2, (BATCHES, BATCH))
    count = 0

    def step():
        nonlocal count
        which = count % BATCHES
        count += 1
        optimizer.zero_grad()
        _, finalHidden = encoder(table[ids[which]])
        torch.nn.functional.cross_entropy(output(finalHidden[-1]), labels[which]).backward()
        optimizer.step()
        return BATCH * STEPS

    peer.measureSteps(arguments, torch, step)


main()
