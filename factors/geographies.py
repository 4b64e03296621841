"""The places a factor can be valid for: ISO 3166 codes, the seven Chinese grids, and the world. Pure."""

from __future__ import annotations

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
    "GB": ("英国", "United Kingdom"),
    "US": ("美国", "United States"),
    "EU": ("欧盟", "European Union"),
    "GLO": ("全球", "Global"),
}


def place_name(code: str, language: str) -> str:
    """What people call the place; the code when it has no name here."""
    names = GEOGRAPHIES.get(code)
    if names is None:
        return code
    return names[0 if language.lower().startswith("zh") else 1]
