"""The Python side of `train-bpe`: Hugging Face's BpeTrainer, 8,000 byte-level pieces from the Penn Treebank, one thread.

A block is one training from the file, whatever --seconds says.

    python3 Benchmarks/peers/train-bpe.py [--data DIR] [--serve]
"""

import os
import time

import peer

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"


def main():
    arguments = peer.parse(peer.options("train-bpe", __doc__, data=True))
    arguments.threads = 1
    try:
        import tokenizers
        from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    except ImportError:
        peer.fail(69, "the package `tokenizers` is not installed for this Python.")
    path = arguments.data / "ptb" / "ptb.train.txt"
    if not path.exists():
        peer.fail(66, f"{path}: the Penn Treebank expected, found none.")

    def block():
        start = time.perf_counter()
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.train([str(path)], trainers.BpeTrainer(
            vocab_size=8000, min_frequency=2, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
        return {"seconds": time.perf_counter() - start, "unit": "seconds"}

    peer.measure(arguments, block, f"tokenizers {tokenizers.__version__}", block)


main()
