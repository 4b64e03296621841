"""Addresses of imports and exports."""

from __future__ import annotations

from django.urls import path

from footprint.exchange.pages import (
    cbam,
    export_company,
    factor_proposals,
    import_job,
    openlca,
    pact_sheet,
    paste,
    upsert,
    workbook,
)

app_name = "exchange"

urlpatterns = [
    path("cbam/", cbam.cbam, name="cbam"),
    path("cbam/export/", cbam.cbam_export, name="cbam_export"),
    path("products/<uuid:product_uuid>/cbam/", cbam.cbam_product, name="cbam_product"),
    path("factors/proposals/file/", factor_proposals.propose_file, name="propose_factors"),
    path("factors/proposals/openlca/", factor_proposals.propose_package, name="propose_package"),
    path("factors/proposals/template.xlsx", factor_proposals.template, name="factor_template"),
    path("imports/", import_job.import_list, name="import_list"),
    path("imports/<uuid:job_uuid>/", import_job.import_job, name="import"),
    path("imports/<uuid:job_uuid>/state/", import_job.import_state, name="import_state"),
    path("imports/<uuid:job_uuid>/report.csv", import_job.import_report, name="import_report"),
    path("inventories/<uuid:inventory_uuid>/workbook/", workbook.workbook, name="workbook"),
    path("inventories/<uuid:inventory_uuid>/workbook.xlsx", workbook.workbook_file, name="workbook_file"),
    path("inventories/<uuid:inventory_uuid>/openlca/", openlca.openlca, name="openlca"),
    path("inventories/<uuid:inventory_uuid>/openlca/files/", openlca.ask, name="ask_openlca"),
    path("inventories/<uuid:inventory_uuid>/openlca.zip", openlca.openlca_file, name="openlca_file"),
    path("partners/own-footprints.xlsx", pact_sheet.offered_sheet, name="offered_sheet"),
    path("partners/<uuid:connection_uuid>/sheet/", pact_sheet.partner_sheet, name="partner_sheet"),
    path("processes/<uuid:process_uuid>/paste/", paste.paste, name="paste"),
    path("workbooks/<uuid:upload_uuid>/", workbook.workbook_upload, name="workbook_upload"),
    path("workbooks/<uuid:upload_uuid>/cancel/", workbook.cancel, name="cancel_workbook"),
    path("workbooks/<uuid:upload_uuid>/state/", workbook.workbook_state, name="workbook_state"),
    path("workbooks/<uuid:upload_uuid>/annotated.xlsx", workbook.annotated_file, name="workbook_annotated"),
    path("upserts/", upsert.upsert_list, name="upsert_list"),
    path("upserts/table/", upsert.upsert_table, name="upsert_table"),
    path("upserts/<uuid:upsert_uuid>/", upsert.upsert, name="upsert"),
    path("upserts/<uuid:upsert_uuid>/state/", upsert.upsert_state, name="upsert_state"),
    path("upserts/<uuid:upsert_uuid>/rows/", upsert.upsert_export, name="upsert_export"),
    path("upserts/<uuid:upsert_uuid>/cancel/", upsert.cancel, name="cancel_upsert"),
    path("exports/", export_company.export_list, name="export_list"),
    path("exports/<uuid:export_uuid>/", export_company.export, name="export"),
    path("exports/<uuid:export_uuid>/state/", export_company.export_state, name="export_state"),
    path("exports/<uuid:export_uuid>/file/", export_company.export_file, name="export_file"),
]
