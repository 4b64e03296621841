"""Units of measurement: a closed list, exact conversion, no guessing.

Pure: no Django, no I/O. A unit that is not in ``UNITS`` does not exist here; a conversion is one exact
fraction, so 1 t*mi is 1609.344 kg*km and not 1609.3. The arithmetic of dimensions is pint's, started with
an empty registry so that no unit, prefix or synonym of its default file slips in.

Decisions a reader would look for:

* Normal volume (Nm3, gas at 0 °C and 101.325 kPa) is a dimension of its own: without the state of the gas
  it does not convert to m3.
* Coal equivalent: 1 kgce = 7000 kcal(IT) = 29.3076 MJ exactly, 4.1868 kJ to the kilocalorie. The wording
  of GB/T 2589 for this value was not checked against the standard itself.
* Oil equivalent: 1 kgoe = 10000 kcal(IT) = 41.868 MJ exactly, as refineries in China count it.
* Btu and kcal are those of the International Table; the barrel is 42 US gallons; the mile is 1609.344 m;
  the year is 365 days, as in energy statistics (8760 h).
* "ton", "方" and "斤" are refused: each means more than one thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import pint

from accounts.figures import unit_text

PRECISION = 50


class Dimension(StrEnum):
    """What a unit measures; units of one dimension convert into each other."""

    MASS = "mass"
    ENERGY = "energy"
    VOLUME = "volume"
    NORMAL_VOLUME = "normal_volume"
    TRANSPORT = "transport"
    PERSON_TRANSPORT = "person_transport"
    AREA = "area"
    AREA_TIME = "area_time"
    LENGTH = "length"
    TIME = "time"
    RADIOACTIVITY = "radioactivity"
    ITEMS = "items"
    MONEY = "money"


@dataclass(frozen=True)
class Unit:
    """One accepted unit: the code stored, how pint reads it, and how people write it."""

    code: str
    expression: str
    dimension: Dimension
    label_zh: str
    label_en: str
    aliases: tuple[str, ...] = ()


class UnitError(ValueError):
    """Something about a unit or an amount that cannot be converted."""


class UnknownUnit(UnitError):
    """No unit of this name is accepted."""

    def __init__(self, unit: str) -> None:
        super().__init__(f"unknown unit: {unit!r}")
        self.unit = unit


class DimensionMismatch(UnitError):
    """Two units that measure different things."""

    def __init__(self, from_unit: str, to_unit: str) -> None:
        super().__init__(f"{from_unit!r} does not convert to {to_unit!r}")
        self.from_unit = from_unit
        self.to_unit = to_unit


class NotFinite(UnitError):
    """An amount that is infinite or no number."""

    def __init__(self, amount: Decimal) -> None:
        super().__init__(f"not a finite amount: {amount}")
        self.amount = amount


DEFINITIONS = """
kg = [mass]
t = 1000 * kg
lb = 0.45359237 * kg
m = [length]
km = 1000 * m
mi = 1609.344 * m
s = [time]
h = 3600 * s
d = 24 * h
a = 365 * d
MJ = [energy]
J = 0.000001 * MJ
kcal = 4186.8 * J
kgce = 7000 * kcal
kgoe = 10000 * kcal
Btu = 1055.05585262 * J
Wh = 3600 * J
Nm3 = [normal_volume]
person = [person]
Bq = [radioactivity]
item = [item]
CNY = [money]
"""

# code | as pint reads it | 中文 | English | other spellings (the Chinese label is one too)
TABLE = """
[mass]
kg | kg | 千克 | kilogram | 公斤; kilogram; kilograms; KG; Kg
t | t | 吨 | tonne | T; 公吨; Mg; tonne; tonnes; metric ton
1e4 t | 10000 * t | 万吨 | 10⁴ tonnes
kt | 1000 * t | 千吨 | kilotonne | Gg; kilotonne
Mt | 1000000 * t | 百万吨 | million tonnes | Tg; Mtn
g | kg / 1000 | 克 | gram | gram; grams
mg | kg / 1000000 | 毫克 | milligram | milligram
ug | kg / 1000000000 | 微克 | microgram | μg; microgram
lb | lb | 磅 | pound | lb av; pound; lbs
sh tn | 2000 * lb | 短吨 | short ton (US) | tn.sh; short ton
[energy]
MJ | MJ | 兆焦 | megajoule | megajoule
J | J | 焦耳 | joule | 焦; joule
kJ | 1000 * J | 千焦 | kilojoule | kilojoule; KJ
GJ | 1000 * MJ | 吉焦 | gigajoule | 百万千焦; gigajoule
TJ | 1000000 * MJ | 太焦 | terajoule | terajoule
PJ | 1000000000 * MJ | 拍焦 | petajoule | petajoule
Wh | Wh | 瓦时 | watt hour | W·h
kWh | 1000 * Wh | 千瓦时 | kilowatt hour | 度; kW·h; KW·h; kwh; KWh; Kwh; KWH
MWh | 1000000 * Wh | 兆瓦时 | megawatt hour | MW·h; MWH
1e4 kWh | 10000000 * Wh | 万千瓦时 | 10⁴ kWh | 万度; 万KWh; 万KW·h; 万KWH
GWh | 1000000000 * Wh | 吉瓦时 | gigawatt hour | GW·h; GWH
kgce | kgce | 千克标准煤 | kg coal equivalent | 千克标煤; 公斤标煤; 公斤标准煤; kg标煤; kg标准煤
tce | 1000 * kgce | 吨标准煤 | tonne coal equivalent | 吨标煤; TCE; t标煤; t标准煤
1e4 tce | 10000000 * kgce | 万吨标准煤 | 10⁴ tce | 万吨标煤
kgoe | kgoe | 千克标准油 | kg oil equivalent | 千克标油; 公斤标油; kg标油; kgEO
toe | 1000 * kgoe | 吨标准油 | tonne oil equivalent | 吨标油; t标油; TOE
kcal | kcal | 千卡 | kilocalorie (IT) | 大卡
Gcal | 1000000 * kcal | 吉卡 | gigacalorie (IT) | 百万千卡; 百万大卡; GCal
Btu | Btu | 英热单位 | British thermal unit (IT) | btu; BTU; 英热
MMBtu | 1000000 * Btu | 百万英热单位 | million Btu | mmBtu; MMBTU; 百万英热
[volume]
m3 | m ** 3 | 立方米 | cubic metre | 立方; kl; kL; cubic metres; cubic metre
l | m ** 3 / 1000 | 升 | litre | L; dm3; litre; litres; liter
ml | m ** 3 / 1000000 | 毫升 | millilitre | mL; cm3
1e4 m3 | 10000 * m ** 3 | 万立方米 | 10⁴ m³ | 万立方
bbl | 0.158987294928 * m ** 3 | 桶 | barrel (42 US gal) | barrel; barrels
[normal_volume]
Nm3 | Nm3 | 标准立方米 | normal cubic metre | 标立方米; 标立方; 标方; 标m³; NM3
1e3 Nm3 | 1000 * Nm3 | 千标准立方米 | 10³ Nm³ | 千标方; 千标立方米; 千Nm³; kNm³
1e4 Nm3 | 10000 * Nm3 | 万标准立方米 | 10⁴ Nm³ | 万标方; 万标立方米; 万标m³; 万NM3
[transport]
t*km | t * km | 吨公里 | tonne-kilometre | tkm; 吨千米; t·km; tonne.km; t.km
kg*km | kg * km | 千克公里 | kilogram-kilometre | kgkm; 公斤公里; kg·km
kt*km | 1000 * t * km | 千吨公里 | kilotonne-kilometre | ktkm
1e4 t*km | 10000 * t * km | 万吨公里 | 10⁴ tonne-kilometres
t*mi | t * mi | 吨英里 | tonne-mile | tmi
[person_transport]
p*km | person * km | 人公里 | person-kilometre | pkm; personkm; 人千米
p*mi | person * mi | 人英里 | person-mile | pmi
[area]
m2 | m ** 2 | 平方米 | square metre | 平米
ha | 10000 * m ** 2 | 公顷 | hectare | hectare
km2 | km ** 2 | 平方公里 | square kilometre | 平方千米
[area_time]
m2*a | m ** 2 * a | 平方米年 | square metre year | m2a; m2·a
[length]
m | m | 米 | metre | metre
km | km | 千米 | kilometre | 公里; kilometre
mi | mi | 英里 | mile | mile; miles
[time]
h | h | 小时 | hour | 时; hr; hour; hours
s | s | 秒 | second | second
d | d | 天 | day | 日; day; days
a | a | 年 | year (365 days) | year; yr
[radioactivity]
Bq | Bq | 贝可 | becquerel | becquerel
kBq | 1000 * Bq | 千贝可 | kilobecquerel | kilobecquerel
[items]
item | item | 件 | item | Item(s); Items; items; piece; pieces; pcs; 个; 台; 套
[money]
CNY | CNY | 元 | yuan (CNY) | 人民币; RMB
1e4 CNY | 10000 * CNY | 万元 | 10⁴ CNY
"""


def _units() -> tuple[Unit, ...]:
    found: list[Unit] = []
    group = Dimension.MASS
    for line in filter(None, TABLE.split("\n")):
        if line.startswith("["):
            group = Dimension(line.strip("[]"))
            continue
        code, expression, label_zh, label_en, *rest = (cell.strip() for cell in line.split("|"))
        spellings = tuple(alias.strip() for alias in rest[0].split(";")) if rest else ()
        found.append(Unit(code, expression, group, label_zh, label_en, (label_zh, *spellings)))
    return tuple(found)


UNITS: tuple[Unit, ...] = _units()

DIMENSION_LABELS: dict[Dimension, tuple[str, str]] = {
    Dimension.MASS: ("质量", "Mass"),
    Dimension.ENERGY: ("能量", "Energy"),
    Dimension.VOLUME: ("体积", "Volume"),
    Dimension.NORMAL_VOLUME: ("标准状态体积", "Normal volume"),
    Dimension.TRANSPORT: ("货物运输", "Goods transport"),
    Dimension.PERSON_TRANSPORT: ("人员运输", "Passenger transport"),
    Dimension.AREA: ("面积", "Area"),
    Dimension.AREA_TIME: ("面积×时间", "Area × time"),
    Dimension.LENGTH: ("长度", "Length"),
    Dimension.TIME: ("时间", "Time"),
    Dimension.RADIOACTIVITY: ("放射性", "Radioactivity"),
    Dimension.ITEMS: ("件数", "Items"),
    Dimension.MONEY: ("金额", "Money"),
}

_REGISTRY: Any = pint.UnitRegistry(None, non_int_type=Fraction)
for _line in DEFINITIONS.split("\n"):
    if _line:
        _REGISTRY.define(_line)


def _spelling(text: str) -> str:
    """One spelling for full-width letters, superscripts, ten thousands, spaces, product signs; not case."""
    counted = re.sub(r"^万\s*(?=[a-zA-Z])", "1e4 ", text.strip())
    powers = re.sub(r"^[×*]?\s*\b(?:10\^|10(?=[⁴³])|1e)([34⁴³])\s*", r"1e\1 ", counted)
    folded = unicodedata.normalize("NFKC", powers).replace("μ", "µ").replace("×", "*").replace("·", "*")
    return " ".join(folded.split())


def _by_spelling() -> dict[str, Unit]:
    known: dict[str, Unit] = {}
    for unit in UNITS:
        for spelling in (unit.code, *unit.aliases):
            if known.setdefault(_spelling(spelling), unit) is not unit:
                raise ValueError(f"{spelling!r} names two units")
    return known


BY_SPELLING: dict[str, Unit] = _by_spelling()


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """The unit a text names, by code or alias. Case counts: Mg is a tonne, mg a milligram.

    Raises:
        UnknownUnit: no accepted unit is written like this.
    """
    try:
        return BY_SPELLING[_spelling(text)]
    except KeyError:
        raise UnknownUnit(text) from None


def canonical(text: str) -> str:
    """The code under which the unit is stored: "万标方" -> "1e4 Nm3". Raises UnknownUnit."""
    return unit(text).code


def dimension(text: str) -> Dimension:
    """What the unit measures. Raises UnknownUnit."""
    return unit(text).dimension


@lru_cache(maxsize=4096)
def same_dimension(first: str, second: str) -> bool:
    """Whether two units convert into each other. Raises UnknownUnit."""
    return dimension(first) is dimension(second)


@cache
def factor(from_unit: str, to_unit: str) -> Fraction:
    """How many ``to_unit`` one ``from_unit`` is, exactly.

    Raises:
        UnknownUnit: one of the two is not accepted.
        DimensionMismatch: they measure different things.
    """
    source, target = unit(from_unit), unit(to_unit)
    if source.dimension is not target.dimension:
        raise DimensionMismatch(from_unit, to_unit)
    return _in_base(source) / _in_base(target)


@cache
def _in_base(which: Unit) -> Fraction:
    quantity = _REGISTRY.parse_expression(which.expression)
    return Fraction(quantity.to_base_units().magnitude)


def convert(amount: Decimal, from_unit: str, to_unit: str) -> Decimal:
    """The amount in another unit of the same dimension.

    The result is exact whenever the decimal expansion ends within fifty digits, and rounded to fifty
    significant digits (half to even) when it does not.

    Raises:
        UnknownUnit, DimensionMismatch: as ``factor``.
        NotFinite: the amount is infinite or no number.
    """
    if not amount.is_finite():
        raise NotFinite(amount)
    numerator, denominator = _ratio(from_unit, to_unit)
    if numerator == denominator:
        return amount
    with localcontext() as context:
        context.prec = PRECISION + len(amount.as_tuple().digits)
        product = amount * numerator
        context.prec = PRECISION
        return product / denominator


@cache
def _ratio(from_unit: str, to_unit: str) -> tuple[int, int]:
    return factor(from_unit, to_unit).as_integer_ratio()


def choices(
    language: str = "zh-hans",
    *,
    dimensions: Collection[Dimension] = tuple(Dimension),
    besides: Collection[str] = (),
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The units grouped by dimension, for a select: [(group, [(code, label), ...]), ...].

    Those of ``dimensions``, and single ones ``besides``.
    """
    index = 0 if language.lower().startswith("zh") else 1
    grouped: dict[Dimension, list[tuple[str, str]]] = {}
    for each in UNITS:
        if each.dimension not in dimensions and each.code not in besides:
            continue
        label = (each.label_zh, each.label_en)[index]
        grouped.setdefault(each.dimension, []).append((each.code, f"{display(each.code)} · {label}"))
    return [(DIMENSION_LABELS[key][index], entries) for key, entries in grouped.items()]


def display(code: str) -> str:
    """How a unit code is set for people: "1e4 Nm3" -> "10⁴ Nm³", "t*km" -> "t·km"."""
    return unit_text(code)
