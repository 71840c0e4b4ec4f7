"""The training step of lab-lstm and lab-bilstm, which differ in the number of directions. Not a program of its own.

MR's training portion (10,000 sentences, white-space tokens, at most 60), shuffled anew each epoch; batches of 128,
sorted by length and packed; frozen random vectors gathered from a [20000, 50] table; one LSTM layer of 100; its last
state (of both directions); linear to 2; cross entropy; Adam 1e-3. Counts real tokens.
"""

import peer
import reviews

VOCABULARY, EMBEDDING_SIZE, HIDDEN_SIZE, BATCH = 20000, 50, 100, 128


def main(workload, bidirectional):
    arguments = peer.parse(peer.options(workload, __doc__, data=True))
    torch = peer.loadTorch(arguments)
    sentences = reviews.read(arguments.data)
    words = reviews.vocabulary([tokens for tokens, _ in sentences], maximum=VOCABULARY)
    data = reviews.Encoded(torch, sentences, words)

    table = torch.randn(VOCABULARY, EMBEDDING_SIZE)
    encoder = torch.nn.LSTM(EMBEDDING_SIZE, HIDDEN_SIZE, bidirectional=bidirectional)
    output = torch.nn.Linear(HIDDEN_SIZE * (2 if bidirectional else 1), 2)
    optimizer = peer.adam(torch, torch.nn.ModuleList([encoder, output]))

    def batches():
        while True:
            yield from torch.randperm(len(data)).split(BATCH)

    order = batches()

    def step():
        packed, labels, tokens = data.batch(next(order))
        optimizer.zero_grad()
        vectors = reviews.embedded(torch, packed, lambda ids: table[ids])
        _, (finalHidden, _) = encoder(vectors)
        logits = output(torch.cat(list(finalHidden), dim=-1))
        torch.nn.functional.cross_entropy(logits, labels).backward()
        optimizer.step()
        return tokens

    peer.measureSteps(arguments, torch, step)
