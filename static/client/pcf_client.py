"""A client of the platform's REST interface, for a company's own system. One file; it needs httpx alone.

    with Client("https://pcf.example", client_id, client_secret) as platform:
        for product in platform.every("products/", search="ethyl"):
            print(product["code"])
        done = platform.upsert("activities", rows, site="JINSHAN", year=2025)

It keeps its token while that lasts, waits as long as it is told to when it asked too often, and sends what
has no answer again under the same Idempotency-Key, so that it is done once. What is refused raises
``Refused``, with row and field of every fault. ``verify_webhook`` checks what the platform sends.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx

API = "/api/v1/"
EARLY_SECONDS = 30.0
LONGEST_WAIT = 30.0
TRY_AGAIN = frozenset({429, 502, 503, 504})
ENDED = frozenset({"done", "refused", "failed", "cancelled"})
TOLERANCE_SECONDS = 300
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where in the body that was sent, and why."""

    pointer: str
    field: str | None
    row: int | str | None
    code: str
    detail: str


class Refused(Exception):
    """The platform did not do what was asked (RFC 9457)."""

    def __init__(self, status: int, title: str, detail: str, faults: Sequence[Fault] = ()) -> None:
        places = ", ".join(each.pointer for each in faults[:3] if each.pointer)
        super().__init__(f"{status} {title}: {detail}" + (f" ({places})" if places else ""))
        self.status, self.title, self.detail, self.faults = status, title, detail, list(faults)


class NotGenuine(Exception):
    """What arrived at a webhook was not signed with a secret of ours, or is not of now."""


@dataclass(frozen=True)
class Upserted:
    """What became of many rows: how many did what, and where each is told."""

    created: int
    changed: int
    unchanged: int
    rows: list[dict[str, Any]]


class Client:
    """One machine client of one company."""

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        language: str = "en",
        most_attempts: int = 6,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.language, self.most_attempts = language, most_attempts
        self._credentials = httpx.BasicAuth(client_id, client_secret)
        self._http = http or httpx.Client(timeout=60)
        self._sleep = sleep
        self._token, self._good_until = "", 0.0

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """What is there. Raises Refused."""
        return self._json(self.send("GET", path, parameters=parameters))

    def every(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """All rows of a list, page by page. Raises Refused."""
        page = self.get(path, **{"limit": 500, **parameters})
        while True:
            yield from page["results"]
            if not page["next"]:
                return
            page = self.get(page["next"])

    def post(self, path: str, body: Any = None, *, key: str = "") -> dict[str, Any]:
        """Do it once, however often it has to be sent; ``key`` is a key of one's own. Raises Refused."""
        return self._json(self.send("POST", path, body=body, key=key or str(uuid.uuid4())))

    def change(self, path: str, **fields: Any) -> dict[str, Any]:
        """Change a thing as it was read just now. Raises Refused: 412, somebody else changed it meanwhile."""
        tag = self.send("GET", path).headers["ETag"]
        return self._json(self.send("PATCH", path, body=fields, headers={"If-Match": tag}))

    def upsert(
        self, kind: str, rows: Iterable[Row], *, key: str = "", wait_seconds: float = 600, **where: Any
    ) -> Upserted:
        """Add and change rows by their keys, all or none; of many rows wait until they are stored.

        ``kind``: products, activities, production-volumes or bills-of-material; ``where``: inventory, or site
        and year. Raises Refused, with the row of each fault; TimeoutError, and the job goes on.
        """
        sent = self.send(
            "POST", f"upserts/{kind}/", body={**where, "rows": list(rows)}, key=key or str(uuid.uuid4())
        )
        if sent.status_code == 202:
            return self._finished(self.wait(sent.headers["Location"], wait_seconds))
        told = self._json(sent)
        return Upserted(told["created"], told["changed"], told["unchanged"], told["rows"])

    def wait(self, job: str, seconds: float = 600) -> dict[str, Any]:
        """The job once it ended. Raises TimeoutError."""
        until, pause = time.monotonic() + seconds, 0.5
        while (told := self.get(job))["state"] not in ENDED:
            if time.monotonic() > until:
                raise TimeoutError(f"{job} is {told['state']}")
            self._sleep(pause)
            pause = min(2 * pause, 5.0)
        return told

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        parameters: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        key: str = "",
    ) -> httpx.Response:
        """One request, sent again while that helps; a changed thing is not changed twice. Raises Refused."""
        url = path if path.startswith("http") else self.base_url + API + path
        content = b"" if body is None else json.dumps(body, default=str).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        if key:
            sent["Idempotency-Key"] = key
        for attempt in range(1, self.most_attempts + 1):
            is_last = attempt == self.most_attempts
            try:
                answer = self._once(method, url, content, parameters, sent)
            except httpx.TransportError:
                if is_last or not (key or method == "GET"):
                    raise
                self._sleep(_pause(attempt))
                continue
            if is_last or not _helps(answer):
                break
            self._sleep(float(answer.headers.get("Retry-After", _pause(attempt))))
        if answer.is_error:
            raise _refused(answer)
        return answer

    def _once(
        self,
        method: str,
        url: str,
        content: bytes,
        parameters: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> httpx.Response:
        """With a token; one that ended early is replaced, once."""
        for is_second in (False, True):
            bearer = {"Authorization": f"Bearer {self._bearer()}", "Accept-Language": self.language}
            answer = self._http.request(
                method, url, content=content, params=parameters or None, headers={**headers, **bearer}
            )
            if answer.status_code != 401 or is_second:
                break
            self._token = ""
        return answer

    def _bearer(self) -> str:
        if self._token and time.monotonic() < self._good_until:
            return self._token
        answer = self._http.post(
            f"{self.base_url}/oauth/token/", data={"grant_type": "client_credentials"}, auth=self._credentials
        )
        if answer.is_error:
            raise _refused(answer)
        told = answer.json()
        self._token = str(told["access_token"])
        self._good_until = time.monotonic() + float(told["expires_in"]) - EARLY_SECONDS
        return self._token

    def _finished(self, job: dict[str, Any]) -> Upserted:
        rows = list(self.every(f"upserts/{job['uuid']}/rows/"))
        if job["state"] != "done":
            faults = [Fault(row["pointer"], None, row["row"], row["code"], row["detail"]) for row in rows]
            raise Refused(422, f"The job is {job['state']}", f"{job['refused']} rows were refused", faults)
        return Upserted(job["created"], job["changed"], job["unchanged"], rows)

    @staticmethod
    def _json(answer: httpx.Response) -> dict[str, Any]:
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


def verify_webhook(
    body: bytes, headers: Mapping[str, str], secrets: Sequence[str], *, now: float | None = None
) -> dict[str, Any]:
    """The event that arrived, if one of the secrets signed it lately (Standard Webhooks).

    An event may arrive twice: remember its ``webhook-id``. Raises NotGenuine.
    """
    given = {name.lower(): value for name, value in headers.items()}
    event_id, at = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not at.isdigit() or abs((time.time() if now is None else now) - int(at)) > TOLERANCE_SECONDS:
        raise NotGenuine("the time is missing, or too far from now")
    told = [
        each.partition(",")[2] for each in given.get("webhook-signature", "").split() if each[:3] == "v1,"
    ]
    signed = f"{event_id}.{at}.".encode() + body
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        own = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(own, each) for each in told):
            event: dict[str, Any] = json.loads(body)
            return event
    raise NotGenuine("no secret of ours signed it")


def _helps(answer: httpx.Response) -> bool:
    """Whether sending it again may come to something: it was too often, too early, or nobody was there."""
    if answer.status_code == 409:
        return "Retry-After" in answer.headers
    return answer.status_code in TRY_AGAIN


def _pause(attempt: int) -> float:
    return min(0.5 * 2.0 ** (attempt - 1), LONGEST_WAIT)


def _refused(answer: httpx.Response) -> Refused:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    named = ("pointer", "field", "row", "code", "detail")
    faults = [Fault(**{name: fault.get(name) for name in named}) for fault in told.get("errors", ())]
    title = told.get("title") or told.get("error") or answer.reason_phrase
    return Refused(answer.status_code, title, told.get("detail", ""), faults)
