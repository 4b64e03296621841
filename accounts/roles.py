"""Roles and what each may do. Pure: code and prose, no rows.

Source: the alliance's role matrix (plant data provider to visitor). The database holds only who has which
role in which company; what a role means is decided here, reviewed and tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """One thing a person or a machine can be allowed to do."""

    READ_BUSINESS = "business.read"
    EDIT_INVENTORY = "inventory.edit"
    ADD_PROCESS = "process.add"
    IMPORT_INVENTORY = "inventory.import"
    EDIT_PRODUCT = "product.edit"
    SHARE_PRODUCT = "product.share"
    READ_PRICES = "prices.read"
    EDIT_SITE = "site.edit"
    ADOPT_FACTOR = "factor.adopt"
    PROPOSE_FACTOR = "factor.propose"
    REVIEW_FACTOR = "factor.review"
    PUBLISH_FACTOR = "factor.publish"
    PROPOSE_RULE = "rule.propose"
    STEER_RULE = "rule.steer"
    COMMENT_RULE = "rule.comment"
    REVIEW_RULE = "rule.review"
    VOTE_RULE = "rule.vote"
    PROPOSE_PRACTICE = "practice.propose"
    REVIEW_PRACTICE = "practice.review"
    PREPARE_BENCHMARK = "benchmark.prepare"
    APPROVE_BENCHMARK = "benchmark.approve"
    JOIN_BENCHMARK = "benchmark.join"
    MANAGE_MEMBERS = "members.manage"
    KEEP_DIRECTORY = "directory.keep"
    MANAGE_CLIENTS = "clients.manage"
    SECURE_ACCOUNTS = "accounts.secure"
    EXPORT_COMPANY = "company.export"
    DRAFT_SUBMISSION = "submission.draft"
    HAND_IN_SUBMISSION = "submission.hand_in"
    CHECK_SUBMISSION = "submission.check"
    REVIEW_SUBMISSION = "submission.review"
    PREPARE_PUBLICATION = "publication.prepare"
    APPROVE_PUBLICATION = "publication.approve"
    WITHDRAW_PUBLICATION = "publication.withdraw"
    ENGAGE_VERIFIER = "verification.engage"
    VERIFY = "verification.verify"
    WATCH_SYSTEM = "system.watch"
    READ_AUDIT = "audit.read"
    READ_OWN_DEEDS = "audit.own"


class Scope(StrEnum):
    """Where a role may be held."""

    SITE = "site"
    COMPANY = "company"
    ALLIANCE = "alliance"


class Role(StrEnum):
    """The thirteen roles."""

    PLANT_PROVIDER = "plant_provider"
    OWNER = "owner"
    APPROVER = "approver"
    SHARING_MANAGER = "sharing_mgr"
    STEWARD = "steward"
    CURATOR = "curator"
    COMPLIANCE = "compliance"
    VERIFIER = "verifier"
    AUDITOR = "auditor"
    ERP_CLIENT = "erp_client"
    PLATFORM_ADMIN = "platform_admin"
    SECURITY_ADMIN = "security_admin"
    PUBLIC = "public"


@dataclass(frozen=True)
class RoleMeaning:
    """What a role is called, what it is for, where it is held and what it may do."""

    name_zh: str
    name_en: str
    scope: Scope
    prose: str
    permissions: frozenset[Permission]


P = Permission


def _meaning(name_zh: str, name_en: str, scope: Scope, prose: str, *permissions: Permission) -> RoleMeaning:
    return RoleMeaning(name_zh, name_en, scope, prose, frozenset(permissions))


ROLES: dict[Role, RoleMeaning] = {
    Role.PLANT_PROVIDER: _meaning(
        "工厂数据填报员",
        "Plant data provider",
        Scope.SITE,
        "Enters what the processes of the assigned sites consume, produce and emit.",
        P.READ_BUSINESS,
        P.EDIT_INVENTORY,
        P.EDIT_SITE,
    ),
    Role.OWNER: _meaning(
        "企业数据负责人",
        "Company data owner",
        Scope.COMPANY,
        "Answers for the company's inventories and products; imports, links and adopts factors.",
        P.READ_BUSINESS,
        P.EDIT_INVENTORY,
        P.ADD_PROCESS,
        P.IMPORT_INVENTORY,
        P.EDIT_PRODUCT,
        P.SHARE_PRODUCT,
        P.READ_PRICES,
        P.EDIT_SITE,
        P.ADOPT_FACTOR,
        P.PROPOSE_FACTOR,
        P.MANAGE_MEMBERS,
        P.MANAGE_CLIENTS,
        P.EXPORT_COMPANY,
        P.PROPOSE_RULE,
        P.COMMENT_RULE,
        P.PROPOSE_PRACTICE,
        P.DRAFT_SUBMISSION,
        P.HAND_IN_SUBMISSION,
        P.PREPARE_PUBLICATION,
        P.WITHDRAW_PUBLICATION,
        P.JOIN_BENCHMARK,
        P.ENGAGE_VERIFIER,
        P.READ_AUDIT,
    ),
    Role.APPROVER: _meaning(
        "企业审批人",
        "Company approver",
        Scope.COMPANY,
        "Second pair of eyes: approves what others entered, never what they edited themselves.",
        P.READ_BUSINESS,
        P.READ_PRICES,
        P.REVIEW_FACTOR,
        P.VOTE_RULE,
        P.CHECK_SUBMISSION,
        P.APPROVE_PUBLICATION,
        P.WITHDRAW_PUBLICATION,
        P.READ_AUDIT,
    ),
    Role.SHARING_MANAGER: _meaning(
        "数据共享经理",
        "Company sharing manager",
        Scope.COMPANY,
        "Decides which partner may link to which product, and which product joins a benchmark.",
        P.READ_BUSINESS,
        P.SHARE_PRODUCT,
        P.JOIN_BENCHMARK,
    ),
    Role.STEWARD: _meaning(
        "联盟管理员",
        "Alliance administrator",
        Scope.ALLIANCE,
        "Keeps the directory of companies; runs reviews, rules and benchmark releases for the alliance;"
        " employed by no member.",
        P.KEEP_DIRECTORY,
        P.PROPOSE_RULE,
        P.STEER_RULE,
        P.REVIEW_PRACTICE,
        P.PREPARE_BENCHMARK,
        P.REVIEW_SUBMISSION,
        P.READ_OWN_DEEDS,
    ),
    Role.CURATOR: _meaning(
        "因子库管理员",
        "Factor curator",
        Scope.ALLIANCE,
        "Keeps the shared factor database; publishes new versions of factors.",
        P.PROPOSE_FACTOR,
        P.REVIEW_FACTOR,
        P.PUBLISH_FACTOR,
        P.READ_OWN_DEEDS,
    ),
    Role.COMPLIANCE: _meaning(
        "合规审查员",
        "Compliance reviewer",
        Scope.ALLIANCE,
        "Signs benchmark definitions and releases under competition law.",
        P.APPROVE_BENCHMARK,
        P.READ_OWN_DEEDS,
    ),
    Role.VERIFIER: _meaning(
        "第三方核查员",
        "Third-party verifier",
        Scope.ALLIANCE,
        "Reads what an engagement opens, for as long as it lasts, and records a statement.",
        P.COMMENT_RULE,
        P.REVIEW_RULE,
        P.VERIFY,
        P.REVIEW_FACTOR,
    ),
    Role.AUDITOR: _meaning(
        "只读审计员",
        "Read-only auditor",
        Scope.ALLIANCE,
        "Reads what is granted and the audit log; changes nothing.",
        P.READ_AUDIT,
    ),
    Role.ERP_CLIENT: _meaning(
        "ERP 接口客户端",
        "ERP machine client",
        Scope.COMPANY,
        "A company's own system, posting activity data over REST.",
        P.READ_BUSINESS,
        P.EDIT_INVENTORY,
        P.ADD_PROCESS,
        P.IMPORT_INVENTORY,
        P.EDIT_PRODUCT,
        P.EDIT_SITE,
        P.DRAFT_SUBMISSION,
        P.READ_AUDIT,
    ),
    Role.PLATFORM_ADMIN: _meaning(
        "系统管理员",
        "System administrator",
        Scope.ALLIANCE,
        "Keeps the platform running; reads no business rows.",
        P.WATCH_SYSTEM,
    ),
    Role.SECURITY_ADMIN: _meaning(
        "安全管理员",
        "Security administrator",
        Scope.ALLIANCE,
        "Opens and closes accounts, invites the first people of a company; reads no business rows.",
        P.SECURE_ACCOUNTS,
    ),
    Role.PUBLIC: _meaning(
        "访客",
        "Visitor",
        Scope.ALLIANCE,
        "Reads what is published to everybody.",
    ),
}


APART = frozenset({Role.PLATFORM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""Nobody holds two of these: running the platform, opening accounts and auditing both are three people's."""
OUTWARD = frozenset(
    {
        P.SHARE_PRODUCT,
        P.PROPOSE_FACTOR,
        P.REVIEW_FACTOR,
        P.PROPOSE_RULE,
        P.PROPOSE_PRACTICE,
        P.COMMENT_RULE,
        P.VOTE_RULE,
        P.JOIN_BENCHMARK,
        P.HAND_IN_SUBMISSION,
        P.PREPARE_PUBLICATION,
        P.APPROVE_PUBLICATION,
        P.ENGAGE_VERIFIER,
    }
)
"""What reaches others: nobody does it for a sandbox, whatever their role."""
UNPRIVILEGED = frozenset({Role.PLANT_PROVIDER, Role.ERP_CLIENT, Role.PUBLIC})
"""Every other role decides something for others and needs a second factor."""


def is_privileged(role: Role) -> bool:
    """Whether the role needs a second factor."""
    return role not in UNPRIVILEGED


def grantable(*, at_alliance: bool, verifies: bool = False) -> tuple[Role, ...]:
    """The roles a company's people can be given; those of the alliance in its own office alone."""
    own = {role for role, meaning in ROLES.items() if at_alliance or meaning.scope is not Scope.ALLIANCE}
    own |= {Role.AUDITOR} | ({Role.VERIFIER} if verifies else set())
    return tuple(role for role in ROLES if role in own - {Role.ERP_CLIENT, Role.PUBLIC})


def roles_with(permission: Permission) -> frozenset[Role]:
    """The roles that carry a permission."""
    return frozenset(role for role, meaning in ROLES.items() if permission in meaning.permissions)
