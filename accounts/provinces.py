"""Provinces of China by ISO 3166-2 code, for sites. Pure."""

from __future__ import annotations

PROVINCES: dict[str, tuple[str, str]] = {
    "CN-AH": ("安徽", "Anhui"),
    "CN-BJ": ("北京", "Beijing"),
    "CN-CQ": ("重庆", "Chongqing"),
    "CN-FJ": ("福建", "Fujian"),
    "CN-GD": ("广东", "Guangdong"),
    "CN-GS": ("甘肃", "Gansu"),
    "CN-GX": ("广西", "Guangxi"),
    "CN-GZ": ("贵州", "Guizhou"),
    "CN-HA": ("河南", "Henan"),
    "CN-HB": ("湖北", "Hubei"),
    "CN-HE": ("河北", "Hebei"),
    "CN-HI": ("海南", "Hainan"),
    "CN-HK": ("香港", "Hong Kong"),
    "CN-HL": ("黑龙江", "Heilongjiang"),
    "CN-HN": ("湖南", "Hunan"),
    "CN-JL": ("吉林", "Jilin"),
    "CN-JS": ("江苏", "Jiangsu"),
    "CN-JX": ("江西", "Jiangxi"),
    "CN-LN": ("辽宁", "Liaoning"),
    "CN-MO": ("澳门", "Macao"),
    "CN-NM": ("内蒙古", "Inner Mongolia"),
    "CN-NX": ("宁夏", "Ningxia"),
    "CN-QH": ("青海", "Qinghai"),
    "CN-SC": ("四川", "Sichuan"),
    "CN-SD": ("山东", "Shandong"),
    "CN-SH": ("上海", "Shanghai"),
    "CN-SN": ("陕西", "Shaanxi"),
    "CN-SX": ("山西", "Shanxi"),
    "CN-TJ": ("天津", "Tianjin"),
    "CN-TW": ("台湾", "Taiwan"),
    "CN-XJ": ("新疆", "Xinjiang"),
    "CN-XZ": ("西藏", "Tibet"),
    "CN-YN": ("云南", "Yunnan"),
    "CN-ZJ": ("浙江", "Zhejiang"),
}

REGIONS: dict[str, frozenset[str]] = {
    "north": frozenset({"CN-BJ", "CN-TJ", "CN-HE", "CN-SX", "CN-NM"}),
    "northeast": frozenset({"CN-LN", "CN-JL", "CN-HL"}),
    "east": frozenset({"CN-SH", "CN-JS", "CN-ZJ", "CN-AH", "CN-FJ", "CN-JX", "CN-SD", "CN-TW"}),
    "central": frozenset({"CN-HA", "CN-HB", "CN-HN"}),
    "south": frozenset({"CN-GD", "CN-GX", "CN-HI", "CN-HK", "CN-MO"}),
    "southwest": frozenset({"CN-CQ", "CN-SC", "CN-GZ", "CN-YN", "CN-XZ"}),
    "northwest": frozenset({"CN-SN", "CN-GS", "CN-QH", "CN-NX", "CN-XJ"}),
}
"""The seven geographic regions; every province is in one of them."""


def province_name(code: str, language: str) -> str:
    """The province in the reader's language; an unknown code stays as it is."""
    chinese, english = PROVINCES.get(code, (code, code))
    return chinese if language.startswith("zh") else english
