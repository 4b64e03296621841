"""Addresses for partners' systems, without a slash at their end, and the pages about them."""

from __future__ import annotations

from django.urls import path

from footprint.partners.api import host, schema, tokens
from footprint.partners.pages import (
    catenax,
    conformance,
    connection,
    delivery,
    event,
    footprint,
    introduction,
    preview,
    request,
    validator,
    webhook,
)

app_name = "partners"
ONE = "partners/<uuid:connection_uuid>/"
RUN = f"{ONE}conformance/<uuid:conformance_uuid>/"
ASKED = "partners/requests/<uuid:connection_request_uuid>/"
HOOK = "webhooks/<uuid:webhook_uuid>/"

urlpatterns = [
    path("3/footprints", host.footprints, name="footprints"),
    path("3/footprints/<str:pf_id>", host.footprint, name="footprint"),
    path("3/events", host.take_event, name="events"),
    path("2/footprints", host.footprints, name="footprints_v2"),
    path("2/footprints/<str:pf_id>", host.footprint, name="footprint_v2"),
    path("2/events", host.take_event, name="events_v2"),
    path("auth/token", tokens.token, name="token"),
    path(".well-known/openid-configuration", tokens.discovery, name="discovery"),
    path("pact/declaration-1.schema.json", schema.declaration, name="declaration_schema"),
    path("pact/stages-1.schema.json", schema.stages, name="stages_schema"),
    path("connect/", introduction.ask_to_be_connected, name="introduce"),
    path("partners/", connection.connection_list, name="connection_list"),
    path("partners/add/", connection.add_connection, name="add_connection"),
    path("partners/check/", validator.check, name="check"),
    path("partners/requests/", request.request_list, name="request_list"),
    path(ASKED, request.one_request, name="request"),
    path(f"{ASKED}accept/", request.accept, name="accept_request"),
    path(f"{ASKED}refuse/", request.refuse, name="refuse_request"),
    path("partners/reception/<uuid:company_uuid>/", request.reception, name="reception"),
    path("partners/events/", event.event_list, name="event_list"),
    path("partners/events/<uuid:event_uuid>/", event.event, name="event"),
    path("partners/deliveries/", delivery.outbox, name="outbox"),
    path("partners/deliveries/<uuid:delivery_uuid>/", delivery.delivery, name="delivery"),
    path("partners/deliveries/<uuid:delivery_uuid>/again/", delivery.again, name="again"),
    path("partners/receipts/", delivery.receipt_list, name="receipt_list"),
    path("partners/footprints/", footprint.footprint_list, name="footprint_list"),
    path("partners/footprints/<uuid:received_uuid>/", footprint.received, name="received"),
    path("publications/<uuid:publication_uuid>/pact/", preview.preview, name="preview"),
    path("partners/own/<uuid:offered_uuid>/catenax/", catenax.catenax, name="catenax"),
    path("partners/own/<uuid:offered_uuid>/catenax.json", catenax.catenax_file, name="catenax_file"),
    path(ONE, connection.connection, name="connection"),
    path(f"{ONE}change/", connection.change_connection, name="change_connection"),
    path(f"{ONE}secret/", connection.new_secret, name="new_secret"),
    path(f"{ONE}secret/<uuid:partner_secret_uuid>/end/", connection.end_secret, name="end_secret"),
    path(f"{ONE}networks/", connection.narrow_networks, name="narrow_networks"),
    path(f"{ONE}revoke/", connection.revoke_connection, name="revoke_connection"),
    path(f"{ONE}grant/", connection.grant, name="grant"),
    path(f"{ONE}grant/<uuid:grant_uuid>/end/", connection.end_grant, name="end_grant"),
    path(f"{ONE}fetch/", connection.fetch, name="fetch"),
    path(f"{ONE}ask/", connection.ask, name="ask"),
    path(f"{ONE}catenax/", catenax.connection_catenax, name="connection_catenax"),
    path(f"{ONE}conformance/", conformance.conformance, name="conformance"),
    path(RUN, conformance.conformance_run, name="conformance_run"),
    path(f"{RUN}state/", conformance.conformance_state, name="conformance_state"),
    path(f"{RUN}report.json", conformance.conformance_json, name="conformance_json"),
    path(f"{RUN}report.csv", conformance.conformance_table, name="conformance_table"),
    path("webhooks/", webhook.webhook_list, name="webhook_list"),
    path("webhooks/add/", webhook.add_webhook, name="add_webhook"),
    path(HOOK, webhook.webhook, name="webhook"),
    path(f"{HOOK}change/", webhook.change_webhook, name="change_webhook"),
    path(f"{HOOK}secret/", webhook.new_webhook_secret, name="new_webhook_secret"),
    path(f"{HOOK}retire/", webhook.retire_webhook_secret, name="retire_webhook_secret"),
    path(f"{HOOK}ping/", webhook.ping_webhook, name="ping_webhook"),
    path(f"{HOOK}remove/", webhook.remove_webhook, name="remove_webhook"),
    path("webhooks/deliveries/<uuid:hook_delivery_uuid>/again/", webhook.send_again, name="webhook_again"),
]
