"""The declaration on paper: only what was signed, the same bytes each time, whatever a name is."""

from __future__ import annotations

import re
import zlib
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.roles import Role
from footprint.publication import signing
from footprint.publication.models import Publication
from footprint.publication.pages import paper as door
from footprint.publication.pages.paper import NotGenuine, paper
from footprint.publication.typesetting import LANGUAGES
from tests import builders as new
from tests.reviewing import Plant, published, republished

pytestmark = pytest.mark.django_db
ADDRESS = "http://localhost:8000/declarations/1/"
TURNED = "\u202eexe.fdp\u202c \u2067\u05d0\u05d1\u2069 \u200b\u200d\ufeff \u2028 one\r\ntwo\ttabs \x00\x07"
"""What turns the direction, is not seen, breaks lines, or no font has: of other systems it may come so."""
HOSTILE = '#panic("x") $1/0$ <script> \\ `raw` *b* [#import "@preview/x:1.0.0"] 苯/乙烯 é'


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def streams(pdf: bytes) -> list[bytes]:
    """Every stream of the file that can be inflated."""
    found = []
    for body in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.S):
        try:
            found.append(zlib.decompress(body))
        except zlib.error:
            found.append(body)
    return found


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_same_publication_gives_the_same_bytes(here: Plant, language: str) -> None:
    publication = published(here)
    first = paper(publication, language=language, address=ADDRESS)
    assert first.startswith(b"%PDF-")
    assert first == paper(publication, language=language, address=ADDRESS)
    assert first != paper(publication, language=language, address=ADDRESS + "other/")


def test_it_is_tagged_says_its_language_and_carries_its_signature(here: Plant) -> None:
    publication = published(here)
    pdf = paper(publication, language="zh", address=ADDRESS)
    whole = b"\n".join([pdf, *streams(pdf)])
    assert b"pdfuaid:part" in whole
    assert b"pdfaid:part" in whole
    assert re.search(rb"/Marked\s+true", whole)
    assert re.search(rb"/Lang\s*\(zh", whole)
    (jws,) = [each for each in streams(pdf) if each == publication.jws.encode()]
    key = signing.public_part(signing.private_key())
    assert signing.verify(jws.decode(), key) == publication.content


def test_it_says_what_was_signed_whatever_the_rows_say_by_now(here: Plant) -> None:
    publication = published(here)
    before = paper(publication, language="en", address=ADDRESS)
    publication.name_en, publication.content = "Another", {**publication.content, "number": 9}
    publication.kg_co2e_ar6, publication.product.name_en = 1.0, "Another"
    assert paper(publication, language="en", address=ADDRESS) == before


def test_nothing_is_drawn_of_what_was_not_signed(here: Plant) -> None:
    publication = published(here)
    head, body, signature = publication.jws.split(".")
    publication.jws = f"{head}.{body}.{signature[::-1]}"
    with pytest.raises(NotGenuine):
        paper(publication, language="en", address=ADDRESS)


def test_a_name_is_words_and_nothing_else(here: Plant, signs: bytes) -> None:
    publication = published(here)
    told: dict[str, Any] = {**publication.content}
    told["company"] = {**told["company"], "nameZh": HOSTILE, "nameEn": HOSTILE}
    told["product"] = {**told["product"], "nameZh": HOSTILE * 20, "nameEn": HOSTILE, "code": HOSTILE}
    told["geography"] = {"country": "CN", "subdivision": HOSTILE}
    publication.jws = signing.sign(told, signing.private_key())
    for language in LANGUAGES:
        assert paper(publication, language=language, address=ADDRESS).startswith(b"%PDF-")
    for name in ("a sign the font lacks: 🧪", TURNED, "=cmd|' /C calc'!A0", "长" * 4000):
        told["company"] = {**told["company"], "nameZh": name, "nameEn": name}
        publication.jws = signing.sign(told, signing.private_key())
        for language in LANGUAGES:
            assert paper(publication, language=language, address=ADDRESS).startswith(b"%PDF-")


def test_everybody_has_what_is_public_and_nobody_what_is_not(here: Plant) -> None:
    publication = published(here)
    visitor = Client()
    path = f"/declarations/{publication.uuid}/declaration-en.pdf"
    answer = visitor.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert visitor.get(path.replace("-en", "-fr")).status_code == 404
    assert path in visitor.get(f"/declarations/{publication.uuid}/").content.decode()
    republished(here, publication, "withdraw", reason="wrong")
    assert visitor.get(path).status_code == 410


def test_partners_have_theirs_and_outsiders_nothing(here: Plant) -> None:
    partner = new.company()
    publication = published(here, "listed", recipients=[partner])
    path = f"/publications/{publication.uuid}/declaration-zh.pdf"
    asked = {}
    for name, company in (("partner", partner), ("outsider", new.company())):
        client = Client()
        client.force_login(new.person(company, Role.OWNER))
        asked[name] = client.get(path).status_code
    assert asked == {"partner": 200, "outsider": 404}
    assert Client().get(f"/declarations/{publication.uuid}/declaration-zh.pdf").status_code == 404


def test_what_is_not_published_has_no_paper(here: Plant) -> None:
    publication = published(here, until="approved")
    client = Client()
    client.force_login(here.people["owner"])
    assert client.get(f"/publications/{publication.uuid}/declaration-zh.pdf").status_code == 404


def test_it_is_drawn_once_for_many_readers(here: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    publication: Publication = published(here)
    drawn: list[str] = []

    def draw(found: Publication, *, language: str, address: str, stated: list[Any]) -> bytes:
        drawn.append(language)
        return b"%PDF-"

    monkeypatch.setattr(door, "paper", draw)
    for _again in range(3):
        Client().get(f"/declarations/{publication.uuid}/declaration-en.pdf")
    assert drawn == ["en"]
