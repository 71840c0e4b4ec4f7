"""PyTorch's side of `ptb-650`: the medium word model of Zaremba et al. (2014), 2 LSTM layers of 650; see language.py.

10,000 words, embedding 650, batch 20, 35 steps, dropout 0.5 on all connections that are not recurrent, SGD at 1, the
norm clipped at 5.

    python3 Benchmarks/peers/ptb-650.py --threads 2 --seconds 8 [--serve]
"""

import language
import peer

language.main(
    "ptb-650", symbols=10_000, size=650, layers=2, batch=20, steps=35, clip=5.0, dropout=0.5,
    optimizer=lambda torch, model: peer.sgd(torch, model, rate=1.0))
