#!/usr/bin/python3
"""Writes vectors.json beside this file: what the original makes of fixed inputs at fixed times.

    python3 make.py

Only the password hashes change from run to run: they are salted.
"""
import json
import pathlib
import sys

sys.dont_write_bytecode = True

from original import SCHEMES, run

NOW = 1700000000
KEYS = ["a-secret-key-for-vectors-only", "an-older-key-for-vectors-only"]
SALT = "146585145368132386173505678016728509634"
VALUES = [
    None, True, "", "text", 0, -1, 1.5, [], {}, [1, "two", None], {"b": 1, "a": [True]}, "na\u00efve \u2028 \U0001f600 \x7f \x1f \\ \"",
    ["0123456789abcdef0123456789abcdef", "$5$rounds=535000$x"], "repeat " * 60, {"ver": "5", "uid": "abc", "fs_paa": 1700000000.125},
]

tokens = [
    {"op": "dumps", "keys": KEYS[:1], "salt": salt, "digest": digest, "derivation": derivation, "value": value, "now": now}
    for salt, digest, derivation in [
        ("confirm-salt", "sha1", "django-concat"), ("s\u00e4lt", "sha256", "concat"), ("x", "sha512", "hmac"), ("", "sha1", "none"),
    ]
    for value in (VALUES if digest == "sha1" and derivation == "django-concat" else VALUES[9:11])
    for now in ([NOW, 1, 2 ** 32] if value == [] else [NOW])
]
sessions = [
    {"op": "session_dumps", "keys": KEYS[:1], "now": NOW, "value": value}
    for value in [{}, {"_fresh": True, "_user_id": "abc"}, {"z": "\u00fc", "a": {"\ud7ff": 1, "b": [1, {"c": None}]}}, {"a": {" t": 1}}]
] + [{"op": "session_dumps", "keys": KEYS[:1], "now": NOW, "kinds": True}]
remembered = [
    {"op": "remember", "keys": [key], "payload": payload}
    for key in [KEYS[0], "l\u00e4tin"] for payload in ["0123456789abcdef", "a|b", "", "\u00fc\U0001f600"]
]
hashes = [
    {"op": "passwords", "scheme": scheme, "salt": SALT, "single": single, "password": password}
    for scheme in SCHEMES if scheme not in ("des_crypt", "sha256_crypt", "sha512_crypt")
    for single in (True, False) for password in ("battery staple", "p\u00e4ssw\u00f6rd \U0001f600")
] + [
    # 5000 is written without a figure.
    {
        "op": "passwords", "scheme": scheme, "salt": SALT, "single": single, "password": password,
        "options": {f"{scheme}__rounds": rounds},
    }
    for scheme in ("sha256_crypt", "sha512_crypt") for single in (True, False) for rounds in (1000, 5000, 10007)
    for password in ("a", "p\u00e4ssw\u00f6rd \U0001f600", "long " * 40)
]
macs = [{"op": "passwords", "scheme": "bcrypt", "salt": SALT, "hmac": text} for text in ("", "battery staple", "\u00fc" * 100)]

if __name__ == "__main__":
    data = {
        name: [{**operation, "result": result} for operation, result in zip(operations, run(operations))]
        for name, operations in
        {"tokens": tokens, "sessions": sessions, "remembered": remembered, "hashes": hashes, "macs": macs}.items()
    }
    path = pathlib.Path(__file__).with_name("vectors.json")
    path.write_text(json.dumps(data, indent=1) + "\n")
