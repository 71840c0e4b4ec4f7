"""PyTorch's side of `char-512`: a character model, 3 LSTM layers of 512 over 65 symbols; see language.py.

Embedding 512, batch 50, 50 steps, Adam 2e-3, the norm clipped at 5.

    python3 Benchmarks/peers/char-512.py --threads 2 --seconds 8 [--serve]
"""

import language
import peer

language.main(
    "char-512", symbols=65, size=512, layers=3, batch=50, steps=50, clip=5.0,
    optimizer=lambda torch, model: peer.adam(torch, model, rate=2e-3))
