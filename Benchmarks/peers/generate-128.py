"""PyTorch's side of `generate-128`: characters from 2 LSTM layers of 128 over 65 symbols, one stream; see generate.py.

    python3 Benchmarks/peers/generate-128.py --threads 2 --seconds 8 [--serve]
"""

import generate

generate.main("generate-128", symbols=65, size=128, layers=2)
