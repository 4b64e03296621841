"""The text of a rule as a Word document; beside an earlier version with its changes tracked.

Chapters stand in the order of the text. WordprocessingML by hand: paragraphs, three styles, insertions and
deletions are all there is. Source: ECMA-376, part 1, 17.13.5 (revisions).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count
from xml.sax.saxutils import escape

from footprint.engine.stored_zip import pack_zip
from footprint.rules.document.text import Chapter, Paragraph

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PART = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TOKENS = re.compile(r"[A-Za-z0-9.]+|.", re.S)
UNNUMBERED = 'w:id=""'
"""Of a revision until all of them are there: each has a number of its own in the document."""
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot say."""


@dataclass(frozen=True)
class Line:
    """One paragraph: its style and its words."""

    style: str
    words: str


@dataclass(frozen=True)
class Revision:
    """Who changed it, as Word shows it, and when (ISO 8601)."""

    author: str
    at: str


def document(title: str, text: Sequence[Chapter]) -> bytes:
    """The text as it is."""
    return _packed(_paragraph(each.style, _run(each.words)) for each in lines(title, text))


def redline(title: str, before: Sequence[Chapter], after: Sequence[Chapter], by: Revision) -> bytes:
    """What ``after`` changes of ``before``, as tracked changes that can be accepted or rejected."""
    return _packed(_tracked(lines(title, before), lines(title, after), by))


def lines(title: str, text: Sequence[Chapter]) -> list[Line]:
    """Every paragraph in order, rules with their addresses."""
    found = [Line("Title", title)]
    for chapter in text:
        found.append(Line("Heading2" if chapter.is_sub else "Heading1", chapter.heading))
        found += [Line("", _worded(each)) for each in chapter.paragraphs]
    return found


def _worded(each: Paragraph) -> str:
    return f"{each.words} [{each.address}]" if each.address else each.words


def _tracked(before: list[Line], after: list[Line], by: Revision) -> Iterator[str]:
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = before[i:j], after[k:m]
        if kind == "equal":
            yield from (_paragraph(each.style, _run(each.words)) for each in new)
        elif [each.style for each in old] == [each.style for each in new]:
            yield from (_rewritten(was, now, by) for was, now in zip(old, new, strict=True))
        else:
            yield from (_whole(each, "del", by) for each in old)
            yield from (_whole(each, "ins", by) for each in new)


def _rewritten(before: Line, after: Line, by: Revision) -> str:
    """A paragraph that stays, with its words changed."""
    was, now = TOKENS.findall(before.words), TOKENS.findall(after.words)
    runs = []
    for kind, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(_run("".join(now[k:m])))
            continue
        runs += [_change("del", "".join(was[i:j]), by)] if j > i else []
        runs += [_change("ins", "".join(now[k:m]), by)] if m > k else []
    return _paragraph(after.style, "".join(runs))


def _whole(line: Line, kind: str, by: Revision) -> str:
    return _paragraph(line.style, _change(kind, line.words, by), f"<w:rPr><w:{kind} {_by(by)}/></w:rPr>")


def _change(kind: str, words: str, by: Revision) -> str:
    return f"<w:{kind} {_by(by)}>{_run(words, 'delText' if kind == 'del' else 't')}</w:{kind}>"


def _by(by: Revision) -> str:
    return f'{UNNUMBERED} w:author="{_said(by.author)}" w:date="{_said(by.at)}"'


def _run(words: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{_said(words)}</w:{tag}></w:r>'


def _paragraph(style: str, runs: str, mark: str = "") -> str:
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{mark}</w:pPr>{runs}</w:p>"


def _said(words: str) -> str:
    return escape(FORBIDDEN.sub(" ", words), {'"': "&quot;"})


def _packed(paragraphs: Iterator[str]) -> bytes:
    number = count(1)
    body = re.sub(UNNUMBERED, lambda _id: f'w:id="{next(number)}"', "".join(paragraphs))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{PART}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{PART}.styles+xml"/></Types>',
        "_rels/.rels": _relation("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _relation("styles", "styles.xml"),
        "word/document.xml": f'<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{SPACE}">{_styles()}</w:styles>',
    }
    return pack_zip({name: (HEAD + part).encode() for name, part in parts.items()})


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _styles() -> str:
    """Song for the text, Hei for headings, as in Chinese standards; sizes in half points."""
    fonts = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{}"/>'
    usual = f'<w:rPrDefault><w:rPr>{fonts.format("SimSun")}<w:sz w:val="21"/></w:rPr></w:rPrDefault>'
    plain = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    found = [f"<w:docDefaults>{usual}</w:docDefaults>{plain}"]
    for name, shown, size in (
        ("Title", "Title", 32),
        ("Heading1", "heading 1", 24),
        ("Heading2", "heading 2", 21),
    ):
        level = "" if name == "Title" else f'<w:pPr><w:outlineLvl w:val="{int(name[-1]) - 1}"/></w:pPr>'
        found.append(
            f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/>{level}'
            f'<w:rPr>{fonts.format("SimHei")}<w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
        )
    return "".join(found)
