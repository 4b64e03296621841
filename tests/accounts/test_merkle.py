"""Merkle trees as RFC 6962 hashes them."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from accounts import merkle

LEAVES = some.lists(some.binary(max_size=8), min_size=1, max_size=40).map(
    lambda contents: [merkle.leaf_hash(content) for content in contents]
)


def test_known_roots() -> None:
    """The published test vectors of Certificate Transparency: its first leaves are "", 00 and 10."""
    contents = [b"", b"\x00", b"\x10"]
    leaves = [merkle.leaf_hash(content) for content in contents]
    assert merkle.root([]).hex() == hashlib.sha256(b"").hexdigest()
    assert merkle.root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle.root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"


@settings(deadline=None)
@given(LEAVES, some.data())
def test_every_leaf_leads_to_the_root(leaves: list[bytes], data: some.DataObject) -> None:
    index = data.draw(some.integers(0, len(leaves) - 1))
    sisters = merkle.path(index, leaves)
    assert merkle.root_from(index, len(leaves), leaves[index], sisters) == merkle.root(leaves)


@settings(deadline=None)
@given(LEAVES, some.data())
def test_nothing_else_does(leaves: list[bytes], data: some.DataObject) -> None:
    index = data.draw(some.integers(0, len(leaves) - 1))
    sisters = merkle.path(index, leaves)
    root, size = merkle.root(leaves), len(leaves)
    assert merkle.root_from(index, size, merkle.leaf_hash(b"another leaf"), sisters) != root
    assert merkle.root_from(index, size, leaves[index], [*sisters, root]) != root
    assert merkle.root_from(size, size, leaves[index], sisters) is None
    if sisters:
        assert merkle.root_from(index, size, leaves[index], sisters[:-1]) != root
        bent = [hashlib.sha256(sisters[0]).digest(), *sisters[1:]]
        assert merkle.root_from(index, size, leaves[index], bent) != root


def test_there_is_no_such_leaf() -> None:
    with pytest.raises(IndexError):
        merkle.path(1, [merkle.leaf_hash(b"")])
