"""The cache of `ensue pull` against Python's huggingface_hub, in both directions. Run by hand, or by
HubPeerTests:

    python Tests/EnsueHubTests/with_huggingface_hub.py .build/release/ensue

Needs huggingface_hub; with transformers and torch a model is loaded from the pulled folder too. A server on this
machine stands for the Hub, so no network is needed. Prints a line a check; ends with 1 when one failed.
"""

import hashlib
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

ensue = os.path.abspath(sys.argv[1])
work = tempfile.mkdtemp()
COMMIT = "0123456789abcdef0123456789abcdef01234567"
failures = 0


def check(title, is_right):
    global failures
    failures += not is_right
    print("ok    " if is_right else "FAILED", title)


def model_files():
    """A tiny BERT where transformers is there, else two files."""
    try:
        import transformers

        folder = os.path.join(work, "model")
        configuration = transformers.BertConfig(
            vocab_size=30, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
        transformers.BertModel(configuration).save_pretrained(folder)
        files = {name: open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)}
    except ImportError:
        files = {"config.json": b"{}\n", "model.safetensors": bytes(range(256)) * 400}
    return files | {"README.md": b"# tiny\n", "1_Pooling/config.json": b"{}\n", "other.bin": b"not wanted"}


def name_of(name, content):
    """SHA-256 of a file in large-file storage, Git's blob id of the others."""
    if name.endswith((".safetensors", ".bin")):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


FILES = model_files()


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count = 0

    def log_message(self, *arguments):
        pass

    def answer(self, status, fields, body=b""):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        if "Content-Length" not in fields:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        Hub.count += 1
        path, _, query = self.path.partition("?")
        if path.startswith("/api/models/org/tiny"):
            siblings = []
            for name, content in FILES.items():
                file = {"rfilename": name}
                if "blobs" in query:
                    file |= {"size": len(content), "blobId": "0" * 40}
                    if len(name_of(name, content)) == 64:
                        file["lfs"] = {"sha256": name_of(name, content), "size": len(content), "pointerSize": 130}
                    else:
                        file["blobId"] = name_of(name, content)
                siblings.append(file)
            if path.startswith("/api/models/org/tiny/tree"):
                tree = [{"type": "file", "path": name, "size": len(content), "oid": name_of(name, content)}
                        for name, content in FILES.items()]
                return self.answer(200, {"Content-Type": "application/json"}, json.dumps(tree).encode())
            body = json.dumps({"id": "org/tiny", "modelId": "org/tiny", "sha": COMMIT, "siblings": siblings,
                               "private": False, "tags": [], "downloads": 0}).encode()
            return self.answer(200, {"Content-Type": "application/json"}, body)
        parts = path.split("/", 5)
        if len(parts) == 6 and parts[3] == "resolve" and parts[5] in FILES:
            content = FILES[parts[5]]
            name = name_of(parts[5], content)
            fields = {"X-Repo-Commit": COMMIT, "ETag": f'"{name}"', "Accept-Ranges": "bytes"}
            if len(name) == 64:
                fields |= {"X-Linked-Etag": f'"{name}"', "X-Linked-Size": str(len(content))}
            return self.answer(200, fields | {"Content-Length": str(len(content))}, content)
        self.answer(404, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
threading.Thread(target=server.serve_forever, daemon=True).start()
endpoint = f"http://127.0.0.1:{server.server_port}"


def variables(cache, **more):
    return os.environ | {"HF_ENDPOINT": endpoint, "HF_HUB_CACHE": cache, "HF_HOME": os.path.join(work, "home"),
                         "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"} | more


def run_ensue(cache, *arguments, **more):
    return subprocess.run([ensue, "pull", *arguments], env=variables(cache, **more), capture_output=True, text=True)


def run_python(cache, code, **more):
    result = subprocess.run([sys.executable, "-c", code], env=variables(cache, **more), capture_output=True, text=True)
    if result.returncode != 0:
        print(result.stderr[-1500:])
    return result


# Pulled here, seen there.
cache = os.path.join(work, "ours")
pulled = run_ensue(cache, "org/tiny")
check("ensue pulls", pulled.returncode == 0)
folder = pulled.stdout.strip()
before = Hub.count
seen = run_python(cache, """
import huggingface_hub as hub
print(hub.try_to_load_from_cache('org/tiny', 'config.json'))
print(hub.hf_hub_download('org/tiny', 'model.safetensors'))
print(hub.snapshot_download('org/tiny', ignore_patterns=['*.bin']))
print(hub.try_to_load_from_cache('org/tiny', 'vocab.txt') is hub.file_download._CACHED_NO_EXIST)
cache = hub.scan_cache_dir()
print(len(cache.warnings), [(repo.repo_id, len(repo.revisions), sorted(repo.refs)) for repo in cache.repos])
""", HF_HUB_OFFLINE="1").stdout.splitlines()
check("huggingface_hub finds the files, offline", seen[:3] == [
    f"{folder}/config.json", f"{folder}/model.safetensors", folder])
check("and that others do not exist", seen[3:4] == ["True"])
check("and no fault in the cache", seen[4:5] == ["0 [('org/tiny', 1, ['main'])]"])
check("without a question", Hub.count == before)
online = run_python(cache, """
import huggingface_hub as hub
print(hub.snapshot_download('org/tiny', allow_patterns=['*.safetensors', '*.json']))
""")
check("huggingface_hub takes them as they are, online", online.stdout.strip() == folder)
try:
    import transformers  # noqa: F401

    loaded = run_python(cache, """
import transformers
print(sum(p.numel() for p in transformers.AutoModel.from_pretrained('org/tiny').parameters()))
""", HF_HUB_OFFLINE="1")
    check("transformers loads the model, offline", loaded.returncode == 0 and int(loaded.stdout) > 0)
except ImportError:
    print("skipped: transformers is not installed")

# Pulled there, seen here.
cache = os.path.join(work, "theirs")
theirs = run_python(cache, """
import huggingface_hub as hub
print(hub.snapshot_download('org/tiny', ignore_patterns=['*.bin']))
""")
before = Hub.count
offline = run_ensue(cache, "org/tiny", HF_HUB_OFFLINE="1")
check("ensue finds what huggingface_hub brought, offline",
      offline.returncode == 0 and offline.stdout == theirs.stdout and Hub.count == before)
again = run_ensue(cache, "org/tiny", "--verify")
check("ensue takes it as it is, online", again.returncode == 0 and "all were there" in again.stderr)


def tree(root):
    """Every name below a cache with what a link leads to."""
    found = {}
    for path, folders, files in os.walk(root):
        for name in files:
            place = os.path.join(path, name)
            found[os.path.relpath(place, root)] = os.readlink(place) if os.path.islink(place) else "file"
    return {name: kind for name, kind in found.items()
            if ".locks" not in name and ".no_exist" not in name and name.startswith("models--")}


check("both caches hold the same names", tree(os.path.join(work, "ours")) == tree(cache))
print(f"{failures} failed")
sys.exit(failures > 0)
