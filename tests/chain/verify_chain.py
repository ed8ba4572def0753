#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a proof or an exported head of Causeway without Causeway.

Usage: verify_chain.py --public-key FILE FILE...

Written from docs/chain.md alone, and independent of the program: hashes by Python's hashlib,
signatures by the program openssl. Prints what each file shows and exits with 0, or says what is
broken and exits with 1.
"""

import argparse
import base64
import binascii
import hashlib
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

ZEROS = bytes(32)
TYPES = ("posting", "pending", "post_pending", "void_pending", "expire_pending", "account_terms")
# The fixed beginning of an Ed25519 key in DER. Source: RFC 8410 section 4.
KEY_DER = bytes.fromhex("302a300506032b6570032100")


class Broken(Exception):
    """What is wrong with a file."""


def digest(personal, content):
    return hashlib.blake2b(content, digest_size=32, person=personal).digest()


class Fields:
    """Takes fields from bytes, and refuses what is too short or too long."""

    def __init__(self, content, what):
        self.rest, self.what = content, what

    def take(self, count):
        if count > len(self.rest):
            raise Broken(f"{self.what} is cut short")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(form)))[0]

    def text(self, form):
        try:
            text = self.take(self.number(form)).decode("utf-8")
        except UnicodeDecodeError:
            raise Broken(f"{self.what}: a text is not UTF-8") from None
        if "\0" in text:
            raise Broken(f"{self.what}: a text with a NUL")
        return text

    def end(self):
        if self.rest:
            raise Broken(f"{self.what} goes on after its end")


def parse_entry(content):
    fields = Fields(content, "an entry")
    if fields.take(5) != b"CWJE\x01":
        raise Broken("not an entry of version 1")
    kind_of_entry = fields.number("B")
    if not 1 <= kind_of_entry <= len(TYPES):
        raise Broken("an entry of an unknown type")
    entry = {"type": TYPES[kind_of_entry - 1], "sequence": fields.number("Q")}
    entry["id"] = fields.take(16).hex()
    entry["effective"], entry["recorded"] = fields.number("q"), fields.number("q")
    if kind_of_entry == 2:
        entry["expires"] = fields.number("q")
    if kind_of_entry in (3, 4, 5):
        entry["pending"] = fields.take(16).hex()
    entry["kind"], entry["reference"] = fields.text("H"), fields.text("H")
    entry["lines"] = []
    for _ in range(fields.number("H")):
        owner, purpose = fields.text("H"), fields.text("B")
        currency = fields.take(3).decode("ascii", "replace")
        if not owner or not re.fullmatch("[a-z_]+", purpose):
            raise Broken("a line without an account")
        if not re.fullmatch("[A-Z]{3}", currency):
            raise Broken("a line without a currency")
        entry["lines"].append((owner, purpose, currency, fields.number("q")))
    fields.end()
    if not entry["kind"]:
        raise Broken("an entry without a kind")
    if entry["sequence"] >= 1 << 63 or entry["sequence"] % (1 << 40) == 0:
        raise Broken("an entry with a sequence that no lane has")
    return entry


def check_signature(key, body, signature):
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        (place / "key").write_bytes(KEY_DER + key)
        (place / "body").write_bytes(body)
        (place / "signature").write_bytes(signature)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
            + ["-inkey", place / "key", "-in", place / "body", "-sigfile", place / "signature"],
            capture_output=True,
            check=False,
        )
    if done.returncode != 0:
        raise Broken("a head's signature does not hold")


def in_lane(sequence, lane):
    return sequence >> 40 == lane and sequence % (1 << 40) > 0 and sequence < 1 << 63


def parse_head(body):
    fields = Fields(body, "a head")
    if fields.take(5) != b"CWHD\x01":
        raise Broken("not a head of version 1")
    head = {name: fields.number("Q") for name in ("lane", "first", "last")}
    head["root"], head["previous"] = fields.take(32), fields.take(32)
    head["made"] = fields.number("q")
    count = fields.number("H")
    head["lanes"] = [
        (fields.number("Q"), fields.number("Q"), fields.take(32)) for _ in range(count)
    ]
    head["key"] = fields.take(32)
    fields.end()
    lanes = [lane for lane, _, _ in head["lanes"]]
    if lanes != sorted(set(lanes)):
        raise Broken("a head's lanes are out of order")
    if not all(in_lane(last, lane) for lane, last, _ in head["lanes"]):
        raise Broken("a head's lane ends in another")
    own = [last for lane, last, _ in head["lanes"] if lane == head["lane"]]
    if own != [head["last"]]:
        raise Broken("a head does not say where its own lane ends")
    if not in_lane(head["first"], head["lane"]) or head["first"] > head["last"]:
        raise Broken("a head's segment is none")
    return head


def check_head(stored, keys):
    body, signature = from_base64(stored["body"]), from_base64(stored["signature"])
    head = parse_head(body)
    if head["key"] not in keys:
        raise Broken("a head is signed with a key that is not trusted")
    check_signature(head["key"], body, signature)
    return head


def root_of(leaf, index, count, path):
    """The root to which `path` leads from the leaf at `index` of `count`."""
    node, level = leaf, 0
    while level == 0 or count > 1:
        place = index % 16
        others = min(16, count - (index - place)) - 1
        if level >= len(path) or len(path[level]) != others:
            raise Broken("a path has another shape than its tree")
        children = path[level][:place] + [node] + path[level][place:]
        node = digest(b"causeway.node", b"".join(children))
        index, count, level = index // 16, (count + 15) // 16, level + 1
    if level != len(path):
        raise Broken("a path is longer than its tree is high")
    return node


def check_proof(proof, keys):
    members(proof, {"format": str, "entries": list, "heads": list})
    for stored in proof["heads"]:
        members(stored, {"body": str, "signature": str})
    heads = [check_head(stored, keys) for stored in proof["heads"]]
    if not proof["entries"]:
        raise Broken("a proof of nothing")
    proven, used, before = [], 0, 0
    for one in proof["entries"]:
        members(one, {"canonical": str, "previous": str, "path": list, "head": int})
        if one["head"] not in (used - 1, used) or not 0 <= one["head"] < len(heads):
            raise Broken("an entry names no head, or one out of order")
        used = one["head"] + 1
        entry = check_entry(one, heads[one["head"]])
        if entry["sequence"] <= before:
            raise Broken("entries are out of order")
        before = entry["sequence"]
        proven.append(entry)
    if used != len(heads):
        raise Broken("a head that no entry needs")
    return proven


def check_entry(one, head):
    canonical = from_base64(one["canonical"])
    entry = parse_entry(canonical)
    previous = from_hex(one["previous"])
    path = [hashes_of(level) for level in one["path"]]
    if not head["first"] <= entry["sequence"] <= head["last"]:
        raise Broken("an entry is outside of its head's segment")
    if entry["sequence"] % (1 << 40) == 1 and previous != ZEROS:
        raise Broken("the first entry of a lane follows another")
    leaf = digest(b"causeway.entry", previous + canonical)
    index, count = entry["sequence"] - head["first"], head["last"] - head["first"] + 1
    if root_of(leaf, index, count, path) != head["root"]:
        raise Broken(f"entry {entry['sequence']} does not lead to the signed root")
    return entry


def members(value, wanted):
    if not isinstance(value, dict) or value.keys() != wanted.keys():
        raise Broken(f"not exactly the members {', '.join(wanted)}")
    for name, kind in wanted.items():
        if type(value[name]) is not kind:
            raise Broken(f"{name} is no {kind.__name__}")


def from_base64(text):
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Broken("not base 64") from None


def from_hex(text):
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{64}", text):
        raise Broken("a hash is 64 hexadecimal digits in lower case")
    return bytes.fromhex(text)


def hashes_of(level):
    if not isinstance(level, str) or len(level) % 64 != 0:
        raise Broken("a level of a path is hashes of 64 hexadecimal digits each")
    return [from_hex(level[at : at + 64]) for at in range(0, len(level), 64)]


def read_keys(text):
    if not re.fullmatch("causeway-public-key-1(\n[0-9a-fA-F]{64})+\n?", text):
        raise Broken("not a public key file")
    return [bytes.fromhex(line) for line in text.split()[1:]]


def check_text(text, keys):
    """What the file shows, as lines; raises Broken."""
    try:
        document = json.loads(text)
    except ValueError:
        raise Broken("not JSON") from None
    form = document.get("format") if isinstance(document, dict) else None
    if form == "causeway-head-1":
        members(document, {"format": str, "body": str, "signature": str})
        head = check_head(document, keys)
        return [f"head of lane {head['lane']}: entries {head['first']} to {head['last']}"]
    if form != "causeway-proof-1":
        raise Broken("neither a proof nor a head")
    return [
        f"entry {entry['sequence']}: {entry['type']} {entry['kind']} {entry['reference']}: "
        + ", ".join(f"{owner} {purpose} {code} {amount}"
                    for owner, purpose, code, amount in entry["lines"])
        for entry in check_proof(document, keys)
    ]  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description="Checks proofs and heads of Causeway")
    parser.add_argument("--public-key", required=True, type=pathlib.Path)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    chosen = parser.parse_args()
    try:
        keys = read_keys(chosen.public_key.read_text(encoding="utf-8"))
        for file in chosen.files:
            print("\n".join(check_text(file.read_text(encoding="utf-8"), keys)))
    except Broken as why:
        print(f"BROKEN: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
