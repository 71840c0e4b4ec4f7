"""PyTorch's side of `lab-bilstm`: lab-lstm in both directions; see laboratory.py.

    python3 Benchmarks/peers/lab-bilstm.py --threads 2 --seconds 8 [--data DIR] [--serve]
"""

import laboratory

laboratory.main("lab-bilstm", bidirectional=True)
