"""The lines of a demo inventory as frozen rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class OwnProcess:
    """A unit process of the same inventory."""

    recipe: str


@dataclass(frozen=True)
class MemberProduct:
    """A product of another site or member, by product code."""

    product: str


@dataclass(frozen=True)
class FactorOfYear:
    """A shared factor in the version of a reference year."""

    code: str
    year: int


Provider = OwnProcess | MemberProduct | FactorOfYear | None


@dataclass(frozen=True)
class ProductLine:
    """Something a site makes: ``flow`` is the good, ``maker`` the process when several make it."""

    code: str
    site: str
    flow: str
    maker: str
    is_waste: bool = False
    is_network: bool = False


@dataclass(frozen=True)
class Line:
    """One exchange. ``product`` is a product's code, or a good's code when it is bought in."""

    direction: str
    kind: str
    flow: str
    amount: Decimal
    unit: str
    product: str = ""
    provider: Provider = None
    quality: str = "measured"
    comment: str = ""
    is_reference: bool = False
    prices: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True)
class ProcessLines:
    """One unit process of a site and year with its lines and declared shares by product code."""

    recipe: str
    allocation: str
    lines: tuple[Line, ...]
    shares: tuple[tuple[str, Decimal], ...] = ()
    mass_loss_kg: Decimal | None = None
    energy_loss_mj: Decimal | None = None
    balance_comment: str = ""


@dataclass(frozen=True)
class SiteInventory:
    """A site's reference year."""

    site: str
    year: int
    products: tuple[ProductLine, ...]
    processes: tuple[ProcessLines, ...]


def figure(value: float) -> Decimal:
    """Five significant digits, as a plant would report."""
    return Decimal(f"{value:.5g}")
