"""PyTorch's side of `generate-512`: characters from 3 LSTM layers of 512 over 65 symbols, one stream; see generate.py.

    python3 Benchmarks/peers/generate-512.py --threads 2 --seconds 8 [--serve]
"""

import generate

generate.main("generate-512", symbols=65, size=512, layers=3)
