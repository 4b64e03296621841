"""A rule as files: its text, what it changes of an earlier version, the comments with what became of them."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.asked import AskedRequest
from accounts.exports import table_answer
from accounts.figures import is_chinese
from accounts.forms import languages, named
from footprint.rules import queries
from footprint.rules.document.text import Chapter, chapters, plain, title
from footprint.rules.document.wording import Names
from footprint.rules.models import ProductRule
from footprint.rules.pages import word
from footprint.rules.pages.earlier import comparable
from footprint.rules.pages.product_rules import chosen, versions_of

COMMENTED = (
    "version", "round", "chapter", "rule", "company", "comment", "commented_at", "disposition", "answer",
    "answered_at",
)  # fmt: skip


@login_required
@require_GET
def text_file(request: AskedRequest, code: str) -> HttpResponse:
    """The text as a file, in the reader's language."""
    found = chosen(request, versions_of(request, code))
    names = _names(request)
    body = plain(title(names, found.category.code), chapters(found.content, names))
    return _file(body.encode(), "text/plain; charset=utf-8", f"{_called(found)}.txt")


@login_required
@require_GET
def word_file(request: AskedRequest, code: str) -> HttpResponse:
    """The text for Word; ``?against=1``, ``?against=round-1`` with the changes since then tracked."""
    versions = versions_of(request, code)
    found, names = chosen(request, versions), _names(request)
    heading, after = title(names, found.category.code), chapters(found.content, names)
    asked = request.GET.get("against", "")
    if not asked:
        return _file(word.document(heading, after), word.WORD_TYPE, f"{_called(found)}.docx")
    before = next((each for each in comparable(request.actor, found, versions) if each.value == asked), None)
    if before is None:
        raise Http404
    body = word.redline(heading, chapters(before.content, names), after, _revision(found))
    return _file(body, word.WORD_TYPE, f"{_called(found)}-against-{before.file_part}.docx")


@login_required
@require_GET
def comments_file(request: AskedRequest, code: str) -> HttpResponseBase:
    """Every comment on a version with its chapter, what became of it and why: the table that is handed on."""
    found = chosen(request, versions_of(request, code))
    return table_answer(request, f"{_called(found)}-comments", COMMENTED, _commented(request, found))


def _commented(request: AskedRequest, found: ProductRule) -> Iterator[list[str]]:
    where = _chapters_of(chapters(found.content, _names(request)))
    for each in queries.rule_comments(request.actor, found).order_by("round", "created_at", "pk"):
        yield [
            *(f"v{found.number}", str(each.round), where.get(each.address, ""), each.address),
            *(named(each.company), each.text, each.created_at.isoformat()),
            *(each.get_disposition_display() if each.disposition else "", each.answer),
            each.answered_at.isoformat() if each.answered_at else "",
        ]


def _chapters_of(text: list[Chapter]) -> dict[str, str]:
    """By rule the chapter it stands in first; annexes say it again."""
    found: dict[str, str] = {}
    for chapter in text:
        for each in chapter.paragraphs:
            if each.address:
                found.setdefault(each.address, chapter.number)
    return found


def _revision(found: ProductRule) -> word.Revision:
    last = found.moves.order_by("-at", "-pk").first()
    at = last.at if last else found.created_at
    stamp = timezone.localtime(at).replace(microsecond=0).isoformat()
    return word.Revision(_("Version %(number)s") % {"number": found.number}, stamp)


def _names(request: AskedRequest) -> Names:
    return queries.names_in(request.actor, is_chinese(languages()))


def _called(found: ProductRule) -> str:
    return f"{found.category.code}-v{found.number}"


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
