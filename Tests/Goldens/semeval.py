"""Writes semeval.json: counts and a hash of the cleaned tweets of SemEval-2017 4A, computed without Ensue.

Run: python3 Tests/Goldens/semeval.py DATA/slp-labs/Semeval2017A   (standard library only)
Cleaning: JSON escapes, doubled and surrounding quotes, HTML entities until nothing changes, white space.
The hash is FNV-1a (64 bits) over `label TAB text LF` of every tweet, in order.
"""

import html.entities
import json
import os
import re
import sys

root = sys.argv[1]


def entity(match):
    body = match.group(1)
    if body.startswith("#"):
        code = int(body[2:], 16) if body[1] in "xX" else int(body[1:])
        return chr(code)
    return html.entities.html5.get(body + ";", match.group(0))


def clean(text):
    text = text.strip()
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text)
    if len(text) >= 2 and text[0] == text[-1] == '"' and '"' not in text[1:-1].replace('""', ""):
        text = text[1:-1]
    text = text.replace('\\""', '"').replace('""', '"')
    while True:
        decoded = re.sub(r"&(#\d{1,8}|#[xX][0-9a-fA-F]{1,8}|\w{1,10});", entity, text)
        if decoded == text:
            break
        text = decoded
    return re.sub(r"[ \t\n\v\f\r\u00a0]+", " ", text).strip(" ")


def read(part):
    files = []
    for folder, _, names in os.walk(os.path.join(root, part)):
        files += [os.path.join(folder, name) for name in names if name.endswith((".tsv", ".txt"))]
    tweets = {}
    for path in sorted(files, key=os.fsencode):
        with open(path, encoding="utf-8", newline="\n") as file:
            for line in file:
                fields = line.rstrip("\n").split("\t")
                tweets[fields[0]] = (fields[1], clean(fields[2]))
    value, labels = 0xCBF29CE484222325, {}
    for label, text in tweets.values():
        labels[label] = labels.get(label, 0) + 1
        for byte in f"{label}\t{text}\n".encode():
            value = (value ^ byte) * 0x100000001B3 % 2**64
    return {"count": len(tweets), "labels": dict(sorted(labels.items())), "hash": f"{value:016x}"}


result = {"training": read("train_dev"), "test": read("gold")}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "semeval.json"), "w") as file:
    json.dump(result, file, indent=1)
    file.write("\n")
print(result)
