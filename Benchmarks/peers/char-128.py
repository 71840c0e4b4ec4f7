"""PyTorch's side of `char-128`: a character model, 2 LSTM layers of 128 over 65 symbols; see language.py.

Embedding 128, batch 50, 50 steps, Adam 2e-3, the norm clipped at 5.

    python3 Benchmarks/peers/char-128.py --threads 2 --seconds 8 [--serve]
"""

import language
import peer

language.main(
    "char-128", symbols=65, size=128, layers=2, batch=50, steps=50, clip=5.0,
    optimizer=lambda torch, model: peer.adam(torch, model, rate=2e-3))
