"""A rule as files: Word opens the text, changes are tracked, every comment is handed on with its answer."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.test import Client
from openpyxl import load_workbook

from footprint.rules.actions.commenting import answer_comment, comment_on
from footprint.rules.actions.product_rules import edit_rule, propose_rule
from footprint.rules.document.lifecycle import State
from footprint.rules.document.text import Chapter, Paragraph
from footprint.rules.pages import word
from tests.footprint.rules.makers import Alliance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
W = f"{{{word.SPACE}}}"
RULE = "/product-rules/ethylene/"
BY = word.Revision("Version 2", "2026-01-01T00:00:00+08:00")


def reader(alliance: Alliance) -> Client:
    client = Client()
    client.force_login(alliance.owner)
    client.cookies["django_language"] = "en"
    return client


def body(file: bytes) -> ElementTree.Element:
    with ZipFile(BytesIO(file)) as opened:
        assert opened.testzip() is None
        for name in opened.namelist():
            ElementTree.fromstring(opened.read(name))
        return ElementTree.fromstring(opened.read("word/document.xml"))


def as_it(ends: str, file: bytes) -> list[str]:
    """The paragraphs once every change is accepted ("after") or rejected ("before")."""
    gone, tag = ("del", "t") if ends == "after" else ("ins", "delText")
    found = []
    for paragraph in body(file).iter(f"{W}p"):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None:
            continue
        dropped = {id(part) for change in paragraph.iter(f"{W}{gone}") for part in change.iter()}
        kept = [
            part
            for part in paragraph.iter()
            if part.tag in (f"{W}t", f"{W}{tag}") and id(part) not in dropped
        ]
        found.append("".join(part.text or "" for part in kept))
    return found


def chapter(*words: str) -> list[Chapter]:
    return [Chapter("1", "范围", tuple(Paragraph(each) for each in words))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("适用于乙烯。",), ("适用于乙烯和丙烯。",)),
        (("a", "b", "c"), ("a", "c")),
        ((), ("a <b> & \"c\"",)),
        (("a", "b"), ("x", "y", "z")),
        (("same",), ("same",)),
    ],
)  # fmt: skip
def test_accepting_gives_the_one_and_rejecting_the_other(before: Any, after: Any) -> None:
    file = word.redline("甲醇", chapter(*before), chapter(*after), BY)
    assert as_it("after", file) == ["甲醇", "1 范围", *after]
    assert as_it("before", file) == ["甲醇", "1 范围", *before]


def test_every_change_has_a_number_of_its_own() -> None:
    file = word.redline("x", chapter("one", "two"), chapter("1", "2", "three"), BY)
    numbers = [each.get(f"{W}id") for tag in ("ins", "del") for each in body(file).iter(f"{W}{tag}")]
    assert len(numbers) > 3 and len(set(numbers)) == len(numbers)


def test_what_xml_cannot_say_breaks_nothing() -> None:
    assert as_it("after", word.document("x", chapter("a\x00\x0b\ud800b")))[-1] == "a   b"


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("http://x")',
        '</w:t><w:altChunk/> <script> & "w:id=""',
        "\u202eexe.cod \u2067\u05d0\u2069 \u200b\u200d\ufeff \u0627\u0644",
        "长" * 20_000,
        "one\r\ntwo\u2028three\tfour",
    ],
)
def test_whatever_a_name_is_it_is_words(name: str) -> None:
    """Of the rule, of a paragraph, and of whoever changed it."""
    as_read = name.replace("\r\n", "\n")  # as XML has it
    for file in (
        word.document(name, chapter(name)),
        word.redline(name, chapter(name), chapter(name, "new"), word.Revision(name, BY.at)),
    ):
        assert as_it("after", file)[:3] == [as_read, "1 范围", as_read]
    numbers = [each.get(f"{W}id") for each in body(file).iter(f"{W}ins")]
    assert len(set(numbers)) == len(numbers) > 0


def test_every_paragraph_has_a_style_that_is_there() -> None:
    with ZipFile(BytesIO(word.document("x", chapter("a")))) as opened:
        styles = list(ElementTree.fromstring(opened.read("word/styles.xml")).iter(f"{W}style"))
    (usual,) = [each for each in styles if each.get(f"{W}default") == "1"]
    assert usual.get(f"{W}styleId") == "Normal"
    named = {each.get(f"{W}styleId") for each in styles}
    used = {each.get(f"{W}val") for each in body(word.document("x", chapter("a"))).iter(f"{W}pStyle")}
    assert used <= named


def test_the_text_and_its_changes_for_word(alliance: Alliance) -> None:
    alliance.to(State.PUBLISHED)
    later = propose_rule(alliance.rule.category, by=alliance.actor("owner"), reason="prices moved")
    alliance.rule = later
    alliance.move("approve")
    alliance.move("begin")
    document = {**later.document, "scope_en": "Only ethylene."}
    edit_rule(alliance.rule, by=alliance.actor("owner"), version=None, document=document)
    client = reader(alliance)
    assert f"{RULE}text.docx?version=2&amp;against=1" in client.get(f"{RULE}?tab=changes").content.decode()
    plain = client.get(f"{RULE}text.docx?version=2")
    assert plain["Content-Type"] == word.WORD_TYPE
    text = as_it("after", plain.content)
    assert "Only ethylene." in text and text.index("1 Scope") < text.index("10 Declaration")
    tracked = client.get(f"{RULE}text.docx?version=2&against=1").content
    assert as_it("after", tracked) == text
    assert as_it("before", tracked) == as_it("after", client.get(f"{RULE}text.docx?version=1").content)
    assert client.get(f"{RULE}text.docx?version=2&against=7").status_code == 404


def test_those_who_comment_see_what_changed_since_the_last_round(alliance: Alliance) -> None:
    alliance.to(State.COMMENTING)
    client = reader(alliance)
    comments = f"{RULE}?tab=comments"
    assert "since-round" not in client.get(comments).content.decode(), "the first round has none before it"
    alliance.move("revise")
    document = alliance.rule.document
    row = {"balance": "mass", "amber": "0.005", "red": "0.031", "source": "here", "mark": "decision"}
    document = {**document, "closure": [row]}
    edit_rule(alliance.rule, by=alliance.actor("steward"), version=None, document=document)
    alliance.move("open_comments")
    shown = client.get(comments).content.decode().split('id="since-round"', 1)[1].split("</section>")[0]
    assert "Draft of round 1" in shown and "closure.mass" in shown and "3.1" in shown
    assert "allocation.mass" not in shown, "what is as it was is left out"
    assert "Draft of round 1" in client.get(f"{RULE}?tab=changes").content.decode()
    tracked = client.get(f"{RULE}text.docx?against=round-1").content
    assert as_it("after", tracked) == as_it("after", client.get(f"{RULE}text.docx").content)
    assert any("3.1" in each for each in set(as_it("after", tracked)) - set(as_it("before", tracked)))
    assert client.get(f"{RULE}text.docx?against=round-2").status_code == 404


def test_every_comment_is_handed_on_with_what_became_of_it(alliance: Alliance) -> None:
    alliance.to(State.COMMENTING)
    by = alliance.actor("owner")
    first = comment_on(alliance.rule, by=by, text="=Why mass?", address="allocation.mass")
    comment_on(alliance.rule, by=by, text="Too long.")
    answer_comment(first, by=alliance.actor("steward"), disposition="partly", answer="By energy, too.")
    client = reader(alliance)
    address = f"{RULE}comments/export/?version=1"
    assert address in client.get(f"{RULE}?tab=comments").content.decode()
    told = list(csv.DictReader(StringIO(client.get(address).getvalue().decode("utf-8-sig"))))
    assert [(each["chapter"], each["comment"], each["disposition"], each["answer"]) for each in told] == [
        ("6.2", "'=Why mass?", "Partly adopted", "By energy, too."),
        ("", "Too long.", "", ""),
    ]
    book = load_workbook(BytesIO(client.get(f"{address}&format=xlsx").getvalue()))
    assert book.active is not None and book.active.max_row == 3
