"""Addresses of the factor database."""

from __future__ import annotations

from django.urls import path

from factors.pages import (
    compare,
    coverage,
    desk,
    factor,
    factor_list,
    importing,
    mending,
    proposal,
    publish,
    release,
    release_file,
    sources,
)

app_name = "factors"

urlpatterns = [
    path("", factor_list.factor_list, name="factor_list"),
    path("compare/", compare.compare, name="compare"),
    path("proposals/", proposal.proposal_list, name="proposal_list"),
    path("proposals/new/", proposal.new_proposal, name="new_proposal"),
    path("proposals/<uuid:proposal_uuid>/", proposal.proposal, name="proposal"),
    path("proposals/<uuid:proposal_uuid>/move/", proposal.move, name="proposal_move"),
    path("proposals/<uuid:proposal_uuid>/mend/", mending.mend, name="proposal_mend"),
    path("proposals/<uuid:proposal_uuid>/say/", proposal.say, name="proposal_say"),
    path("import/", importing.import_page, name="import"),
    path("import/<uuid:import_uuid>/", importing.import_job, name="import_job"),
    path("import/<uuid:import_uuid>/state/", importing.import_state, name="import_state"),
    path("import/<uuid:import_uuid>/decide/", importing.decide, name="import_decide"),
    path("import/<uuid:import_uuid>/file.csv", importing.import_file, name="import_file"),
    path("import/<uuid:import_uuid>/faults.csv", importing.import_faults, name="import_faults"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:code>/age/", sources.set_source_age, name="source_age"),
    path("desk/", desk.desk, name="desk"),
    path("desk/coverage/", coverage.coverage_page, name="coverage"),
    path("desk/coverage.csv", coverage.coverage_export, name="coverage_export"),
    path("desk/stale.csv", desk.stale_export, name="stale_export"),
    path("releases/", release.release_list, name="release_list"),
    path("releases/make/", release.make_release, name="make_release"),
    path("releases/<slug:name>/", release.release, name="release"),
    path("releases/<slug:name>/factors.csv", release.release_file, {"kind": "csv"}, name="release_csv"),
    path("releases/<slug:name>/factors.xlsx", release.release_file, {"kind": "xlsx"}, name="release_xlsx"),
    path(
        "releases/<slug:name>/openlca.zip", release.release_file, {"kind": "openlca"}, name="release_openlca"
    ),
    path("releases/<slug:name>/files/", release_file.ask, name="ask_release_file"),
    path("releases/<slug:name>/files/<uuid:file_uuid>/", release_file.release_file, name="release_file"),
    path(
        "releases/<slug:name>/files/<uuid:file_uuid>/state/",
        release_file.release_file_state,
        name="release_file_state",
    ),
    path(
        "releases/<slug:name>/files/<uuid:file_uuid>/content/",
        release_file.release_file_content,
        name="release_file_content",
    ),
    path("export.csv", factor_list.export, name="factor_export"),
    path("<uuid:factor_uuid>/", factor.factor, name="factor"),
    path("<uuid:factor_uuid>/publish/", publish.publish, name="publish"),
    path("<uuid:factor_uuid>/withdraw/<int:number>/", publish.withdraw, name="withdraw"),
]
