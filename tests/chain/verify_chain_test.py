# SPDX-License-Identifier: Apache-2.0
"""The independent verifier accepts the worked example of docs/chain.md and nothing else."""

import base64
import copy
import json
import pathlib
import random
import unittest

import verify_chain

HERE = pathlib.Path(__file__).resolve().parent
KEYS = verify_chain.read_keys((HERE / "example.public-key").read_text(encoding="utf-8"))


def example(name):
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def flipped(content, bit):
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


class VerifyChain(unittest.TestCase):
    def broken(self, document):
        with self.assertRaises(verify_chain.Broken):
            verify_chain.check_text(json.dumps(document), KEYS)

    def test_shows_what_the_example_proves(self):
        text = (HERE / "example.proof.json").read_text(encoding="utf-8")
        self.assertEqual(
            verify_chain.check_text(text, KEYS),
            [
                "entry 1: posting capture cap_01FWHE4YDGFK1SHH6W1G60EECF: "
                "card provider_receivable EUR 1234, mer_1 merchant_pending EUR -1234"
            ],
        )

    def test_shows_what_the_head_covers(self):
        text = (HERE / "example.head.json").read_text(encoding="utf-8")
        self.assertEqual(
            verify_chain.check_text(text, KEYS), ["head of lane 0: entries 1 to 2"]
        )

    def test_refuses_another_key(self):
        text = (HERE / "example.head.json").read_text(encoding="utf-8")
        with self.assertRaises(verify_chain.Broken):
            verify_chain.check_text(text, [flipped(KEYS[0], 0)])

    def test_refuses_any_changed_bit(self):
        proof = example("example.proof.json")
        chance = random.Random(20260413)
        for place in ("canonical", "previous", "path", "body", "signature"):
            for _ in range(12):
                changed = copy.deepcopy(proof)
                entry, head = changed["entries"][0], changed["heads"][0]
                holder = head if place in ("body", "signature") else entry
                if place in ("previous", "path"):
                    old = entry["previous"] if place == "previous" else entry["path"][0]
                    new = flipped(bytes.fromhex(old), chance.randrange(256)).hex()
                    entry[place] = new if place == "previous" else [new]
                else:
                    old = base64.b64decode(holder[place])
                    new = flipped(old, chance.randrange(8 * len(old)))
                    holder[place] = base64.b64encode(new).decode()
                self.broken(changed)

    def test_refuses_another_shape(self):
        proof = example("example.proof.json")
        for change in (
            lambda it: it["entries"].append(it["entries"][0]),
            lambda it: it["heads"].append(it["heads"][0]),
            lambda it: it["entries"].clear(),
            lambda it: it["entries"][0]["path"].append(""),
            lambda it: it["entries"][0].update(path=[it["entries"][0]["path"][0] + "0" * 64]),
            lambda it: it["entries"][0].update(path=[it["entries"][0]["path"][0].upper()]),
            lambda it: it["entries"][0].update(head=1),
            lambda it: it["entries"][0].update(head=-1),
            lambda it: it["entries"][0].update(head=True),
            lambda it: it.update(more=1),
            lambda it: it.update(format="causeway-proof-2"),
        ):
            changed = copy.deepcopy(proof)
            change(changed)
            self.broken(changed)


if __name__ == "__main__":
    unittest.main()
