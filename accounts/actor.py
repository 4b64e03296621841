"""Who is asking: the one value every question and every decision takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from accounts.roles import ROLES, Permission, Role, is_privileged


@dataclass(frozen=True)
class Holding:
    """One role held in one company; ``site_ids`` narrows a site role (empty: no site at all).

    ``at_alliance``: the company is the alliance's own office. ``in_sandbox``: it is one to try things out in.
    """

    company_id: int
    role: Role
    site_ids: frozenset[int] = frozenset()
    at_alliance: bool = False
    in_sandbox: bool = False


@dataclass(frozen=True)
class Actor:
    """A person, a machine client, a partner's system, the worker, or nobody.

    ``is_worker`` is the platform's own calculation: it reads all tenants and writes results; no door ever
    hands it to a request. ``audited_ids`` are the companies whose audit log is open to the actor, 0 the
    alliance's own. ``awaits_second_factor``: the person's roles sleep until they have one. ``partner_id`` is
    the connection by which somebody else's system calls: it is no member and reads what was granted to it.
    """

    name: str = ""
    user_id: int | None = None
    client_id: int | None = None
    uuid: UUID | None = None
    holdings: tuple[Holding, ...] = ()
    is_worker: bool = False
    awaits_second_factor: bool = False
    partner_id: int | None = None
    company_ids: tuple[int, ...] = field(init=False)
    audited_ids: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        readable = {
            h.company_id for h in self.holdings if Permission.READ_BUSINESS in ROLES[h.role].permissions
        }
        object.__setattr__(self, "company_ids", tuple(sorted(readable)))
        auditing = list(self.holdings_with(Permission.READ_AUDIT))
        audited = {h.company_id for h in auditing}
        audited |= {0 for h in auditing if h.at_alliance and h.role is Role.AUDITOR}
        object.__setattr__(self, "audited_ids", tuple(sorted(audited)))

    @property
    def is_known(self) -> bool:
        """Signed in, as a person or as a machine."""
        return self.user_id is not None or self.client_id is not None

    @property
    def signature(self) -> str:
        """How the audit log calls the actor: without a name, which nobody could take out of it again."""
        if self.user_id is not None:
            return f"person:{self.uuid or self.user_id}"
        if self.client_id is not None:
            return f"client:{self.uuid or self.client_id}"
        if self.partner_id is not None:
            return f"partner:{self.uuid or self.partner_id}"
        if self.is_worker:
            return "worker"
        return "command" if self.holdings else "nobody"

    @property
    def watches(self) -> bool:
        """Whether the actor keeps the platform running: sees that things are, not what they are."""
        return any(self.holdings_with(Permission.WATCH_SYSTEM))

    @property
    def reviews(self) -> bool:
        """Whether the actor reviews for the alliance what companies submitted to it."""
        return any(self.holdings_with(Permission.REVIEW_SUBMISSION))

    @property
    def is_privileged(self) -> bool:
        """Whether a role of the actor needs a second factor."""
        return any(is_privileged(holding.role) for holding in self.holdings)

    def asleep(self) -> Actor:
        """The same person without any role, until there is a second factor."""
        return replace(self, holdings=(), awaits_second_factor=True)

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(holding.role for holding in self.holdings)

    def roles_in(self, company_id: int) -> frozenset[Role]:
        """The roles held in one company."""
        return frozenset(h.role for h in self.holdings if h.company_id == company_id)

    def holdings_with(self, permission: Permission) -> Iterable[Holding]:
        """The holdings whose role carries a permission."""
        return (h for h in self.holdings if permission in ROLES[h.role].permissions)

    def companies_with(self, permission: Permission) -> frozenset[int]:
        """The companies in which a role carries a permission."""
        return frozenset(holding.company_id for holding in self.holdings_with(permission))

    @classmethod
    def nobody(cls) -> Actor:
        """A visitor who did not sign in."""
        return cls()

    @classmethod
    def worker(cls) -> Actor:
        """The platform's own calculation."""
        return cls(name="worker", is_worker=True)
