"""Checkpoints: what the alliance's hash chains were at one moment, signed, and one member's part of it.

Pure: no Django, no database. A checkpoint is one line, so that it fits into a response header:

    pcf-audit-checkpoint-1 TIME SIZE ROOT KEY SIGNATURE

``ROOT`` is the Merkle root (RFC 6962) over ``SIZE`` leaves, one for each chain; ``KEY`` names the public key;
``SIGNATURE`` is Ed25519 (RFC 8032) over the line up to it. A leaf is blinded afresh each time: who holds a
proof learns nothing from the sister hashes in it, not even whether a neighbour wrote something.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from accounts import merkle

LINE = "pcf-audit-checkpoint-1"
LEAF = "pcf-audit-leaf-1"
PROOF = "pcf-audit-proof-1"


class BadCheckpoint(Exception):
    """A checkpoint or proof that proves nothing; the message says why."""


@dataclass(frozen=True)
class Checkpoint:
    """What was signed, and the signature."""

    at: str
    size: int
    root: str
    key_id: str
    signature: str

    @property
    def statement(self) -> str:
        """What the signature is over."""
        return f"{LINE} {self.at} {self.size} {self.root} {self.key_id}"

    @property
    def line(self) -> str:
        """The checkpoint as it is handed out."""
        return f"{self.statement} {self.signature}"


@dataclass(frozen=True)
class Held:
    """What a member can prove: at this time its chain was this long and ended with this hash."""

    at: str
    chain: str
    position: int
    head: str
    key_id: str


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The public half of a signing key."""
    return key.public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """How a public key is named: the first eight bytes of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def sign(key: Ed25519PrivateKey, *, at: str, leaves: Sequence[bytes]) -> Checkpoint:
    """A checkpoint over these leaf hashes."""
    unsigned = Checkpoint(at, len(leaves), merkle.root(leaves).hex(), key_id(public_bytes(key)), "")
    signature = base64.urlsafe_b64encode(key.sign(unsigned.statement.encode())).decode()
    return Checkpoint(unsigned.at, unsigned.size, unsigned.root, unsigned.key_id, signature)


def read(line: str) -> Checkpoint:
    """The parts of a line; the signature is not looked at.

    Raises:
        BadCheckpoint: it is no checkpoint.
    """
    parts = line.strip().split(" ")
    if len(parts) != 6 or parts[0] != LINE or not (parts[2].isascii() and parts[2].isdigit()):
        raise BadCheckpoint("this is no checkpoint line")
    return Checkpoint(parts[1], int(parts[2]), parts[3], parts[4], parts[5])


def check_signature(checkpoint: Checkpoint, public: bytes) -> None:
    """Pass when the key signed the checkpoint.

    Raises:
        BadCheckpoint: it did not.
    """
    if checkpoint.key_id != key_id(public):
        raise BadCheckpoint(f"the checkpoint was signed with key {checkpoint.key_id}, not {key_id(public)}")
    try:
        signature = base64.b64decode(checkpoint.signature, altchars=b"-_", validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, checkpoint.statement.encode())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise BadCheckpoint("the signature does not fit the checkpoint") from error


def leaf(chain: str, position: int, head: str, blinding: str) -> bytes:
    """The leaf hash of one chain as it stands."""
    return merkle.leaf_hash("\n".join((LEAF, chain, str(position), head, blinding)).encode())


def proof(
    checkpoint: str, *, public_key: str, company: str, part: Mapping[str, Any], leaves: Sequence[bytes]
) -> dict[str, Any]:
    """The file a member keeps: ``part`` holds chain, position, head, blinding and index of its leaf."""
    path = [sister.hex() for sister in merkle.path(part["index"], leaves)]
    return {
        "format": PROOF,
        "company": company,
        "checkpoint": checkpoint,
        "public_key": public_key,
        **part,
        "path": path,
    }


def key_set(publics: Sequence[bytes]) -> dict[str, Any]:
    """Public keys as a JSON Web Key Set (RFC 7517, RFC 8037)."""
    return {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "kid": key_id(public),
                "use": "sig",
                "x": base64.urlsafe_b64encode(public).decode().rstrip("="),
            }
            for public in publics
        ]
    }


def read_key_set(document: Any) -> dict[str, bytes]:
    """The keys of a key set by their names.

    Raises:
        BadCheckpoint: it is no key set.
    """
    try:
        found = [base64.urlsafe_b64decode(each["x"] + "=") for each in document["keys"]]
    except (KeyError, TypeError, ValueError) as error:
        raise BadCheckpoint("this is no set of public keys") from error
    return {key_id(public): public for public in found}


def held(document: Mapping[str, Any], keys: Mapping[str, bytes] | None = None) -> Held:
    """What a proof proves, once signature and path are checked, with ``keys`` or the key in the file.

    Raises:
        BadCheckpoint: it proves nothing.
    """
    if document.get("format") != PROOF:
        raise BadCheckpoint("this is no checkpoint file")
    try:
        checkpoint = read(document["checkpoint"])
        check_signature(checkpoint, _public(document, checkpoint, keys))
        chain, position = str(document["chain"]), int(document["position"])
        head, index = str(document["head"]), int(document["index"])
        own = leaf(chain, position, head, document["blinding"])
        sisters = [bytes.fromhex(each) for each in document["path"]]
    except (KeyError, TypeError, ValueError) as error:
        raise BadCheckpoint(f"the checkpoint file is damaged ({error})") from error
    found = merkle.root_from(index, checkpoint.size, own, sisters)
    if found is None or found.hex() != checkpoint.root:
        raise BadCheckpoint("the path does not lead from this chain to the signed root")
    return Held(checkpoint.at, chain, position, head, checkpoint.key_id)


def _public(document: Mapping[str, Any], checkpoint: Checkpoint, keys: Mapping[str, bytes] | None) -> bytes:
    if keys is None:
        return bytes.fromhex(document["public_key"])
    if checkpoint.key_id not in keys:
        raise BadCheckpoint(f"the checkpoint was signed with the unknown key {checkpoint.key_id}")
    return keys[checkpoint.key_id]
