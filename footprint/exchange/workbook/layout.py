"""What a workbook looks like: sheets, columns and the words of drop-downs, in both languages. Pure.

A workbook is generated in one language and read in either, so the words of both stand here beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from factors.origins import ORIGIN_LABELS

FORMAT = "1"
"""Of the hidden columns; a workbook of another one is generated anew."""
KEYS_ROW, HEAD_ROW, FIRST_ROW = 1, 2, 3
MOST_LINES = 10_000
SPARE_ROWS = 500
"""Empty rows with drop-downs below the last line."""
MOST_COLUMNS = 60
LONGEST = 32_000
"""Characters in a cell; a spreadsheet keeps 32,767."""
SEPARATOR = " · "


class Sheet(StrEnum):
    """The sheets, by what they are for."""

    COVER = "cover"
    LINES = "lines"
    PROCESSES = "processes"
    LISTS = "lists"
    ABOUT = "about"


TITLES: dict[Sheet, tuple[str, str]] = {
    Sheet.COVER: ("填写说明", "Read me"),
    Sheet.LINES: ("清单数据", "Lines"),
    Sheet.PROCESSES: ("单元过程", "Processes"),
    Sheet.LISTS: ("选项", "Lists"),
    Sheet.ABOUT: ("about", "about"),
}


class Sort(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    THING = "thing"  # a code, then perhaps a name
    PROVIDER = "provider"  # what it is, a code, then perhaps an owner or number and a name
    CHOICE = "choice"
    YES = "yes"
    UNIT = "unit"
    NUMBER = "number"


Choice = tuple[str, str, str]
"""The word stored, 中文, English."""

DIRECTIONS: tuple[Choice, ...] = (("input", "输入", "Input"), ("output", "输出", "Output"))
KINDS: tuple[Choice, ...] = (
    ("product", "产品", "Product"),
    ("waste", "废物", "Waste"),
    ("elementary", "基本流", "Elementary flow"),
)
DATA_TYPES: tuple[Choice, ...] = (
    ("measured", "实测", "Measured"),
    ("calculated", "计算", "Calculated"),
    ("estimated", "估算", "Estimated"),
    ("proxy", "替代数据", "Proxy"),
)
STAGES: tuple[Choice, ...] = (
    ("raw_material", "原材料获取", "Raw materials"),
    ("energy", "能源", "Energy"),
    ("transport", "运输", "Transport"),
    ("production", "生产", "Production"),
    ("waste", "废物处理", "Waste treatment"),
)
ORIGINS: tuple[Choice, ...] = tuple((origin.value, *labels) for origin, labels in ORIGIN_LABELS.items())
YES_OR_NO: tuple[Choice, ...] = (("yes", "是", "Yes"), ("no", "否", "No"))
REMOVES: tuple[Choice, ...] = (("yes", "删除", "Remove"),)
PROVIDERS: tuple[Choice, ...] = (
    ("process", "过程", "Process"),
    ("product", "产品", "Product"),
    ("factor", "因子", "Factor"),
)


@dataclass(frozen=True)
class Column:
    """A column of lines."""

    key: str
    sort: Sort
    zh: str
    en: str
    width: float
    choices: tuple[Choice, ...] = ()

    def label(self, language: str) -> str:
        """As its heading reads."""
        return self.zh if is_chinese(language) else self.en


LINE_KEY, VERSION, BASE, PREVIOUS, REMOVE = "key", "version", "base", "previous", "remove"
HIDDEN = (LINE_KEY, VERSION, BASE)
"""Which line a row is, which version of it, and the prints of its cells as they were handed out."""


def _score(key: str, zh: str, en: str) -> Column:
    return Column(key, Sort.NUMBER, zh, en, 9)


COLUMNS: tuple[Column, ...] = (
    Column("process", Sort.THING, "单元过程", "Process", 24),
    Column("direction", Sort.CHOICE, "方向", "Direction", 9, DIRECTIONS),
    Column("kind", Sort.CHOICE, "类型", "Kind", 12, KINDS),
    Column("product", Sort.THING, "产品", "Product", 30),
    Column("gas", Sort.TEXT, "气体", "Gas", 10),
    Column("origin", Sort.CHOICE, "气体来源", "Origin", 12, ORIGINS),
    Column("flow_name", Sort.TEXT, "流名称", "Flow", 18),
    Column("amount", Sort.NUMBER, "数量", "Amount", 16),
    Column("unit", Sort.UNIT, "单位", "Unit", 11),
    Column("data_type", Sort.CHOICE, "数据类型", "Data type", 12, DATA_TYPES),
    Column("provider", Sort.PROVIDER, "提供者", "Provider", 40),
    Column("comment", Sort.TEXT, "备注", "Comment", 36),
    Column("is_reference", Sort.YES, "参考产品", "Reference product", 11, YES_OR_NO),
    Column("is_avoided", Sort.YES, "避免的产品", "Avoided", 11, YES_OR_NO),
    Column("compartment", Sort.TEXT, "环境介质", "Compartment", 12),
    Column("stage", Sort.CHOICE, "生命周期阶段", "Life cycle stage", 14, STAGES),
    Column("gsd2", Sort.NUMBER, "不确定度 GSD²", "GSD²", 11),
    _score("pedigree_reliability", "谱系：可靠性", "Pedigree: reliability"),
    _score("pedigree_completeness", "谱系：完整性", "Pedigree: completeness"),
    _score("pedigree_temporal", "谱系：时间", "Pedigree: age"),
    _score("pedigree_geographical", "谱系：地域", "Pedigree: place"),
    _score("pedigree_technological", "谱系：技术", "Pedigree: technology"),
    _score("dqr_technology", "数据质量：技术", "Data quality: technology"),
    _score("dqr_time", "数据质量：时间", "Data quality: time"),
    _score("dqr_geography", "数据质量：地域", "Data quality: geography"),
    Column("exempted_kg_co2e", Sort.NUMBER, "取舍估算 kg CO2e", "Left out, kg CO2e", 14),
)
"""What may be filled in, in this order."""
BY_KEY: dict[str, Column] = {column.key: column for column in COLUMNS}
REMOVING = Column(REMOVE, Sort.CHOICE, "删除此行", "Remove", 10, REMOVES)
GHOST = Column(PREVIOUS, Sort.TEXT, "上期值", "Previous period", 16)
SHOWN: tuple[Column, ...] = (*COLUMNS[:8], GHOST, *COLUMNS[8:14], REMOVING, *COLUMNS[14:])
"""In the order of the sheet, after the hidden ones."""


def is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def title(sheet: Sheet, language: str) -> str:
    """What the sheet is called."""
    return TITLES[sheet][0 if is_chinese(language) else 1]


def word(choices: tuple[Choice, ...], stored: str, language: str) -> str:
    """How a stored word reads; an unknown one as it is."""
    place = 1 if is_chinese(language) else 2
    return next((choice[place] for choice in choices if choice[0] == stored), stored)


def stored_word(choices: tuple[Choice, ...], text: str) -> str | None:
    """The word stored for what was chosen, in either language; None for no choice."""
    wanted = text.casefold()
    return next(
        (choice[0] for choice in choices if wanted in {each.casefold() for each in choice}),
        None,
    )
