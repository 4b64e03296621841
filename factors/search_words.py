"""What somebody typed, as things to look for: words, their other names, places, years. Pure.

Chinese is written without spaces, so a run of characters is cut at the words known here; what is left stays
together. The searchable text of a factor (a trigger writes it) has every Chinese character and every pair of
neighbours as a word of its own: a run of characters is there when all its pairs are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from accounts.decimals import half_width
from factors.geographies import GEOGRAPHIES

SYNONYMS = """
天然气, 天燃气, natural gas, ng, methane gas
液化天然气, lng, liquefied natural gas
液化石油气, lpg, liquefied petroleum gas
煤炭, 原煤, coal
烟煤, 一般烟煤, bituminous
无烟煤, 白煤, anthracite
褐煤, lignite
焦炭, coke
焦炉煤气, coke oven gas, cog
高炉煤气, blast furnace gas, bfg
炼厂干气, 干气, refinery gas
原油, 石油, crude oil, crude
汽油, gasoline, petrol
柴油, diesel, gas diesel oil
煤油, kerosene, 航煤, 航空煤油, jet fuel
燃料油, 重油, fuel oil, residual fuel oil
石脑油, 轻油, naphtha
石油焦, petroleum coke, petcoke
沥青, bitumen, asphalt
电力, 电, electricity, 用电
电网, grid
燃煤发电, 煤电, 火电, coal power
光伏, 光伏发电, 太阳能, solar, photovoltaic, pv
风电, 风力发电, wind
水电, 水力发电, hydro, hydropower
核电, nuclear
热力, 蒸汽, 蒸气, 热, heat, steam
甲烷, 沼气, methane, ch4
氢气, 氢, hydrogen, h2
合成氨, 液氨, 氨, ammonia, nh3
甲醇, methanol, ch3oh
乙醇, 酒精, ethanol
乙烯, ethylene, ethene
丙烯, propylene, propene
丁二烯, butadiene
苯, benzene
甲苯, toluene
对二甲苯, paraxylene, px
聚乙烯, polyethylene, pe
聚丙烯, polypropylene, pp
聚氯乙烯, polyvinyl chloride, pvc
烧碱, 氢氧化钠, caustic soda, sodium hydroxide, naoh
纯碱, 碳酸钠, soda ash, sodium carbonate
石灰, lime
尿素, urea
水泥, cement
钢, 钢铁, steel
铝, aluminium, aluminum
电石, 碳化钙, calcium carbide
货车, 卡车, 重型货车, truck, lorry, hgv
公路运输, 公路货运, road freight
铁路, 铁路货运, rail, train
海运, 船运, 水运, shipping, sea freight, ship
空运, 航空货运, air freight
厢式货车, van
运输, 货运, transport, freight
燃烧, combustion, burning
供应, 井到罐, supply, well to tank, wtt
平均, average
再生, 回收, recycled, recycling
原生, primary, virgin
塑料, plastics, plastic
纸板, board, cardboard
轮胎, tyres, tires
废物, 垃圾, waste
生物质, biomass
"""
TRADITIONAL = """
氣气 電电 氫氢 鋼钢 鐵铁 鋁铝 銅铜 鋅锌 鎳镍 鉛铅 錫锡 鈉钠 鈣钙 鉀钾 鎂镁 鋰锂 鈦钛 鉻铬 錳锰 鎢钨
釩钒 鈷钴 銀银 銨铵 矽硅 煉炼 廠厂 乾干 爐炉 熱热 壓压 縮缩 運运 輸输 車车 貨货 輪轮 飛飞 機机 燒烧
發发 網网 風风 陽阳 鹼碱 純纯 鹽盐 漿浆 紙纸 膠胶 廢废 質质 產产 業业 動动 設设 備备 線线 纖纤 維维
絲丝 織织 環环 瀝沥 劑剂 標标 準准 噸吨 萬万 無无 煙烟 總总 礦矿 樹树 體体 積积 溫温 處处 級级 類类
農农 糧粮 場场 內内 對对 鹵卤 烴烃 醯酰 滌涤 綸纶 錦锦 單单 導导 製制 鑄铸 鍛锻 參参 數数 國国 華华
東东 區区 廣广 蘇苏 陝陕 遼辽 寧宁 龍龙 慶庆 雲云 貴贵 臺台 灣湾 門门 歐欧 聯联 亞亚 韓韩 濱滨 滬沪
漢汉 鄭郑 長长
"""
"""Characters of this trade as they are typed in Hong Kong and Taiwan, each with the simplified one."""
CHINESE = "\u3400-\u4dbf\u4e00-\u9fff"
_RUNS = re.compile(f"[{CHINESE}]+|[^\\W_{CHINESE}]+")
_CHINESE = re.compile(f"[{CHINESE}]")
SPLIT = re.compile(r"[\W_]+")
"""Between the words of a searchable text."""
_CLASSIFIED = re.compile(
    r"(?<![a-z0-9])(?:(?:hs|cpc|cas)(?:[\s_-]*(?:codes?|numbers?|no|[编編]?[号號]|[编編][码碼]|代[码碼]))?"
    r"|(?:海[关關]|[税稅][则則]|商品)[编編][码碼号號])[\s_.:#-]*(\d[\d.-]*)"
)
"""The name of a classification and a code of it: "HS 2814.10", "CPC34210", "海关编码 281410"."""
SHORT = 3
"""Below so many letters a word is looked for whole: "pe" is not the beginning of everything."""
MEANT = frozenset({"CN", "EU", "GB", "US"})
"""Codes of two letters that are looked for as places."""
LONGEST_QUESTION = 200
MOST_TERMS = 8


@dataclass(frozen=True)
class Term:
    """One thing to look for: any of ``names`` will do, or the year, or one of the places."""

    names: tuple[str, ...]
    year: int | None = None
    places: tuple[str, ...] = ()

    @property
    def typed(self) -> str:
        """As it was typed."""
        return self.names[0]


def terms(words: str) -> tuple[Term, ...]:
    """What to look for; all of it has to be found."""
    typed = half_width(words[:LONGEST_QUESTION]).lower()
    codes = [_code(code) for code in _CLASSIFIED.findall(typed)]
    pieces = [piece for run in _RUNS.findall(_CLASSIFIED.sub(" ", typed)) for piece in _cut(run)]
    return tuple(codes + [_term(piece) for piece in _joined(pieces)])[:MOST_TERMS]


def parts(name: str) -> tuple[str, ...]:
    """The words of the searchable text that a name consists of, with a space behind where whole."""
    found: list[str] = []
    for run in _RUNS.findall(name.lower()):
        if is_chinese_word(run):
            pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
            found += [f"{pair} " for pair in pairs]
        else:
            found.append(f"{run} " if len(run) < SHORT else run)
    return tuple(found)


def written(words: tuple[str, ...]) -> str:
    """All of these words as a tsquery; what has no space behind may go on."""
    return " & ".join(f"'{word[:-1]}'" if word.endswith(" ") else f"'{word}':*" for word in words)


def almost(name: str) -> tuple[tuple[str, ...], ...]:
    """A Chinese name with any one character mistaken: each way, the words that are still there.

    Names in Latin letters are compared by their trigrams instead, in the database.
    """
    if not is_chinese_word(name) or len(name) < 3:
        return ()
    return tuple(parts(name[:at]) + parts(name[at + 1 :]) for at in range(len(name)))


def is_chinese_word(text: str) -> bool:
    """Whether it is written in Chinese characters."""
    return bool(_CHINESE.match(text))


def _code(typed: str) -> Term:
    """A code of a classification, never a year; with and without the dots that customs write in it."""
    spaced = " ".join(re.findall(r"\d+", typed))
    plain = spaced.replace(" ", "")
    dotted = " ".join((plain[:4], *re.findall("..?", plain[4:])))
    return Term(tuple(dict.fromkeys((spaced, plain, dotted))))


def _term(typed: str) -> Term:
    is_year = len(typed) == 4 and typed.isascii() and typed.isdigit() and 1990 <= int(typed) <= 2100
    plain = _simplified(typed)
    others = tuple(name for name in _groups().get(plain, (plain,)) if name != typed)
    return Term((typed, *others), int(typed) if is_year else None, _places().get(plain, ()))


def _simplified(text: str) -> str:
    return text.translate(_simple_characters())


def _cut(run: str) -> Iterator[str]:
    """A run of Chinese, cut at known words, the longest first; anything else whole."""
    if not is_chinese_word(run):
        yield run
        return
    plain, known, at, loose = _simplified(run), _known(), 0, ""
    while at < len(run):
        length = next((n for n in range(min(8, len(run) - at), 1, -1) if plain[at : at + n] in known), 0)
        if length and loose:
            yield loose
            loose = ""
        if length:
            yield run[at : at + length]
        else:
            loose += run[at]
        at += length or 1
    if loose:
        yield loose


def _joined(pieces: list[str]) -> Iterator[str]:
    """Neighbours that are a name together: "natural", "gas"."""
    known, at = _known(), 0
    while at < len(pieces):
        length = next(
            (n for n in (4, 3, 2) if " ".join(pieces[at : at + n]) in known and at + n <= len(pieces)), 1
        )
        yield " ".join(pieces[at : at + length])
        at += length


@cache
def _simple_characters() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in TRADITIONAL.split()}


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    lines = [tuple(name.strip() for name in line.split(",")) for line in SYNONYMS.strip().split("\n")]
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        for name in line:
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *line)))
    return found


@cache
def _places() -> dict[str, tuple[str, ...]]:
    """By name, and by code unless it is of two letters and most likely means something else: pe, ng, in."""
    found: dict[str, tuple[str, ...]] = {}
    for code, names in GEOGRAPHIES.items():
        for name in (*names, code) if len(code) > 2 or code in MEANT else names:
            found[name.lower()] = (*found.get(name.lower(), ()), code)
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(_groups()) | frozenset(_places())
