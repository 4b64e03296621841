"""The hash chain and the checkpoints, without a database: whatever is done to them is seen."""

from __future__ import annotations

import io
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as some

from accounts import audit_checkpoint as paper
from accounts.audit_chain import (
    Entry,
    Head,
    Verification,
    entry_line,
    genesis,
    header_line,
    link,
    main,
    read_entries,
    verify,
)
from accounts.audit_checkpoint import BadCheckpoint, Held
from tests.accounts.tampering import TAMPERINGS, rechained

NAME = "5b7b2f4e-0000-4000-8000-000000000001"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TEXT = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=12)


def chain(length: int, name: str = NAME) -> list[Entry]:
    blank = [
        Entry(
            0,
            f"2026-01-01T00:00:{number:02}.000000Z",
            "person:x",
            "",
            "changed",
            "thing",
            "",
            str(number),
            "",
            "",
        )
        for number in range(length)
    ]
    return rechained(name, blank)


def proof(entries: list[Entry], others: int = 3, name: str = NAME) -> dict[str, object]:
    own = {
        "chain": name,
        "position": len(entries),
        "head": entries[-1].hash if entries else genesis(name),
        "blinding": "b" * 64,
        "index": 1,
    }
    leaf = paper.leaf(name, len(entries), str(own["head"]), "b" * 64)
    leaves = [paper.leaf(f"other-{number}", 1, "c" * 64, "d" * 64) for number in range(others)]
    leaves.insert(1, leaf)
    signed = paper.sign(KEY, at="2026-01-02T00:00:00.000000Z", leaves=leaves)
    return paper.proof(
        signed.line, public_key=paper.public_bytes(KEY).hex(), company="ours", part=own, leaves=leaves
    )


def test_a_chain_as_it_was_written() -> None:
    entries = chain(9)
    held = paper.held(proof(entries[:7]))
    assert verify(NAME, entries, head=Head(9, entries[-1].hash), held=[held]) == []


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
@settings(max_examples=40, deadline=None)
@given(length=some.integers(4, 30), seed=some.integers(0, 2**32))
def test_every_tampering_is_seen(tamper: object, length: int, seed: int) -> None:
    entries = chain(length)
    held = paper.held(proof(entries))
    changed = tamper(NAME, list(entries), random.Random(seed))  # type: ignore[operator]
    head = Head(changed[-1].position, changed[-1].hash) if changed else None
    assert verify(NAME, changed, head=head, held=[held])


def test_only_a_checkpoint_sees_a_cut_tail() -> None:
    entries = chain(9)
    held = paper.held(proof(entries))
    short = entries[:6]
    head = Head(6, short[-1].hash)
    assert verify(NAME, short, head=head) == []
    assert [str(one) for one in verify(NAME, short, head=head, held=[held])] == [
        "entry 9: missing: the checkpoint of 2026-01-02T00:00:00.000000Z saw it; 3 entries were cut off"
    ]


def test_an_entry_fits_no_other_chain() -> None:
    assert verify("another", chain(3))


def test_a_walk_goes_on_from_where_it_was() -> None:
    entries = chain(9)
    walk = Verification(NAME, after=Head(4, entries[3].hash))
    walk.take(entries[4:])
    assert walk.finish(Head(9, entries[8].hash)) == []


@settings(deadline=None)
@given(TEXT, TEXT, TEXT, TEXT)
def test_no_two_entries_hash_alike(one: str, two: str, three: str, four: str) -> None:
    """Fields are a line each: nothing moves from one into the next unseen."""
    first = Entry(1, "t", one, two, "a", "s", "", "{}", "", "")
    second = Entry(1, "t", three, four, "a", "s", "", "{}", "", "")
    assert (link("00" * 32, first) == link("00" * 32, second)) == ((one, two) == (three, four))


# -- checkpoints -------------------------------------------------------------------------------------------
def test_a_proof_proves() -> None:
    entries = chain(3)
    held = paper.held(proof(entries), {paper.key_id(paper.public_bytes(KEY)): paper.public_bytes(KEY)})
    assert held == Held(
        "2026-01-02T00:00:00.000000Z", NAME, 3, entries[-1].hash, paper.key_id(paper.public_bytes(KEY))
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", 2),
        ("head", "e" * 64),
        ("chain", "another"),
        ("blinding", "f" * 64),
        ("index", 0),
        ("path", []),
        ("public_key", "00" * 32),
        ("checkpoint", "pcf-audit-checkpoint-1 now 1 root key"),
        ("format", "something"),
    ],
)
def test_a_bent_proof_does_not(field: str, value: object) -> None:
    with pytest.raises(BadCheckpoint):
        paper.held({**proof(chain(3)), field: value})


def test_a_bent_line_does_not() -> None:
    document = proof(chain(3))
    line = str(document["checkpoint"])
    for place, part in enumerate(line.split(" ")):
        bent = line.replace(part, part[:-1] + ("A" if part[-1] != "A" else "B")) if place else line + "A"
        with pytest.raises(BadCheckpoint):
            paper.held({**document, "checkpoint": bent})


def test_a_strangers_key_does_not() -> None:
    with pytest.raises(BadCheckpoint, match="unknown key"):
        paper.held(proof(chain(3)), {})


def test_key_sets_come_back() -> None:
    public = paper.public_bytes(KEY)
    assert paper.read_key_set(paper.key_set([public])) == {paper.key_id(public): public}


# -- files -------------------------------------------------------------------------------------------------
def exported(folder: Path, entries: list[Entry]) -> Path:
    file = folder / "chain.jsonl"
    lines = [header_line(NAME, "ours", Head(len(entries), entries[-1].hash)), *map(entry_line, entries)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def said(*arguments: object) -> tuple[int, str]:
    out = io.StringIO()
    return main([str(one) for one in arguments], out), out.getvalue()


def test_a_file_comes_back() -> None:
    entries = chain(3)
    assert list(read_entries(map(entry_line, entries))) == entries


def test_the_script_verifies_a_file(tmp_path: Path) -> None:
    entries = chain(9)
    file, checkpoint, keys = exported(tmp_path, entries), tmp_path / "proof.json", tmp_path / "keys.json"
    checkpoint.write_text(json.dumps(proof(entries)))
    keys.write_text(json.dumps(paper.key_set([paper.public_bytes(KEY)])))
    assert said(file)[0] == 0
    code, words = said(file, "--checkpoint", checkpoint, "--keys", keys)
    assert (code, words) == (0, "ours: 9 entries are as they were written, 1 checkpoint(s)\n")
    exported(tmp_path, entries[:5])
    code, words = said(file, "--checkpoint", checkpoint)
    assert code == 1
    assert "4 entries were cut off" in words
    exported(tmp_path, [*entries[:4], replace(entries[4], facts='"another"'), *entries[5:]])
    assert said(file)[1] == "entry 5: its content does not fit its hash: it was edited\n"


@pytest.mark.parametrize(
    "content", ["", "no json", "[]", '{"format": "something"}', '{"format": "pcf-audit-chain-1"}']
)
def test_the_script_refuses_other_files(tmp_path: Path, content: str) -> None:
    file = tmp_path / "chain.jsonl"
    file.write_text(content)
    assert said(file)[0] == 2
    assert said(exported(tmp_path, chain(2)), "--checkpoint", tmp_path / "missing.json")[0] == 2


def test_the_script_needs_no_framework() -> None:
    """Whoever holds a file verifies it with three of our files."""
    import subprocess
    import sys

    code = (
        "import accounts.audit_chain, sys\n"
        "print([name for name in sys.modules if name.startswith(('django', 'psycopg'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
