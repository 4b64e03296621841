"""Addresses of the factor database."""

from __future__ import annotations

from django.urls import path

from factors.pages import compare, factor, factor_list, proposal, publish

app_name = "factors"

urlpatterns = [
    path("", factor_list.factor_list, name="factor_list"),
    path("compare/", compare.compare, name="compare"),
    path("proposals/", proposal.proposal_list, name="proposal_list"),
    path("proposals/new/", proposal.new_proposal, name="new_proposal"),
    path("proposals/<uuid:proposal_uuid>/", proposal.proposal, name="proposal"),
    path("proposals/<uuid:proposal_uuid>/move/", proposal.move, name="proposal_move"),
    path("proposals/<uuid:proposal_uuid>/say/", proposal.say, name="proposal_say"),
    path("export.csv", factor_list.export, name="factor_export"),
    path("<uuid:factor_uuid>/", factor.factor, name="factor"),
    path("<uuid:factor_uuid>/publish/", publish.publish, name="publish"),
    path("<uuid:factor_uuid>/withdraw/<int:number>/", publish.withdraw, name="withdraw"),
]
