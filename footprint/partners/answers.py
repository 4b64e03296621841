"""What became of a call to a partner, as people read it: what is kept of it is short and in English."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import outgoing
from accounts.errors import Text

UNREADABLE = "the stored secret cannot be read; enter it again"
UNREADABLE_HOOK = "the stored secret cannot be read; add another one"
TOKENLESS = "no token: answer"
NO_LIST = "no list of footprints"
NO_JSON = "no JSON"
TOO_DEEP = "nested too deep"
OTHER_HOST = "the next page is on another host"
UNCALLABLE = "the partner cannot be called"
ENDED = "the connection was revoked"
SWITCHED_OFF = "the webhook is switched off"
NOTHING_ON_PAGES = "page after page without a footprint"
TOO_LONG_ALONE = "a single footprint is longer than 8 MB"
TOO_MANY = "more than can be fetched; so many came:"

SENTENCES: dict[str, Text] = {
    UNREADABLE: _("The stored secret cannot be read. Enter it again."),
    UNREADABLE_HOOK: _("The stored secret cannot be read. Add another one."),
    TOKENLESS: _("It gave no token; it answered %(rest)s."),
    NO_LIST: _("It answered with something else than a list of footprints."),
    NO_JSON: _("It answered with something else than JSON."),
    TOO_DEEP: _("Its answer is nested too deep."),
    OTHER_HOST: _("Its link to the next page leads to another host."),
    UNCALLABLE: _("The partner cannot be called: enter its address and credentials."),
    ENDED: _("The connection was revoked."),
    SWITCHED_OFF: _("The webhook is switched off."),
    NOTHING_ON_PAGES: _("It gave page after page without a footprint."),
    TOO_LONG_ALONE: _("A page with a single footprint is longer than the 8 MB that are read."),
    TOO_MANY: _("It has more footprints than are fetched at a time: %(rest)s came, the others are missing."),
}


def sentence_of(told: str) -> str:
    """In the language of the moment; what has no sentence, as it is: a number of footprints, HTTP 503."""
    for start, sentence in SENTENCES.items():
        if told.startswith(start):
            return str(sentence) % {"rest": told.removeprefix(start).strip()}
    return outgoing.sentence_of(told)
