"""Machine clients are let in by their company's owner and shut out again."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.actions import add_service_client, stop_service_client
from accounts.errors import NotAllowed
from accounts.models import ServiceClient
from accounts.roles import Role
from tests import builders as new
from tests.api.conftest import Machine, token_request

pytestmark = pytest.mark.django_db


def test_let_in_and_shut_out() -> None:
    company = new.company()
    owner = new.actor(company)
    made = add_service_client(company, by=owner, name="SAP")
    application = made.client.application
    assert made.client_secret not in made.client.secrets.get().hashed
    token = token_request(application, secret=made.client_secret).json()["access_token"]
    assert Machine(token).get("products/").status_code == 200
    stop_service_client(made.client, by=owner)
    assert Machine(token).get("products/").status_code == 401
    assert token_request(application, secret=made.client_secret).status_code == 401


def test_only_the_owner_lets_in() -> None:
    company = new.company()
    with pytest.raises(NotAllowed):
        add_service_client(company, by=new.actor(company, Role.APPROVER), name="SAP")
    made = add_service_client(company, by=new.actor(company), name="SAP")
    with pytest.raises(NotAllowed):
        stop_service_client(made.client, by=new.actor(new.company()))


def test_command() -> None:
    company = new.company("petro")
    said = StringIO()
    call_command("add_client", "--company", "petro", "--name", "SAP", stdout=said)
    client = ServiceClient.objects.get(company=company)
    assert client.application.client_id in said.getvalue()
    with pytest.raises(CommandError, match="no company"):
        call_command("add_client", "--company", "nobody", "--name", "SAP")
