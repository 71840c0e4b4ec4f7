"""PyTorch's side of `sentence-latency`: one sentence of 21 words through a bidirectional LSTM of 100, in seconds.

Look-up in a [20000, 50] table, torch.nn.LSTM in both directions, the two true ends joined, linear to 2; no padding,
nothing packed (a single sentence needs neither), under inference_mode. The ids are tensors beforehand. A block gives
the mean time of a call. The sentences take turns, 64 of them.

    python3 Benchmarks/peers/sentence-latency.py --threads 2 --seconds 8 [--serve]
"""

import peer

VOCABULARY, EMBEDDING_SIZE, HIDDEN_SIZE, WORDS, SENTENCES = 20_000, 50, 100, 21, 64


def main():
    arguments = peer.parse(peer.options("sentence-latency", __doc__))
    torch = peer.loadTorch(arguments)
    embedding = torch.nn.Embedding(VOCABULARY, EMBEDDING_SIZE).eval()
    encoder = torch.nn.LSTM(EMBEDDING_SIZE, HIDDEN_SIZE, bidirectional=True).eval()
    output = torch.nn.Linear(2 * HIDDEN_SIZE, 2).eval()
    ids = torch.tensor(peer.randomIds(VOCABULARY, SENTENCES * WORDS)).view(SENTENCES, WORDS, 1).unbind()
    count = 0

    def call():
        nonlocal count
        _, (finalHidden, _) = encoder(embedding(ids[count % SENTENCES]))
        output(torch.cat([finalHidden[0], finalHidden[1]], dim=-1))
        count += 1
        return 1

    def block(seconds):
        with torch.inference_mode():
            calls = peer.repeated(call, seconds)["tokensPerSecond"]
        return {"seconds": 1 / calls, "unit": "seconds"}

    peer.measure(arguments, lambda: block(arguments.seconds), f"PyTorch {torch.__version__}", lambda: block(1.0))


main()
