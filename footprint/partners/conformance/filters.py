"""The filters of version 3, that of version 2, and what the official suite does not look at."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from footprint.partners.conformance.asking import Endpoint
from footprint.partners.conformance.cases import (
    BEGINNING,
    FORBIDDEN,
    M,
    O,
    expect_status,
    expect_valid,
    link_target,
    refuses_bad_news,
    with_query,
)
from footprint.partners.conformance.endings import Skipped, expect
from footprint.partners.conformance.run import Case, Check, Kind, Reference
from footprint.partners.pact import values
from footprint.partners.pact.checking import Severity, findings

Row = dict[str, Any]
Pairs = list[tuple[str, str]]
PLACES = ("geographyCountry", "geographyRegionOrSubregion", "geographyCountrySubdivision")


def _texts(row: Row, name: str) -> list[str]:
    return [one.lower() for one in row.get(name, ())]


def _place(row: Row) -> str:
    return next((str(row["pcf"][name]) for name in PLACES if row["pcf"].get(name)), "")


def _valid(row: Row) -> tuple[datetime, datetime]:
    ended = values.moment(row["pcf"]["referencePeriodEnd"])
    assert ended is not None
    start = values.moment(row.get("validityPeriodStart")) or ended
    return start, values.moment(row.get("validityPeriodEnd")) or values.years_later(ended)


def matching(pairs: Callable[[Row], Pairs], fits: Callable[[Row, Row], bool]) -> Check:
    """Something is found, and everything found fits."""

    def check(endpoint: Endpoint, reference: Reference) -> None:
        reply = endpoint.ask("GET", with_query(endpoint.list_url, pairs(reference.first)))
        expect_status(reply, 200)
        expect(bool(reply.rows), _("Nothing was found."))
        strangers = [row["id"] for row in reply.rows or () if not fits(row, reference.first)]
        names = ", ".join(map(str, strangers[:3]))
        expect(not strangers, _("Something that does not fit was found: %(names)s."), names=names)

    return check


def nothing(*pairs: tuple[str, str]) -> Check:
    """Nothing is found, and that is no error."""

    def check(endpoint: Endpoint, _reference: Reference) -> None:
        reply = endpoint.ask("GET", with_query(endpoint.list_url, list(pairs)))
        expect_status(reply, 200)
        expect(reply.rows == [], _("Something was found."))

    return check


def _word() -> str:
    return "".join(random.choices(string.ascii_lowercase, k=8))  # noqa: S311  (a name that nobody has)


def _first(row: Row, name: str) -> str:
    return str(next(iter(row.get(name, ())), ""))


def _day(row: Row, which: int, days: int) -> str:
    return values.told(_valid(row)[which] + timedelta(days=days))


BOGUS = "urn:bogus:" + "x" * 12
VERSION_3: list[Case] = [
    *BEGINNING,
    Case("20", "按产品筛选", "Filter by product", M, matching(
        lambda first: [("productId", _first(first, "productIds"))],
        lambda row, first: _first(first, "productIds").lower() in _texts(row, "productIds"))),
    Case("21", "按企业筛选", "Filter by company", M, matching(
        lambda first: [("companyId", _first(first, "companyIds"))],
        lambda row, first: _first(first, "companyIds").lower() in _texts(row, "companyIds"))),
    Case("22", "按地理筛选（精确值）", "Filter by geography, the exact value", M, matching(
        lambda first: [("geography", _place(first))],
        lambda row, first: not _place(first) or _place(row) == _place(first))),
    Case("23", "按分类筛选", "Filter by classification", M, matching(
        lambda first: [("classification", _first(first, "productClassifications"))],
        lambda row, first: not first.get("productClassifications")
        or _first(first, "productClassifications").lower() in _texts(row, "productClassifications"))),
    Case("24", "在某时有效", "Filter by valid on", M, matching(
        lambda first: [("validOn", _day(first, 0, 0))],
        lambda row, first: _valid(row)[0] <= _valid(first)[0] <= _valid(row)[1])),
    Case("25", "之后生效", "Filter by valid after", M, matching(
        lambda first: [("validAfter", _day(first, 0, -1))],
        lambda row, first: _valid(row)[0] > _valid(first)[0] - timedelta(days=1))),
    Case("26", "之前失效", "Filter by valid before", M, matching(
        lambda first: [("validBefore", _day(first, 1, 1))],
        lambda row, first: _valid(row)[1] < _valid(first)[1] + timedelta(days=1))),
    Case("27", "按状态筛选", "Filter by status", M, matching(
        lambda first: [("status", first["status"])], lambda row, first: row["status"] == first["status"])),
    Case("28", "多个条件同时满足", "Several criteria, all of which hold", M, matching(
        lambda first: [("status", first["status"]), ("productId", _first(first, "productIds"))],
        lambda row, first: row["status"] == first["status"]
        and _first(first, "productIds").lower() in _texts(row, "productIds"))),
    Case("29", "同一条件的多个取值", "Several values of one criterion, any of which holds", M, matching(
        lambda first: [("companyId", one) for one in (_first(first, "companyIds"), _word(), _word())],
        lambda row, first: _first(first, "companyIds").lower() in _texts(row, "companyIds"))),
    Case("30", "未知产品：空", "An unknown product: nothing", M, nothing(("productId", BOGUS))),
    Case("31", "未知企业：空", "An unknown company: nothing", M, nothing(("companyId", BOGUS))),
    Case("32", "未知地理：空", "An unknown place: nothing", M, nothing(("geography", "XX"))),
    Case("33", "未知分类：空", "An unknown classification: nothing", M, nothing(("classification", BOGUS))),
    Case("34", "1900 年有效：空", "Valid in 1900: nothing", M, nothing(("validOn", "1900-01-01T00:00:00Z"))),
    Case("35", "2099 年后：空", "After 2099: nothing", M, nothing(("validAfter", "2099-12-31T23:59:59Z"))),
    Case("36", "1900 年前：空", "Before 1900: nothing", M, nothing(("validBefore", "1900-01-01T00:00:00Z"))),
    Case("37", "未知状态：空", "An unknown status: nothing", M, nothing(("status", "BogusStatus"))),
    Case("38", "未知企业与未知产品：空", "Unknown company and product: nothing", M,
         nothing(("companyId", BOGUS), ("productId", BOGUS))),
    Case("39", "三个未知企业：空", "Three unknown companies: nothing", M,
         nothing(*(("companyId", f"{BOGUS}{number}") for number in range(3)))),
    Case("40", "拒绝不合规的发布通知", "News with an id that is no UUID are refused", M, refuses_bad_news),
]  # fmt: skip


def created_since(endpoint: Endpoint, reference: Reference) -> None:
    since = reference.first["created"]
    reply = endpoint.ask("GET", with_query(endpoint.list_url, [("$filter", f"created ge '{since}'")]))
    expect_status(reply, 200)
    expect(bool(reply.rows), _("Nothing was found."))
    expect(all(row["created"] >= since for row in reply.rows or ()), _("Something older was found."))


VERSION_2: list[Case] = [
    *BEGINNING,
    Case("20", "$filter 按创建时间", "$filter by time of creation", O, created_since),
    Case("21", "拒绝不合规的发布通知", "News with an id that is no UUID are refused", M, refuses_bad_news),
]


# -- stricter than the official suite ------------------------------------------------------------------------
def rules_of_the_model(_endpoint: Endpoint, reference: Reference) -> None:
    found = [
        f"{row.get('id')} {each.pointer}: {each.code}"
        for row in reference.rows
        for each in findings(row)
        if each.severity is Severity.RULE and each.code != "unknown_standard"
    ]
    expect(not found, _("Rules are broken: %(found)s."), found="; ".join(found[:5]))


def required_by_the_method(_endpoint: Endpoint, reference: Reference) -> None:
    for name in ("packagingEmissionsIncluded", "primaryDataShare"):
        without = [str(row["id"]) for row in reference.rows if name not in row["pcf"]]
        expect(not without, _("%(name)s is missing in %(rows)s."), name=name, rows=", ".join(without[:3]))


def any_case(endpoint: Endpoint, reference: Reference) -> None:
    product = _first(reference.first, "productIds")
    reply = endpoint.ask("GET", with_query(endpoint.list_url, [("productId", product.upper())]))
    expect(bool(reply.rows), _("Identifiers are compared with their case."))


def strictly_after(endpoint: Endpoint, reference: Reference) -> None:
    start = _valid(reference.first)[0]
    reply = endpoint.ask("GET", with_query(endpoint.list_url, [("validAfter", values.told(start))]))
    expect(
        all(_valid(row)[0] > start for row in reply.rows or ()), _("validAfter takes in the moment itself.")
    )


def strictly_before(endpoint: Endpoint, reference: Reference) -> None:
    end = _valid(reference.first)[1]
    reply = endpoint.ask("GET", with_query(endpoint.list_url, [("validBefore", values.told(end))]))
    expect(
        all(_valid(row)[1] < end for row in reply.rows or ()), _("validBefore takes in the moment itself.")
    )


def last_moment(endpoint: Endpoint, reference: Reference) -> None:
    end = _valid(reference.first)[1]
    reply = endpoint.ask("GET", with_query(endpoint.list_url, [("validOn", values.told(end))]))
    expect(
        any(row["id"] == reference.first["id"] for row in reply.rows or ()), _("validOn leaves out the end.")
    )


def absolute_link(endpoint: Endpoint, reference: Reference) -> None:
    target = link_target(reference.link)
    if not target:
        raise Skipped(_("There is no further page."))
    expect(target.startswith(endpoint.base_url), _("The link is not an absolute address of this host."))
    one, other = (endpoint.ask("GET", target).rows for _time in range(2))
    expect(one == other, _("The same link gave two different pages."))
    expect(len(one or ()) <= 1, _("The page is longer than its limit."))


def limits(endpoint: Endpoint, _reference: Reference) -> None:
    for number in (1, 2):
        rows = endpoint.ask("GET", with_query(endpoint.list_url, [("limit", str(number))])).rows
        expect(len(rows or ()) <= number, _("There are more rows than the limit."))


def discovers(endpoint: Endpoint, _reference: Reference) -> None:
    base = endpoint.auth_url or endpoint.base_url
    found = endpoint.ask("GET", f"{base}/.well-known/openid-configuration", token="").json
    expect(isinstance(found, dict) and "token_endpoint" in found, _("There is no discovery document."))


def every_page(endpoint: Endpoint, reference: Reference) -> None:
    """The pages of one row are together the list."""
    url, seen = with_query(endpoint.list_url, [("limit", "1")]), []
    for _page in range(min(len(reference.rows), 50) + 1):
        reply = endpoint.ask("GET", url)
        seen += [row["id"] for row in reply.rows or ()]
        url = link_target(reply.header("link"))
        if not url:
            break
    expect(len(seen) == len(set(seen)), _("A footprint was on two pages."))
    wanted = [row["id"] for row in reference.rows][: len(seen)]
    expect(set(wanted) <= set(seen) or len(seen) > 50, _("The pages together are not the list."))


def challenges(endpoint: Endpoint, _reference: Reference) -> None:
    reply = endpoint.ask("GET", endpoint.list_url, token=FORBIDDEN)
    expect("bearer" in reply.header("www-authenticate").lower(), _("There is no WWW-Authenticate header."))


def valid_everywhere(endpoint: Endpoint, reference: Reference) -> None:
    for row in reference.rows:
        expect_valid(endpoint, row)


S = Kind.STRICT
STRICT: list[Case] = [
    Case("S1", "数据模型规则", "Rules that the schema does not express", S, rules_of_the_model),
    Case("S2", "方法学必填项", "What the methodology demands", S, required_by_the_method),
    Case("S3", "标识不区分大小写", "Identifiers in any case", S, any_case),
    Case("S4", "validAfter 严格之后", "validAfter is strict", S, strictly_after),
    Case("S5", "validBefore 严格之前", "validBefore is strict", S, strictly_before),
    Case("S6", "validOn 含终点", "validOn includes the end", S, last_moment),
    Case("S7", "下一页链接为绝对地址且可重复", "The link is absolute and repeats", S, absolute_link),
    Case("S8", "遵守 limit", "limit is kept", S, limits),
    Case("S9", "各页合为全部", "The pages are together the list", S, every_page),
    Case("S10", "提供发现文档", "There is a discovery document", S, discovers),
    Case("S11", "401 附带质询", "A refused token is challenged", S, challenges),
    Case("S12", "数字、范围与单位", "Decimals, ranges and units of every row", S, valid_everywhere),
]
STRICT_2 = [case for case in STRICT if case.number in ("S7", "S8", "S9", "S10", "S12")]


def cases_of(version: int, *, strict: bool = True) -> list[Case]:
    """All cases of a version."""
    own = VERSION_3 if version == 3 else VERSION_2
    return own + ((STRICT if version == 3 else STRICT_2) if strict else [])
