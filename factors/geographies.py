"""The places a factor can be valid for: countries, the Chinese provinces and grids, parts of the world. Pure.

Codes of countries and provinces are those of ISO 3166. A part of another country than China is any code of
the form of ISO 3166-2, like US-TX: these are not listed. Other codes, as openLCA's databases write them, are
read as one of these.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

from factors.countries import COUNTRIES

_PROVINCES = """
CN-BJ 北京 Beijing
CN-TJ 天津 Tianjin
CN-HE 河北 Hebei
CN-SX 山西 Shanxi
CN-NM 内蒙古 Inner Mongolia
CN-LN 辽宁 Liaoning
CN-JL 吉林 Jilin
CN-HL 黑龙江 Heilongjiang
CN-SH 上海 Shanghai
CN-JS 江苏 Jiangsu
CN-ZJ 浙江 Zhejiang
CN-AH 安徽 Anhui
CN-FJ 福建 Fujian
CN-JX 江西 Jiangxi
CN-SD 山东 Shandong
CN-HA 河南 Henan
CN-HB 湖北 Hubei
CN-HN 湖南 Hunan
CN-GD 广东 Guangdong
CN-GX 广西 Guangxi
CN-HI 海南 Hainan
CN-CQ 重庆 Chongqing
CN-SC 四川 Sichuan
CN-GZ 贵州 Guizhou
CN-YN 云南 Yunnan
CN-XZ 西藏 Tibet
CN-SN 陕西 Shaanxi
CN-GS 甘肃 Gansu
CN-QH 青海 Qinghai
CN-NX 宁夏 Ningxia
CN-XJ 新疆 Xinjiang
"""

GEOGRAPHIES: dict[str, tuple[str, str]] = {
    "CN": ("中国", "China"),
    "CN-GRID-NC": ("华北区域电网", "North China grid"),
    "CN-GRID-NE": ("东北区域电网", "Northeast China grid"),
    "CN-GRID-EC": ("华东区域电网", "East China grid"),
    "CN-GRID-CC": ("华中区域电网", "Central China grid"),
    "CN-GRID-NW": ("西北区域电网", "Northwest China grid"),
    "CN-GRID-SG": ("南方区域电网", "Southern China grid"),
    "CN-GRID-SW": ("西南区域电网", "Southwest China grid"),
    **{
        code: (name_zh, name_en)
        for code, name_zh, name_en in (line.split(" ", 2) for line in _PROVINCES.strip().split("\n"))
    },
    "GLO": ("全球", "Global"),
    "RoW": ("世界其余地区", "Rest of the world"),
    "EU": ("欧盟", "European Union"),
    "RER": ("欧洲", "Europe"),
    "RAS": ("亚洲", "Asia"),
    "RME": ("中东", "Middle East"),
    "RAF": ("非洲", "Africa"),
    "RNA": ("北美洲", "North America"),
    "RLA": ("拉丁美洲和加勒比", "Latin America and the Caribbean"),
    "OCE": ("大洋洲", "Oceania"),
    **{code: names for code, names in COUNTRIES.items() if code != "CN"},
}
REGIONS = frozenset(GEOGRAPHIES) - frozenset(COUNTRIES)
"""What is larger or smaller than a country."""
PART = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")
"""A part of a country by ISO 3166-2."""
OTHERWISE = {
    "CN-HK": "HK", "CN-MO": "MO", "CN-TW": "TW", "UK": "GB", "EL": "GR",
    "CN-NCGC": "CN-GRID-NC", "CN-NECG": "CN-GRID-NE", "CN-ECGC": "CN-GRID-EC", "CN-CCG": "CN-GRID-CC",
    "CN-NWG": "CN-GRID-NW", "CN-CSG": "CN-GRID-SG", "CN-SWG": "CN-GRID-SW",
    "EU-27": "EU", "EU27": "EU", "EU-28": "EU", "EU28": "EU",
    "WORLD": "GLO", "WORLDWIDE": "GLO", "REST-OF-WORLD": "RoW",
}  # fmt: skip
"""Other codes of the same places: ISO 3166-2, Eurostat, and ecoinvent's of the Chinese grids (from memory,
unverified)."""
MOST_NEAR = 3
LIKE = 0.6


def is_place(code: str) -> bool:
    """Whether a factor can be valid there."""
    return code in GEOGRAPHIES or _country_of(code) not in ("", "CN")


def place_of(written: str) -> str:
    """The place that a code or a name means, in whatever case; empty where none is known."""
    code = written.strip()
    if is_place(code):
        return code
    upper = re.sub(r"[\s_]+", "-", code.upper())
    if upper in OTHERWISE or is_place(upper):
        return OTHERWISE.get(upper, upper)
    return _named().get(code.casefold(), "")


def nearest(written: str) -> tuple[str, ...]:
    """Codes of the places whose code or name is most like it; the world where none is."""
    wanted, known = written.strip().casefold(), _named()
    found = [known[name] for name in get_close_matches(wanted, known, MOST_NEAR, LIKE)]
    country = wanted[:2].upper()
    if country in COUNTRIES and wanted[2:3] in ("-", "_"):
        found.insert(0, country)
    return tuple(dict.fromkeys(found))[:MOST_NEAR] or ("GLO",)


def place_name(code: str, language: str) -> str:
    """What people call the place; the code when it has no name here."""
    at = 0 if language.lower().startswith("zh") else 1
    if code in GEOGRAPHIES:
        return GEOGRAPHIES[code][at]
    country = _country_of(code)
    return f"{GEOGRAPHIES[country][at]} · {code}" if country else code


def place_choices(language: str, *more: str) -> list[tuple[str, str]]:
    """Every place of the list with its name, and such parts of other countries as are named."""
    codes = dict.fromkeys((*GEOGRAPHIES, *filter(is_place, more)))
    return [(code, place_name(code, language)) for code in codes]


def nearest_named(written: str) -> str:
    """The nearest places, each with both its names: for a sentence whose language is not known yet."""
    return ", ".join(
        f"{code} ({place_name(code, 'zh')} / {place_name(code, 'en')})" for code in nearest(written)
    )


def _country_of(code: str) -> str:
    """Of a part of a country; empty where it is none."""
    found = PART.fullmatch(code)
    return found[1] if found and found[1] in COUNTRIES else ""


@cache
def _named() -> dict[str, str]:
    """Places by code and by either name, in lower case."""
    return {name.casefold(): code for code, names in reversed(GEOGRAPHIES.items()) for name in (*names, code)}
