"""The encoder–decoder of bahdanau and bahdanau-beam (Bahdanau et al. 2015). Not a program of its own.

Embeddings of 256 over 8,000 words on each side; a GRU of 256 in both directions; the decoder begins at tanh(W s + b) of
both ends; a GRU of 256 that reads the symbol's vector and the context, additive attention of the state before over the
encoder's states, the keys' part computed once; maxout of [state; vector; context] and a linear layer, taken over all
steps at once. Sentences of 15 words on both sides, batch 64, random words.
"""

import peer

WORDS, SIZE, BATCH, STEPS, BATCHES = 8000, 256, 64, 15, 20


def batches(torch):
    """(sources, inputs, targets) of each batch: [batch, steps] each; a target is its input a symbol later."""
    ids = torch.tensor(peer.randomIds(WORDS, BATCHES * BATCH * (2 * STEPS + 1))).view(BATCHES, BATCH, 2 * STEPS + 1)
    return [(part[:, :STEPS], part[:, STEPS:-1], part[:, STEPS + 1 :]) for part in ids]


def makeModel(torch):
    from torch import nn

    class Translator(nn.Module):
        def __init__(self):
            super().__init__()
            self.source = nn.Embedding(WORDS, SIZE)
            self.target = nn.Embedding(WORDS, SIZE)
            self.encoder = nn.GRU(SIZE, SIZE, bidirectional=True, batch_first=True)
            self.bridge = nn.Linear(2 * SIZE, SIZE)
            self.keys = nn.Linear(2 * SIZE, SIZE)
            self.query = nn.Linear(SIZE, SIZE, bias=False)
            self.score = nn.Linear(SIZE, 1, bias=False)
            self.cell = nn.GRUCell(3 * SIZE, SIZE)
            self.readout = nn.Linear(4 * SIZE, 2 * SIZE)
            self.output = nn.Linear(SIZE, WORDS)

        def encode(self, sources):
            states, ends = self.encoder(self.source(sources))
            return states, self.keys(states), torch.tanh(self.bridge(torch.cat([ends[0], ends[1]], dim=1)))

        def step(self, vector, state, states, keys):
            energies = self.score(torch.tanh(keys + self.query(state).unsqueeze(1)))
            context = (torch.softmax(energies, dim=1) * states).sum(dim=1)
            return self.cell(torch.cat([vector, context], dim=1), state), context

        def scores(self, state, vector, context):
            both = self.readout(torch.cat([state, vector, context], dim=-1))
            return self.output(both.view(*both.shape[:-1], 2, SIZE).amax(dim=-2))

        def forward(self, sources, inputs):
            states, keys, state = self.encode(sources)
            vectors = self.target(inputs)
            outputs, contexts = [], []
            for step in range(inputs.shape[1]):
                state, context = self.step(vectors[:, step], state, states, keys)
                outputs.append(state)
                contexts.append(context)
            return self.scores(torch.stack(outputs, 1), vectors, torch.stack(contexts, 1))

    return Translator()
