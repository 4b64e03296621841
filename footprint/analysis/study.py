"""A frozen network with its uncertainty, as bytes: what a run samples, whoever takes which chunk."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from footprint.analysis import doubt
from footprint.analysis.ground import Ground
from footprint.engine.equations import Equations, Floats, Ints
from footprint.engine.montecarlo import SampleBlock, sample_block
from footprint.engine.plan import make_plan
from footprint.engine.sampling import Spread, Words

ARRAYS = (
    "consumer", "supplier", "amount", "direct", "gwp",
    "link_stream", "link_sigma", "burden_stream", "burden_sigma",
    "nodes", "footprints", "companies", "figures",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Frozen:
    """Equations, streams of samples, and which products are asked for.

    Shapes   consumer, supplier, amount, link_stream, link_sigma: (links,); direct: (n, m); gwp: (m,);
             burden_stream, burden_sigma: (n, m); nodes, footprints, companies, figures: (columns,)
    Units    figures: kg CO2e per unit when it was frozen; the others as ``Equations`` and ``Spread``
    """

    consumer: Ints
    supplier: Ints
    amount: Floats
    direct: Floats
    gwp: Floats
    link_stream: Words
    link_sigma: Floats
    burden_stream: Words
    burden_sigma: Floats
    nodes: Ints
    footprints: Ints
    companies: Ints
    figures: Floats

    @classmethod
    def of(cls, ground: Ground, footprints: dict[int, tuple[int, int]], seed: int) -> Frozen:
        """The network as it is; ``footprints``: place -> footprint and company."""
        now, spread = ground.equations, doubt.sampled(ground, seed)
        there = now.amount != 0.0  # a link of zero is no link when the equations are built again
        nodes = np.array(sorted(footprints), dtype=np.int64)
        named = np.array([footprints[node] for node in nodes.tolist()], dtype=np.int64).reshape(-1, 2)
        return cls(
            now.consumer[there], now.supplier[there], now.amount[there], now.direct, ground.gwp,
            spread.link_stream[there], spread.link_sigma[there],
            spread.burden_stream, spread.burden_sigma,
            nodes, named[:, 0], named[:, 1], ground.ghg_kg[nodes],
        )  # fmt: skip

    @classmethod
    def unpacked(cls, content: bytes) -> Frozen:
        """The reverse of ``packed``."""
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            return cls(*(stored[name] for name in ARRAYS))

    def packed(self) -> bytes:
        """As bytes."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **{name: getattr(self, name) for name in ARRAYS})
        return buffer.getvalue()

    def block(self, first: int, count: int) -> Floats:
        """(columns, count) samples, kg CO2e per unit; the same bits however the samples are cut."""
        equations = Equations(len(self.direct), self.consumer, self.supplier, self.amount, self.direct)
        spread = Spread(self.link_stream, self.link_sigma, self.burden_stream, self.burden_sigma)
        sampled = sample_block(equations, make_plan(equations), spread, first, count, weights=self.gwp)
        return np.ascontiguousarray(sampled.values[self.nodes, 0, :])


def as_bytes(values: Floats) -> bytes:
    """float64, little-endian, row by row."""
    return np.ascontiguousarray(values, dtype="<f8").tobytes()


def as_block(content: bytes, first: int, count: int) -> SampleBlock:
    """The reverse of ``as_bytes`` for columns by samples."""
    values = np.frombuffer(content, dtype="<f8").reshape(-1, 1, count)
    return SampleBlock(first, values.astype(np.float64))
