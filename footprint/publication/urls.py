"""Addresses of publications, and of what everybody may read of them."""

from __future__ import annotations

from django.urls import path

from footprint.publication.pages import declaration, offering, open_data, publication

app_name = "publication"

urlpatterns = [
    path("products/<uuid:product_uuid>/publish/", publication.publish, name="publish"),
    path("publications/", publication.publication_list, name="list"),
    path("publications/export/", publication.export, name="export"),
    path("publications/<uuid:publication_uuid>/", publication.publication, name="publication"),
    path(
        "publications/<uuid:publication_uuid>/declaration-<str:language>.pdf",
        publication.on_paper,
        name="paper",
    ),
    path("publications/<uuid:publication_uuid>/move/", publication.move, name="move"),
    path("publications/<uuid:publication_uuid>/factor/", offering.offer, name="offer_factor"),
    path("declarations/<uuid:publication_uuid>/", declaration.declaration, name="declaration"),
    path(
        "declarations/<uuid:publication_uuid>/declaration-<str:language>.pdf",
        declaration.on_paper,
        name="public_paper",
    ),
    path("declarations/<uuid:publication_uuid>/declaration.jws", declaration.signed, name="signed"),
    path("declarations/<uuid:publication_uuid>/declaration.json", declaration.content, name="content"),
    path("open/", open_data.open_data, name="open_data"),
    path("open/declarations.json", open_data.as_json, name="open_json"),
    path(".well-known/jwks.json", declaration.keys, name="keys"),
    path(".well-known/pcf-withdrawals.json", declaration.withdrawals, name="withdrawals"),
]
