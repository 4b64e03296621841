"""Somebody who owns the database tampers with the stored chain, triggers switched off; a member's file tells.

`benchmarks/bench_audit.py` does the same a thousand times.
"""

from __future__ import annotations

import base64
import io
import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts import audit_queries, tasks
from accounts.actions.checkpoint import make_checkpoint
from accounts.audit_checkpoint import held
from accounts.audit_keys import signing_key
from accounts.audit_verification import vanished, verify_stored
from accounts.models import AuditCheckpoint, AuditEntry, AuditLeaf, Company
from footprint.inventory.models import Exchange, OutputPrice
from tests import builders as new
from tests.accounts.tampering import TAMPERINGS
from tests.accounts.vandal import unguarded, vandalise
from tests.chains import chain, settle

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ROUNDS = 6


@pytest.fixture
def company() -> Company:
    """Somebody who wrote a little; others, too."""
    company = new.company("ours")
    process = new.process(new.inventory(new.site(company)))
    line = new.output(process, new.product(company))
    OutputPrice.objects.create(company=company, exchange=line, year=2025, price=5)
    for amount in range(2, 9):
        Exchange.objects.filter(pk=line.pk).update(amount=amount)
    new.site(new.company("other"))
    settle()
    return company


@pytest.fixture
def proof(company: Company) -> dict[str, Any]:
    reader = new.actor(company)
    settle()
    make_checkpoint(at=timezone.now(), key=KEY)
    return audit_queries.proof(reader, company) or {}


def test_untouched_it_verifies(company: Company, proof: dict[str, Any]) -> None:
    assert verify_stored(chain(company), kept=[held(proof)]) == []
    assert verify_stored(chain(None)) == []


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_every_tampering_is_seen(company: Company, proof: dict[str, Any], tamper: Any) -> None:
    """With nothing but the member's file: the stored checkpoints are gone as well."""
    for seed in range(ROUNDS):
        with transaction.atomic():
            with unguarded():
                AuditLeaf.objects.all().delete()
                vandalise(chain(company), tamper, random.Random(seed))
            assert verify_stored(chain(company), kept=[held(proof)]), seed
            transaction.set_rollback(True)


def test_a_cut_tail_is_seen_by_the_stored_checkpoint(company: Company, proof: dict[str, Any]) -> None:
    with unguarded():
        vandalise(chain(company), TAMPERINGS[-2], random.Random(1))
    assert verify_stored(chain(company))


def test_a_chain_that_vanished(company: Company, proof: dict[str, Any]) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditchain WHERE company_id = %s", [company.pk])
        assert len(vanished(["alliance"], [])) == 2
        AuditLeaf.objects.all().delete()
        assert [str(one) for one in vanished(["alliance"], [held(proof)])] == [
            f"the chain {company.uuid} is gone: a checkpoint saw it"
        ]


def test_a_bent_seal_and_a_bent_checkpoint(company: Company, proof: dict[str, Any]) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditseal SET value = '6'")
        assert "sealed value" in str(verify_stored(chain(company))[0])
        cursor.execute("UPDATE accounts_auditseal SET value = '5'")
        cursor.execute("UPDATE accounts_auditleaf SET position = position - 1")
        assert "stored checkpoint" in str(verify_stored(chain(company))[0])


# -- checkpoints -------------------------------------------------------------------------------------------
def test_a_checkpoint_verifies_what_is_new_and_once_a_day_everything(company: Company) -> None:
    begun = timezone.now()
    make_checkpoint(at=begun, key=KEY)
    new.site(company)
    settle()
    make_checkpoint(at=begun + timedelta(hours=1), key=KEY)
    make_checkpoint(at=begun + timedelta(hours=25), key=KEY)
    parts = AuditLeaf.objects.filter(chain=str(company.uuid)).order_by("pk")
    length = parts[0].position
    assert [(part.verified_from, part.position) for part in parts] == [
        (1, length),
        (length + 1, length + 1),
        (1, length + 1),
    ]
    assert all(part.is_sound for part in parts)


def test_a_checkpoint_says_what_it_found(company: Company, proof: dict[str, Any], caplog: Any) -> None:
    with unguarded():
        AuditEntry.objects.filter(company=company, position=3).update(actor="nobody")
    made = make_checkpoint(at=timezone.now() + timedelta(days=2), key=KEY)
    found = {part.chain: part.finding for part in made.parts.all()}
    assert found[str(company.uuid)] == "entry 3: its content does not fit its hash: it was edited"
    assert found["alliance"] == ""


def test_neighbours_learn_nothing_from_a_proof(company: Company, proof: dict[str, Any]) -> None:
    """Nobody wrote anything in between, and yet every sister hash is another."""
    make_checkpoint(at=timezone.now(), key=KEY)
    again = audit_queries.proof(new.actor(company), company) or {}
    assert again["head"] == proof["head"]
    assert not set(again["path"]) & set(proof["path"])


def test_the_clock_makes_one(company: Company, settings: Any) -> None:
    settings.AUDIT_SIGNING_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
    tasks.checkpoint()
    assert AuditCheckpoint.objects.count() == 1


def test_no_key_no_checkpoint(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_SIGNING_KEY, settings.AUDIT_KEY_FILE = "", tmp_path / "missing"
    with pytest.raises(ImproperlyConfigured, match="AUDIT_SIGNING_KEY is missing"):
        signing_key()
    settings.AUDIT_SIGNING_KEY = "short"
    with pytest.raises(ImproperlyConfigured, match="not 32 bytes"):
        signing_key()


# -- commands ----------------------------------------------------------------------------------------------
def said(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_commands_export_sign_and_verify(company: Company, settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_SIGNING_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
    file, kept = str(tmp_path / "chain.jsonl"), str(tmp_path / "proof.json")
    said("audit_checkpoint", "--company", "ours", "-o", kept)
    assert "entries written to" in said("audit_export", "--company", "ours", "-o", file)
    settle()
    assert "ours: " in said("audit_verify", "--company", "ours", "--checkpoint", kept)
    assert json.loads(Path(kept).read_text())["company"] == "ours"
    from tests.accounts.test_audit_chain import said as script

    assert script(file, "--checkpoint", kept)[0] == 0
    with unguarded():
        vandalise(chain(company), TAMPERINGS[-2], random.Random(1))
    out = io.StringIO()
    with pytest.raises(CommandError, match="not as it was written") as wrong:
        call_command("audit_verify", checkpoint=[Path(kept)], stdout=out)
    assert wrong.value.returncode == 1
    assert "were cut off" in out.getvalue()


def test_the_commands_say_what_is_missing(company: Company, tmp_path: Path) -> None:
    for words in (
        ("audit_verify", "--company", "nowhere"),
        ("audit_export", "--company", "nowhere", "-o", str(tmp_path / "x")),
        ("audit_verify", "--checkpoint", str(tmp_path / "missing")),
        ("audit_checkpoint", "--company", "ours"),
    ):
        with pytest.raises(CommandError):
            said(*words)
