"""Measures of translation as sacreBLEU computes them; writes translation-metrics.json beside this file.

Run: python3 Tests/Goldens/translation-metrics.py [MULTI30K]      needs: sacrebleu 2.6.0

The texts are made here, from alphabets that have what tokenisations differ in, and are in the file: "corpora" has, of
each corpus, hypotheses and whole translations as references (null where a translation has none of a line). "metrics"
lists measures with their options by sacreBLEU's names; "scores" has a row a corpus and in it an entry a measure: value,
then precisions, penalty and lengths, or edits and length. "lines" has of each corpus a digest of the lines that are
printed, signatures without the version in them. "sentences" has the same, printed, of the first lines.
"plain" has word and character error rates and exact matches by the textbook's matrix, written here.
"unicode" digests which scalars the two programs take for white space, punctuation, symbols and numbers, and their lower
case. "multi30k" measures the English references of 2016 against themselves and a corrupted copy, made by rule.
"""

import json
import pathlib
import random
import sys

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF, TER

WORDS = [
    "the", "The", "a", "cat", "CAT", "sat", "on", "mat", "it", "is", "house", "green", "dog", "runs", "Mr.", "U.S.",
    "1,000.5", "3.14", "1990s", "10-20", "5-", "-5", "$5", "5 €", "£3.50", "100%", "20°C", "it's", "John's", "dogs'",
    "well-known", "state-of-the-art", "--", "–", "—", "...", "…", "(hi)", "\"quoted\"", "“so”", "«ja»", "'x'", "&amp;",
    "&lt;b&gt;", "&quot;", "&amp;lt;", "&apos;", "<skipped>", "a&b", "@user", "#tag", "x_y", "a/b", "C++", "~", "^", "`",
    "{x}", "[1]", "\\n", "|", "=", "<", ">", "*", "!", "?", ";", ":", ",", ".", "?!", "Straße", "GROSSE", "über",
    "ÄPFEL", "Öl", "naïve", "e\u0301te\u0301", "Ångström", "İstanbul", "ΟΔΟΣ", "Σίσυφος", "ΑΣ.", "ΣΑΣ'", "καλημέρα",
    "ἀρχή·", "привет", "МОСКВА", "你好", "世界。", "我喜欢吃苹果,", "「東京」", "日本語のテキスト。", "カタカナ・テスト",
    "ﾊﾝｶｸ｡", "ひらがな", "한국어", "ＡＢＣ１２３", "！？", "（全角）", "㈱", "㍻", "〇", "⼀", "﹁", "𠀀𠀁", "😀", "👩‍👩‍👧", "🇬🇷",
    "☃", "✓", "→", "½", "²", "Ⅷ", "٣٫٥", "१२३", "۱۲,۵", "שלום", "مرحبا،", "ไทย", "नमस्ते।", "a\u00adb", "\u200bzero",
    "＄10", "₿1", "№5", "a\u2028b", "\u3000", "\u00a0", "\u2003", "\x1c", "\t", "  ", "-\n", "\n-", "\n", "x\n", "q.\n",
]
BASIC = WORDS[:14] + ["."]


def sentence(random, longest):
    if random.random() < 0.12:
        return random.choice(["", "", " ", ".", "\t", "x"])
    words = BASIC if random.random() < 0.35 else WORDS
    joined = [random.choice(words) + random.choice([" ", " ", " ", " ", "", "  "]) for _ in range(random.randint(1, longest))]
    return "".join(joined)


def disturbed(random, text):
    """A translation like another: words dropped, changed, doubled, and phrases moved."""
    words = text.split(" ")
    for _ in range(random.randint(0, 5)):
        place = random.randrange(len(words) + 1)
        action = random.randrange(6)
        if action == 0 and words:
            del words[place % len(words)]
        elif action == 1:
            words.insert(place, random.choice(WORDS))
        elif action == 2 and words:
            words[place % len(words)] = random.choice(BASIC)
        elif action == 3 and words:
            words[place % len(words)] = words[place % len(words)].swapcase()
        elif len(words) > 2:
            start, length = random.randrange(len(words)), random.randint(1, 12)
            phrase, words = words[start : start + length], words[:start] + words[start + length :]
            target = random.randrange(len(words) + 1)
            words = words[:target] + phrase + words[target:]
    return " ".join(words)


def corpus(seed):
    r = random.Random(seed)
    lines = r.randint(1, 8)
    longest = r.choice([3, 8, 8, 20, 20]) if seed % 25 else 120
    first = [sentence(r, longest) for _ in range(lines)]
    translations = [first] + [[disturbed(r, line) for line in first] for _ in range(r.choice([0, 0, 0, 1, 1, 2, 3]))]
    hypotheses = [disturbed(r, r.choice(lines_of)) for lines_of in zip(*translations)]
    if seed % 17 == 3:
        hypotheses = [sentence(r, longest) for _ in range(lines)]
    if seed % 25 == 7:
        hypotheses = list(first)
    if seed % 25 == 9:
        hypotheses = ["" for _ in first]
    if seed % 25 == 11:
        translations = [["" for _ in line] for line in translations]
    if len(translations) > 1 and seed % 3 == 0:
        for translation in translations[1:]:
            for index in range(lines):
                if r.random() < 0.3:
                    translation[index] = None
    if seed % 55 in (20, 21):
        # Lengths more than fifty times apart, for which TER's band has another width.
        long = [" ".join(r.choices(BASIC, k=r.randint(105, 130))) for _ in range(lines)]
        short = [" ".join(r.choices(BASIC, k=r.randint(1, 2))) for _ in range(lines)]
        hypotheses, translations = (short, [long]) if seed % 55 == 20 else (long, [short])
    return hypotheses, translations


METRICS = (
    [("bleu", {"tokenize": tok, "lowercase": low}) for tok in ["13a", "intl", "char", "zh", "none"] for low in [False, True]]
    + [("bleu", {"smooth_method": m, "smooth_value": v}) for m, v in
       [("floor", None), ("floor", 0.5), ("floor", 0.0), ("add-k", None), ("add-k", 0.25), ("none", None)]]
    + [("bleu", {"max_ngram_order": n, "smooth_method": m, "effective_order": e})
       for n, m, e in [(1, "exp", False), (2, "add-k", False), (6, "exp", True), (4, "exp", True), (4, "floor", True)]]
    + [("chrf", o) for o in [{}, {"lowercase": True}, {"whitespace": True}, {"eps_smoothing": True}, {"beta": 1},
                             {"beta": 3, "char_order": 4}, {"char_order": 1}, {"word_order": 1}]]
    + [("chrf++", {"word_order": 2, **o}) for o in [{}, {"lowercase": True}, {"whitespace": True},
                                                   {"eps_smoothing": True}, {"beta": 1, "char_order": 0}]]
    + [("ter", {"normalized": n, "no_punct": p, "asian_support": a, "case_sensitive": c})
       for n in [False, True] for p in [False, True] for a in [False, True] for c in [False, True]]
)
MAKERS = {"bleu": BLEU, "chrf": CHRF, "chrf++": CHRF, "ter": TER}


def entry(score, signature):
    """Value and details; the printed line with the version left out."""
    line = score.format(signature=signature.format())
    details = []
    if score.name == "BLEU":
        details = list(score.precisions) + [score.bp, score.sys_len, score.ref_len]
    elif score.name == "TER":
        details = [score.num_edits, score.ref_length]
    return [round_trip(d) for d in [score.score] + details], line.replace("version:" + sacrebleu.__version__, "version:")


def round_trip(value):
    """Twelve digits, a thousand times finer than what is compared."""
    return int(value) if value == int(value) else float(f"{value:.12g}")


def distance(left, right):
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        former, row = row, [i]
        for j, b in enumerate(right, 1):
            row.append(min(former[j] + 1, row[j - 1] + 1, former[j - 1] + (a != b)))
    return row[-1]


def plain(hypotheses, translations):
    """Edits and length in words, in characters, and lines that are equal, with case and without."""
    result = []
    for lower in [False, True]:
        low = (lambda s: s.lower()) if lower else (lambda s: s)
        totals = [0, 0, 0, 0, 0]
        for index, hypothesis in enumerate(hypotheses):
            h = low(hypothesis).strip()
            refs = [low(t[index]).strip() for t in translations if t[index] is not None]
            for place, unit in [(0, str.split), (2, list)]:
                edits, length = min((distance(unit(h), unit(r)), -len(unit(r))) for r in refs)
                totals[place] += edits
                totals[place + 1] -= length
            totals[4] += h in refs
        result.append(totals)
    return result


def digest(numbers):
    """FNV-1a."""
    value = 0xCBF29CE484222325
    for number in numbers:
        value = ((value ^ number) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def unicode_digests():
    """Over the scalars' numbers, of each class; of lower case over the results. Of the scalars of Unicode 14 and before:
    what is assigned to those does not change."""
    import unicodedata

    import regex

    scalars = [c for c in range(0x110000) if unicodedata.category(chr(c)) not in ["Cn", "Cs"]]
    classes = {name: regex.compile(p) for name, p in
               [("punctuation", r"\p{P}"), ("symbol", r"\p{S}"), ("number", r"\p{N}")]}
    result = {name: digest(c for c in scalars if p.match(chr(c))) for name, p in classes.items()}
    result["space"] = digest(c for c in scalars if chr(c).isspace())
    result["lower"] = digest(ord(l) for c in scalars for l in chr(c).lower())
    return result


def corrupted(lines):
    """By rule, so that the test can do the same: every third line loses its second word, every fifth is moved round by
    three words, every seventh is in capitals, every eleventh is empty."""
    result = []
    for index, line in enumerate(lines, 1):
        words = line.split()
        if index % 3 == 0:
            del words[1:2]
        if index % 5 == 0:
            words = words[3:] + words[:3]
        line = " ".join(words)
        if index % 7 == 0:
            line = line.upper()
        result.append("" if index % 11 == 0 else line)
    return result


def multi30k(folder):
    lines = (pathlib.Path(folder) / "raw/test_2016_flickr.en").read_text("utf-8").split("\n")[:-1]
    other = (pathlib.Path(folder) / "raw/test_2016_flickr.de").read_text("utf-8").split("\n")[:-1]
    result = {}
    for name, hypotheses, translations in [
        ("itself", lines, [lines]), ("corrupted", corrupted(lines), [lines]), ("two", corrupted(lines), [lines, other]),
    ]:
        rows = []
        for kind, options in [METRICS[0], METRICS[2], METRICS[21], METRICS[29], METRICS[34]]:
            metric = MAKERS[kind](**options)
            rows.append(entry(metric.corpus_score(hypotheses, translations), metric.get_signature())[1])
        result[name] = rows
    return result


def main():
    corpora = [corpus(seed) for seed in range(220)]
    scores, lines, sentences = [], [], []
    for hypotheses, translations in corpora:
        row = []
        for kind, options in METRICS:
            metric = MAKERS[kind](**options)
            row.append(entry(metric.corpus_score(hypotheses, translations), metric.get_signature()))
        scores.append([values for values, _ in row])
        lines.append(digest("\n".join(line for _, line in row).encode()))
        references = [t[0] for t in translations if t[0] is not None]
        row = []
        for kind, options in [METRICS[0], METRICS[19], METRICS[21], METRICS[29]]:
            options = {**options, "effective_order": True} if kind == "bleu" else options
            metric = MAKERS[kind](**options)
            row.append(entry(metric.sentence_score(hypotheses[0], references), metric.get_signature())[1])
        sentences.append(row)
    path = pathlib.Path(__file__).with_suffix(".json")
    result = {
        "sacrebleu": sacrebleu.__version__,
        "corpora": [{"hypotheses": h, "references": t, "plain": plain(h, t)} for h, t in corpora],
        "metrics": [{"metric": kind, **options} for kind, options in METRICS],
        "scores": scores,
        "lines": lines,
        "sentences": sentences,
        "unicode": unicode_digests(),
    }
    folder = sys.argv[1] if len(sys.argv) > 1 else "../shared/data/multi30k"
    result["multi30k"] = multi30k(folder)
    path.write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{path.name}: {len(corpora)} corpora, {len(METRICS)} measures, {path.stat().st_size} bytes")


main()
