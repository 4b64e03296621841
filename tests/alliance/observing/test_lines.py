"""A line of the log says whose it is, and never a secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import tracing
from accounts.actor import Actor, Holding
from accounts.roles import Role
from alliance.observing.lines import JsonLines, PlainLines
from alliance.observing.redaction import HIDDEN, Redaction

KEY = "the-key-of-this-installation"
SECRET = "Xk29-fhw_81bqPz"
PLACES = (
    "Authorization: Bearer {}",
    "authorization: Basic {}",
    "{{'Authorization': 'Bearer {}'}}",
    "Cookie: theme=dark; sessionid={}",
    "Set-Cookie: __Host-session={}; Path=/",
    "bearer {}",
    "password={}",
    "new_password1={}&x=1",
    '{{"client_secret": "{}"}}',
    "{{'password': '{}', 'email': 'somebody'}}",
    "POST /oauth/token/?client_secret={}",
    "access_token: {}",
    "refresh_token={}",
    "csrfmiddlewaretoken={}",
    "SECRET_KEY={}",
    "AUDIT_SIGNING_KEY={}",
    "api-key={}",
    "otp={}",
    "postgresql://pcf_app:{}@postgres/pcf",
    "redis://:{}@valkey:6379/0",
)


@pytest.fixture(autouse=True)
def between_requests() -> Iterator[None]:
    tracing.end()
    yield
    tracing.end()


def line(message: str, *values: object, formatter: logging.Formatter | None = None, **more: object) -> str:
    record = logging.LogRecord("room", logging.INFO, __file__, 1, message, values, more.pop("error", None))
    record.__dict__.update(more)
    return (formatter or JsonLines([KEY])).format(record)


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_hidden_wherever_it_stands(place: str) -> None:
    for made in (JsonLines([KEY]), PlainLines([KEY])):
        said = line("%s", place.format(SECRET), formatter=made)
        assert SECRET not in said
        assert HIDDEN in said


@given(
    st.text(
        st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="'\"&,;)}]:/@=\\ "), min_size=8
    )
)
def test_whatever_a_password_consists_of(secret: str) -> None:
    said = Redaction()(f"before password={secret} after")
    assert said == f"before password={HIDDEN} after"


def test_this_installations_own_secrets_are_hidden_in_any_sentence() -> None:
    assert KEY not in line(f"what is {KEY}?")
    assert KEY not in line("a field", facts={"told": f"x{KEY}x"})


def test_a_field_whose_name_says_that_it_is_secret_is_hidden() -> None:
    assert SECRET not in line("a field", facts={"token": SECRET})


def test_a_secret_in_a_traceback_is_hidden() -> None:
    try:
        raise ValueError(f"cannot connect to postgresql://pcf_app:{SECRET}@postgres/pcf")
    except ValueError as error:
        told = json.loads(line("it broke", error=(type(error), error, error.__traceback__)))
    assert told["error"] == "ValueError"
    assert "cannot connect" in told["traceback"]
    assert SECRET not in told["traceback"]


def test_a_secret_of_several_words_is_hidden_up_to_its_quote() -> None:
    said = Redaction()("{'password': 'correct horse, battery', 'email': 'somebody'}")
    assert said == f"{{'password': '{HIDDEN}', 'email': 'somebody'}}"


def test_of_a_long_text_beginning_and_end_are_told() -> None:
    told = Redaction()("a_" * 200_000 + f" password={SECRET}")
    assert len(told) < 25_000
    assert told.startswith("a_a_") and told.endswith(f"password={HIDDEN}")


def test_what_is_no_secret_stays() -> None:
    for sentence in (
        "recompute of process 17 failed",
        "GET /products/ 200",
        "tokens: 3 sorts of coal, key figures",
    ):
        assert json.loads(line("%s", sentence))["message"].startswith(sentence[:6])
    assert Redaction()("recompute of process 17 failed: https://example.org/a?b=c") == (
        "recompute of process 17 failed: https://example.org/a?b=c"
    )


def test_a_line_says_whose_it_is_in_numbers() -> None:
    tracing.begin(request="r", task="t")
    tracing.known(Actor(name="Alice", user_id=7, holdings=(Holding(3, Role.OWNER), Holding(2, Role.OWNER))))
    told = json.loads(line("done", facts={"milliseconds": 1.5}))
    assert told["request"] == "r" and told["task"] == "t"
    assert told["person"] == 7 and told["companies"] == [2, 3]
    assert told["milliseconds"] == 1.5
    assert "Alice" not in json.dumps(told)


def test_one_event_is_one_line() -> None:
    assert "\n" not in line("two\nlines", facts={"path": "/x\r\ny"})
