"""Tokens, lists, single footprints, errors and events: what versions 2 and 3 have in common.

Numbers are those under which the official suite reports the same question, so that reports can be laid side
by side; the checks and their words are ours.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from django.utils.translation import gettext_noop as _

from footprint.partners.conformance.asking import Endpoint, Reply
from footprint.partners.conformance.endings import Failed, Skipped, Warned, expect
from footprint.partners.conformance.run import Case, Kind, Reference
from footprint.partners.pact.checking import schema_findings
from footprint.partners.pact.events import Type, envelope

NIL = "00000000-0000-0000-0000-000000000000"
CALLBACK_SECONDS = 30.0
FORBIDDEN = "forbidden token of nobody"
OTHER_CODE = _("The code is “%(code)s” instead of %(wanted)s.")
NOT_PLAINLY = _("The platform sends nothing without TLS; the operators can try this with pact_conformance.")


def expect_status(reply: Reply, *wanted: int) -> None:
    """One of the statuses."""
    if reply.status == 0:
        raise Failed(_("No usable answer came."))
    choices = " / ".join(map(str, wanted))
    expect(
        reply.status in wanted,
        _("HTTP %(status)s instead of %(wanted)s."),
        status=reply.status,
        wanted=choices,
    )


def prepare(endpoint: Endpoint, reference: Reference) -> None:
    """Discovery, token, the whole list, its first page. Raises Failed: without these nothing can be tried."""
    base = endpoint.auth_url or endpoint.base_url
    found = endpoint.ask("GET", f"{base}/.well-known/openid-configuration", token="").json
    named = found.get("token_endpoint") if isinstance(found, dict) else None
    is_here = isinstance(named, str) and urlsplit(named)[:2] == urlsplit(base)[:2]
    endpoint.token_endpoint = str(named) if is_here else f"{base}/auth/token"
    got = endpoint.get_token(endpoint.token_endpoint, endpoint.client_id, endpoint.client_secret)
    expect_status(got, 200)
    answer = got.json
    expect(
        isinstance(answer, dict) and isinstance(answer.get("access_token"), str),
        _("There is no access token in the answer."),
    )
    endpoint.token = answer["access_token"]
    listed = endpoint.ask("GET", endpoint.list_url)
    expect_status(listed, 200)
    rows = listed.rows
    told = _("At least two footprints have to be open to these credentials; there are %(number)s.")
    # a host may have pages of one row by itself
    are_two = len(rows or ()) > 1 or bool(rows and link_target(listed.header("link")))
    expect(are_two, told, number=len(rows or ()))
    assert rows
    reference.rows, reference.first = rows, rows[0]
    page = endpoint.ask("GET", f"{endpoint.list_url}?limit=1")
    reference.link = page.header("link")
    reference.run = str(uuid4())


# -- tokens --------------------------------------------------------------------------------------------------
def good_credentials(endpoint: Endpoint, _reference: Reference) -> None:
    expect_status(
        endpoint.get_token(endpoint.token_endpoint, endpoint.client_id, endpoint.client_secret), 200
    )


def bad_credentials(endpoint: Endpoint, _reference: Reference) -> None:
    expect_status(endpoint.get_token(endpoint.token_endpoint, str(uuid4()), str(uuid4())), 400, 401)


def usual_token_address(endpoint: Endpoint, _reference: Reference) -> None:
    url = f"{endpoint.auth_url or endpoint.base_url}/auth/token"
    expect_status(endpoint.get_token(url, endpoint.client_id, endpoint.client_secret), 200)


def usual_token_address_refuses(endpoint: Endpoint, _reference: Reference) -> None:
    url = f"{endpoint.auth_url or endpoint.base_url}/auth/token"
    expect_status(endpoint.get_token(url, str(uuid4()), str(uuid4())), 400, 401)


# -- footprints ----------------------------------------------------------------------------------------------
def one_footprint(endpoint: Endpoint, reference: Reference) -> None:
    reply = endpoint.ask("GET", f"{endpoint.list_url}/{reference.first['id']}")
    expect_status(reply, 200)
    found = reply.json["data"]
    expect_valid(endpoint, found)
    expect(found["id"] == reference.first["id"], _("It is another footprint than the one asked for."))


def all_footprints(endpoint: Endpoint, reference: Reference) -> None:
    reply = endpoint.ask("GET", endpoint.list_url)
    expect_status(reply, 200, 202)
    expect(reply.rows is not None, _("There is no list under “data”."))
    for row in reply.rows or ():
        expect_valid(endpoint, row)
    expect(
        len(reply.rows or ()) == len(reference.rows),
        _("The same question gave another number of footprints."),
    )


def expect_valid(endpoint: Endpoint, document: Any) -> None:
    """Valid by the schema, all of it."""
    faults = schema_findings(document, version=endpoint.version)
    found = "; ".join(f"{each.pointer}: {each.code}" for each in faults[:5])
    expect(not faults, _("The schema refuses it: %(found)s."), found=found)


def next_page(endpoint: Endpoint, reference: Reference) -> None:
    target = link_target(reference.link)
    expect(bool(target), _("The first page of one row has no Link to the next."))
    reply = endpoint.ask("GET", target)
    expect_status(reply, 200)
    expect(bool(reply.rows) and "id" in (reply.rows or [{}])[0], _("The next page is empty."))


def link_target(link: str) -> str:
    """The address of the next page."""
    place, _, rest = link.partition(">")
    return place.lstrip("<") if 'rel="next"' in rest.replace(" ", "") else ""


def unknown_footprint(endpoint: Endpoint, _reference: Reference) -> None:
    reply = endpoint.ask("GET", f"{endpoint.list_url}/{NIL}")
    expect_status(reply, 400, 404)
    wanted = ("NotFound", "BadRequest") if endpoint.version == 3 else ("NoSuchFootprint", "BadRequest")
    expect(reply.code in wanted, OTHER_CODE, code=reply.code, wanted=wanted[0])


def _refuses_token(reply: Reply, *, strictly: bool = False) -> None:
    expect_status(reply, 400, 401)
    if reply.code != "BadRequest":
        ending = Failed if strictly else Warned
        raise ending(OTHER_CODE, code=reply.code, wanted="BadRequest")


def list_refuses_token(endpoint: Endpoint, _reference: Reference) -> None:
    _refuses_token(endpoint.ask("GET", endpoint.list_url, token=FORBIDDEN))


def one_refuses_token(endpoint: Endpoint, reference: Reference) -> None:
    _refuses_token(endpoint.ask("GET", f"{endpoint.list_url}/{reference.first['id']}", token=FORBIDDEN))


def events_refuse_token(endpoint: Endpoint, reference: Reference) -> None:
    reply = endpoint.post_event(published(endpoint, reference, [str(uuid4())]), token=FORBIDDEN)
    _refuses_token(reply, strictly=endpoint.version == 2)


# -- without TLS ---------------------------------------------------------------------------------------------
def _plain(endpoint: Endpoint, url: str) -> str:
    """The same address without TLS. Raises Skipped where nothing may be sent in the clear."""
    if not endpoint.asks_plainly:
        raise Skipped(NOT_PLAINLY)
    return urlsplit(url)._replace(scheme="http").geturl()


def no_token_in_the_clear(endpoint: Endpoint, _reference: Reference) -> None:
    url = _plain(endpoint, endpoint.token_endpoint)
    reply = endpoint.get_token(url, endpoint.client_id, endpoint.client_secret)
    found = reply.json
    is_token = reply.status == 200 and isinstance(found, dict) and "access_token" in found
    expect(not is_token, _("A token was given over plain HTTP."))


def no_list_in_the_clear(endpoint: Endpoint, _reference: Reference) -> None:
    reply = endpoint.ask("GET", _plain(endpoint, endpoint.list_url))
    expect(reply.status != 200 or reply.rows is None, _("Footprints were listed over plain HTTP."))


def no_footprint_in_the_clear(endpoint: Endpoint, reference: Reference) -> None:
    reply = endpoint.ask("GET", _plain(endpoint, f"{endpoint.list_url}/{reference.first['id']}"))
    is_given = reply.status == 200 and isinstance(reply.json, dict) and "data" in reply.json
    expect(not is_given, _("A footprint was given over plain HTTP."))


def no_event_in_the_clear(endpoint: Endpoint, reference: Reference) -> None:
    url = _plain(endpoint, endpoint.events_url)
    reply = endpoint.post_event(published(endpoint, reference, [str(uuid4())]), url=url)
    expect(reply.status != 200, _("An event was taken over plain HTTP."))


# -- events --------------------------------------------------------------------------------------------------
def event(endpoint: Endpoint, reference: Reference, kind: Type, name: str, data: Any) -> dict[str, Any]:
    """An event of this run."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return envelope(
        kind, endpoint.version, id=f"{reference.run}/{name}", source=reference.source, time=moment, data=data
    )


def published(endpoint: Endpoint, reference: Reference, ids: list[str]) -> dict[str, Any]:
    """That footprints were published."""
    return event(endpoint, reference, Type.PUBLISHED, f"published-{uuid4()}", {"pfIds": ids})


def _request(endpoint: Endpoint, reference: Reference, name: str, products: list[str]) -> None:
    fragment = {"productId": products} if endpoint.version == 3 else {"pf": {"productIds": products}}
    told = {**fragment, "comment": "conformance check"}
    expect_status(endpoint.post_event(event(endpoint, reference, Type.REQUESTED, name, told)), 200)


def takes_request(endpoint: Endpoint, reference: Reference) -> None:
    _request(endpoint, reference, "12", reference.first["productIds"])


def fulfils(endpoint: Endpoint, reference: Reference) -> None:
    answer = _answer(endpoint, reference, "12")
    expect("pfs" in answer, _("The request was refused: %(error)s."), error=answer.get("error"))
    wanted = {one.lower() for one in reference.first["productIds"]}
    for row in answer["pfs"]:
        expect_valid(endpoint, row)
        strange = [one for one in row["productIds"] if one.lower() not in wanted]
        expect(
            not strange,
            _("A footprint goes by an identifier that was not asked for: %(name)s."),
            name=", ".join(strange[:3]),
        )


def takes_hopeless_request(endpoint: Endpoint, reference: Reference) -> None:
    _request(endpoint, reference, "14", ["urn:pact:null"])


def rejects(endpoint: Endpoint, reference: Reference) -> None:
    error = _answer(endpoint, reference, "14").get("error")
    expect(
        isinstance(error, dict) and bool(error.get("code") and error.get("message")),
        _("The refusal has no code and message."),
    )


def _answer(endpoint: Endpoint, reference: Reference, name: str) -> dict[str, Any]:
    """What came back to our own endpoint for a request of this run."""
    if reference.answer_to is None:
        raise Skipped(_("Answers cannot be heard here: name a connection whose partner is the endpoint."))
    deadline = time.monotonic() + CALLBACK_SECONDS
    while time.monotonic() < deadline:
        if (found := reference.answer_to(f"{reference.run}/{name}")) is not None:
            endpoint.heard(f"{reference.source}/{endpoint.version}/events", found)
            return found
    raise Failed(_("No answer arrived within %(seconds)s s."), seconds=f"{CALLBACK_SECONDS:g}")


def takes_news(endpoint: Endpoint, reference: Reference) -> None:
    expect_status(endpoint.post_event(published(endpoint, reference, [str(uuid4())])), 200)


def refuses_bad_news(endpoint: Endpoint, reference: Reference) -> None:
    expect_status(endpoint.post_event(published(endpoint, reference, ["urn:gtin:4712345060507"])), 400)


def with_query(url: str, pairs: list[tuple[str, str]]) -> str:
    """The address with further parameters."""
    parts = urlsplit(url)
    return parts._replace(query=urlencode([*parse_qsl(parts.query), *pairs])).geturl()


M, O = Kind.MANDATORY, Kind.OPTIONAL  # noqa: E741
PREPARATION = Case(
    "0", "准备：发现、令牌与列表", "Preparation: discovery, token and list", M, prepare, is_basis=True
)
BEGINNING = [
    Case("1", "正确凭据可获得令牌", "Good credentials get a token", M, good_credentials),
    Case("2", "错误凭据得不到令牌", "Wrong credentials get none", M, bad_credentials),
    Case("3", "按标识读取一个碳足迹", "One footprint by its id, valid", M, one_footprint),
    Case("4", "列出全部碳足迹且均有效", "All footprints listed, all valid", M, all_footprints),
    Case("5", "下一页可跟随", "The link to the next page works", M, next_page),
    Case("6", "列表拒绝未知令牌", "The list refuses an unknown token", M, list_refuses_token),
    Case("7", "单个读取拒绝未知令牌", "A single footprint refuses an unknown token", M, one_refuses_token),
    Case(
        "8", "不存在的碳足迹返回规定的错误", "An unknown footprint has the right error", M, unknown_footprint
    ),
    Case("9", "明文 HTTP 不发令牌", "No token over plain HTTP", M, no_token_in_the_clear),
    Case("10", "明文 HTTP 不列出碳足迹", "No list over plain HTTP", M, no_list_in_the_clear),
    Case("11", "明文 HTTP 不给碳足迹", "No footprint over plain HTTP", M, no_footprint_in_the_clear),
    Case("12", "接受对碳足迹的请求", "A request for footprints is taken", M, takes_request),
    Case("13", "请求得到满足的答复", "The request is fulfilled by an event", M, fulfils),
    Case("14.A", "接受无法满足的请求", "A request that cannot be met is taken", M, takes_hopeless_request),
    Case("14.B", "无法满足的请求被答复拒绝", "That request is rejected by an event", M, rejects),
    Case("15", "接受发布通知", "News of a published footprint are taken", M, takes_news),
    Case("16", "事件拒绝未知令牌", "Events refuse an unknown token", M, events_refuse_token),
    Case("17", "明文 HTTP 不接受事件", "No event over plain HTTP", M, no_event_in_the_clear),
    Case("18", "常用地址可获得令牌", "The usual address gives a token", O, usual_token_address),
    Case(
        "19",
        "常用地址拒绝错误凭据",
        "The usual address refuses wrong credentials",
        O,
        usual_token_address_refuses,
    ),
]
