"""What the workbook looks like: heads and sheets in both languages, for it is filled in in either. Pure."""

from __future__ import annotations

from factors.bulk import COLUMNS

HEADS: dict[str, tuple[str, str]] = {
    "code": ("因子代码", "Factor code"),
    "name_zh": ("中文名称", "Name in Chinese"),
    "name_en": ("英文名称", "Name in English"),
    "kind": ("类型", "Kind"),
    "unit": ("单位", "Unit"),
    "category": ("类别", "Category"),
    "cas": ("CAS 号", "CAS number"),
    "cpc": ("CPC 代码", "CPC code"),
    "hs": ("HS 编码", "HS code"),
    "geography": ("地域", "Place"),
    "reference_year": ("基准年份", "Reference year"),
    "technology": ("技术", "Technology"),
    "scope": ("核算气体范围", "Gases counted"),
    "boundary": ("系统边界", "Boundary"),
    "gwp_set": ("GWP 版本", "GWP set"),
    "source": ("来源代码", "Source code"),
    "source_locator": ("来源中的位置", "Place in the source"),
    "transcription": ("转录方式", "Transcription"),
    "note_zh": ("中文备注", "Note in Chinese"),
    "note_en": ("英文备注", "Note in English"),
    "gas": ("气体", "Gas"),
    "origin": ("气体来源", "Origin"),
    "kg_per_unit": ("每单位千克数", "kg per unit"),
}
SHEETS = {"factors": ("因子", "Factors"), "choices": ("选项", "Choices")}
CHOSEN = ("kind", "unit", "geography", "scope", "boundary", "source", "transcription", "gas", "origin")
"""Columns whose values are listed on the sheet of choices."""
AT_FAULT = {"emissions": "kg_per_unit", "file": ""}
"""The column of a fault whose field is none."""
MOST_HEAD_ROW = 20
FEWEST_HEADS = 3
"""From so many on a row is taken for the heads, and what it lacks is told."""


def chinese_first(language: str) -> int:
    """Which of a pair a language reads."""
    return 0 if language.lower().startswith("zh") else 1


def column_of(text: str) -> str:
    """The column a head is of, by its name or what it is called in either language; empty for none."""
    return KNOWN.get(_folded(text), "")


def _folded(text: str) -> str:
    return "".join(text.split()).rstrip("*").casefold()


KNOWN = {_folded(word): name for name in COLUMNS for word in (name, *HEADS[name])}
