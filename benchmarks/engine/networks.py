"""Synthetic alliance networks, about 9.8 links for each product."""

from __future__ import annotations

import numpy as np

from footprint.engine.equations import Equations

PRESETS = ("mild", "loops", "giant")
COLUMNS = 10
SITE = 50
UTILITIES = 5
TRADE = 0.1


def alliance(products: int, preset: str, seed: int = 7) -> Equations:
    """A network of sites with utility loops, supplier tiers and a shared background.

    Products are numbered by tier: 4 % background, then sites of 50 that buy from the background,
    from their own earlier units, and what earlier sites sell. *loops* turns 1 % of the links
    between sites around; *giant* lets the background buy from members.
    """
    draw = np.random.default_rng(seed)
    background = max(products // 25, 20)
    links = [_background(draw, background), *_sites(draw, background, products),
             _trade(draw, background, products, preset), _utilities(draw, background, products)]  # fmt: skip
    if preset == "giant":
        links.append(_bought_back(draw, background, products))
    consumer, supplier, amount = (np.concatenate(part) for part in zip(*links, strict=True))
    direct = draw.lognormal(0.0, 1.0, (products, COLUMNS)) * 10.0 ** -np.arange(COLUMNS)
    return Equations(products, consumer, supplier, amount, direct)


Links = tuple[np.ndarray, np.ndarray, np.ndarray]


def _below(draw: np.random.Generator, limit: np.ndarray) -> np.ndarray:
    """One whole number below each limit."""
    return (draw.random(len(limit)) * limit).astype(np.int64)


def _background(draw: np.random.Generator, background: int) -> Links:
    consumer = np.repeat(np.arange(1, background), 6)
    return consumer, _below(draw, consumer), draw.uniform(0.01, 0.1, len(consumer))


def _sites(draw: np.random.Generator, background: int, products: int) -> list[Links]:
    """Each unit takes from five background products and, but for the utilities, six earlier units."""
    node = np.arange(background, products)
    inner = np.repeat(node[(node - background) % SITE >= UTILITIES], 6)
    rank = (inner - background) % SITE
    outer = np.repeat(node, 5)
    shared = _below(draw, np.full(len(outer), background))
    return [(inner, inner - 1 - _below(draw, rank), draw.uniform(0.01, 0.2, len(inner))),
            (outer, shared, draw.uniform(0.001, 0.08, len(outer)))]  # fmt: skip


def _trade(draw: np.random.Generator, background: int, products: int, preset: str) -> Links:
    """A tenth of the products takes one from an earlier site."""
    node = np.arange(background + SITE, products)
    consumer = node[draw.random(len(node)) < TRADE]
    supplier = background + _below(draw, (consumer - background) // SITE * SITE)
    if preset == "loops":
        turned = draw.random(len(consumer)) < 0.01
        consumer, supplier = np.where(turned, supplier, consumer), np.where(turned, consumer, supplier)
    return consumer, supplier, draw.uniform(0.01, 0.3, len(consumer))


def _utilities(draw: np.random.Generator, background: int, products: int) -> Links:
    """Steam, power and cooling water; hydrogen and fuel gas: rings of 3 and 2 at every site."""
    first = np.arange(background, products - SITE, SITE)
    steam, power, water, hydrogen, gas = (first + k for k in range(UTILITIES))
    consumer = np.concatenate([steam, power, water, hydrogen, gas])
    supplier = np.concatenate([water, steam, power, gas, hydrogen])
    return consumer, supplier, draw.uniform(0.02, 0.3, len(consumer))


def _bought_back(draw: np.random.Generator, background: int, products: int) -> Links:
    consumer = np.repeat(np.arange(background), 3)
    supplier = draw.integers(background, products, len(consumer))
    return consumer, supplier, draw.uniform(0.0001, 0.01, len(consumer))
