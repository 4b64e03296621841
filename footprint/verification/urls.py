"""Addresses of the verification workspace."""

from __future__ import annotations

from django.urls import path

from footprint.verification.pages import engagement, own_data, work

app_name = "verification"

urlpatterns = [
    path("verifications/", engagement.engagement_list, name="list"),
    path("publications/<uuid:publication_uuid>/verify/", engagement.engage, name="engage"),
    path("verifications/<uuid:engagement_uuid>/", engagement.engagement, name="engagement"),
    path("verifications/<uuid:engagement_uuid>/move/", engagement.move, name="move"),
    path("verifications/<uuid:engagement_uuid>/bundle.zip", engagement.bundle, name="bundle"),
    path(
        "verifications/<uuid:engagement_uuid>/evidence/<uuid:evidence_uuid>/",
        engagement.evidence,
        name="evidence",
    ),
    path("verifications/<uuid:engagement_uuid>/accept/", work.accept, name="accept"),
    path("verifications/<uuid:engagement_uuid>/sample/", work.sample, name="sample"),
    path("verifications/<uuid:engagement_uuid>/add-line/", work.add_line, name="add_line"),
    path("verifications/<uuid:engagement_uuid>/test/", work.test, name="test"),
    path("verifications/<uuid:engagement_uuid>/test-data/", own_data.own_data, name="own_data"),
    path("verifications/<uuid:engagement_uuid>/findings/", work.raise_finding, name="raise_finding"),
    path("verifications/<uuid:engagement_uuid>/say/", work.say, name="say"),
    path("verifications/<uuid:engagement_uuid>/statement/", work.state, name="state"),
    path("sampled-lines/<uuid:line_uuid>/", work.mark, name="mark"),
    path("findings/<uuid:finding_uuid>/answer/", work.answer, name="answer"),
    path("findings/<uuid:finding_uuid>/close/", work.close, name="close"),
    path("statements/<uuid:statement_uuid>/statement.jws", work.signed, name="signed"),
]
