"""What is said, as a PDF: one JSON text for a template, never markup put together.

The same text gives the same bytes; the system's fonts are never asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

LANGUAGES = {"zh": "zh-hans", "en": "en"}
FONTS: Any = [str(pylopdf_fonts_zh_cn.sans_path().parent)]
STANDARDS: Any = ["a-3a", "ua-1"]


def typeset(template: Path, sheet: Mapping[str, Any], made_on: date) -> bytes:
    """PDF/A-3 with tags (PDF/UA-1); a plain one where the font lacks a sign: the standards forbid the box."""
    made = datetime.combine(made_on, datetime.min.time(), tzinfo=UTC)
    try:
        return _set(template, sheet, made, STANDARDS)
    except typst.TypstError:
        return _set(template, sheet, made, [])


def _set(template: Path, sheet: Mapping[str, Any], made: datetime, standards: Any) -> bytes:
    file: bytes = typst.compile(
        template.read_bytes(),
        format="pdf",
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
        pdf_standards=standards,
        timestamp=int(made.timestamp()),
    )
    return file
