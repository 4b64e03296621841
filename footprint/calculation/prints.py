"""A hash of every slot's gases per unit: what a figure's digest says of its suppliers and of itself."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from footprint.calculation.live import Live
from footprint.engine.equations import Floats, Ints

PRINT = 32
"""Bytes of a hash."""
Prints = np.ndarray[Any, np.dtype[np.uint8]]


def prints_of(live: Live, gwp: Floats, slots: Ints) -> Prints:
    """One hash of each of these slots' gases per unit and what they weigh, over those it has.

    Slots with the same gases are laid side by side as bytes, so that only hashing goes one by one.

    Shapes   gwp: (gases, 2) of AR5 and AR6; slots: any, each as often as it comes; result: (all slots,
             PRINT), zero where nobody asked
    Units    gwp: kg CO2e per kg
    """
    found = np.zeros((len(live.keys), PRINT), dtype=np.uint8)
    wanted = np.flatnonzero(np.bincount(slots, minlength=len(live.keys)))
    intensity = live.intensity(wanted)
    has = intensity != 0.0
    _, kind = np.unique(np.packbits(has, axis=1), axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    order = np.argsort(kind, kind="stable")
    for alike in np.split(order, np.flatnonzero(np.diff(kind[order])) + 1) if len(order) else ():
        gases = np.flatnonzero(has[alike[0]]).tolist()
        found[wanted[alike]] = _hashed(live, gwp, intensity[alike], gases)
    return found


def _hashed(live: Live, gwp: Floats, rows: Floats, gases: list[int]) -> Prints:
    """A hash for each row, over these gases."""
    parts = [np.zeros((len(rows), 0), dtype=np.uint8)]
    for at in gases:
        named = "|".join((*live.gases[at], "")).encode()
        parts += [
            _repeated(named, len(rows)),
            _bytes_of(rows[:, at]),
            _repeated(gwp[at].tobytes(), len(rows)),
        ]
    content = np.concatenate(parts, axis=1)
    size, text = content.shape[1], content.tobytes()
    hashes = [hashlib.sha256(text[at * size : (at + 1) * size]).digest() for at in range(len(rows))]
    return np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, PRINT)


def _bytes_of(column: Floats) -> Prints:
    return np.ascontiguousarray(column).view(np.uint8).reshape(len(column), -1)


def _repeated(text: bytes, times: int) -> Prints:
    return np.broadcast_to(np.frombuffer(text, dtype=np.uint8), (times, len(text)))
