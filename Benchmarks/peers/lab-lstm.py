"""PyTorch's side of `lab-lstm`: an LSTM of 100 over frozen vectors on MR; see laboratory.py.

    python3 Benchmarks/peers/lab-lstm.py --threads 2 --seconds 8 [--data DIR] [--serve]
"""

import laboratory

laboratory.main("lab-lstm", bidirectional=False)
