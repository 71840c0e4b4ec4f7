"""PyTorch's side of `pipeline`: from MR's files to a validated classifier, everything counted.

One block is the whole way, whatever --seconds says: read the two files, split at white space (at most 60 tokens), build
the vocabulary, encode; every fifth sentence of the training portion is for validation (8,000 and 2,000); one epoch of a
bidirectional LSTM classifier (trained 50-d embeddings, hidden size 100, maximum over the states, dropout 0.3 before and
after the encoder, linear to 2, cross entropy, Adam 1e-3), batches of 128 of similar length, packed; then a validation
pass. `seconds` is the time of all that (starting Python and importing PyTorch are not in it), `tokensPerSecond` the
tokens of both portions divided by it. The warm-up runs the same on 512 sentences.

    python3 Benchmarks/peers/pipeline.py --threads 2 [--data DIR] [--serve]
"""

import sys
import time

import peer
import reviews

EMBEDDING_SIZE, HIDDEN_SIZE, BATCH, DROPOUT = 50, 100, 128, 0.3
WARM_UP_SENTENCES = 512


def classifier(torch, vocabularySize):
    class Classifier(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = torch.nn.Embedding(vocabularySize, EMBEDDING_SIZE, padding_idx=reviews.PADDING)
            self.dropout = torch.nn.Dropout(DROPOUT)
            self.encoder = torch.nn.LSTM(EMBEDDING_SIZE, HIDDEN_SIZE, bidirectional=True)
            self.output = torch.nn.Linear(2 * HIDDEN_SIZE, 2)

        def forward(self, packed):
            vectors = reviews.embedded(torch, packed, lambda ids: self.dropout(self.embedding(ids)))
            states, _ = self.encoder(vectors)
            padded, _ = torch.nn.utils.rnn.pad_packed_sequence(states, padding_value=float("-inf"))
            return self.output(self.dropout(padded.amax(dim=0)))

    return Classifier()


def batches(torch, data):
    """Batches of similar length in random order: shuffled, sorted by length, cut, the pieces shuffled."""
    order = torch.randperm(len(data))
    order = order[data.lengths[order].argsort(stable=True)]
    pieces = order.split(BATCH)
    return [pieces[index] for index in torch.randperm(len(pieces))]


def epoch(torch, model, data):
    optimizer = peer.adam(torch, model)
    model.train()
    for rows in batches(torch, data):
        packed, labels, _ = data.batch(rows)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(packed), labels).backward()
        optimizer.step()


def accuracy(torch, model, data):
    model.eval()
    right = 0
    with torch.inference_mode():
        for rows in data.lengths.argsort(stable=True).split(BATCH):
            packed, labels, _ = data.batch(rows)
            right += int((model(packed).argmax(dim=-1) == labels).sum())
    return right / len(data)


def run(torch, folder, limit=None):
    """The whole pipeline; (tokens of both portions, validation accuracy)."""
    sentences = reviews.read(folder)[:limit]
    training = [pair for index, pair in enumerate(sentences) if index % 5 != 4]
    validation = [pair for index, pair in enumerate(sentences) if index % 5 == 4]
    words = reviews.vocabulary([tokens for tokens, _ in training])
    model = classifier(torch, len(words) + reviews.FIRST_WORD)
    data = [reviews.Encoded(torch, part, words) for part in (training, validation)]
    epoch(torch, model, data[0])
    return sum(int(part.lengths.sum()) for part in data), accuracy(torch, model, data[1])


def main():
    arguments = peer.parse(peer.options("pipeline", __doc__, data=True))
    torch = peer.loadTorch(arguments)

    def block():
        start = time.perf_counter()
        tokens, found = run(torch, arguments.data)
        seconds = time.perf_counter() - start
        print(f"pipeline: {tokens} tokens, validation accuracy {found:.3f} after one epoch", file=sys.stderr)
        return {"tokensPerSecond": tokens / seconds, "seconds": seconds, "unit": "tokens/s"}

    warmUp = lambda: run(torch, arguments.data, limit=WARM_UP_SENTENCES)
    peer.measure(arguments, block, f"PyTorch {torch.__version__}", warmUp)


main()
