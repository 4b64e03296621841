"""Addresses of products, inventories and lines; their namespace is "inventory"."""

from __future__ import annotations

from django.urls import path

from footprint.calculation.pages import (
    amount,
    bundle,
    checklist,
    evidence,
    exchange,
    inventory,
    lines_export,
    prefill,
    process,
    product,
    product_forms,
    product_list,
    review_files,
    review_room,
    submission,
)

app_name = "inventory"

urlpatterns = [
    path("products/", product_list.product_list, name="product_list"),
    path("products/export.csv", product_list.export, name="product_export"),
    path("products/add/", product_forms.add_product, name="add_product"),
    path("products/<uuid:product_uuid>/", product.product, name="product"),
    path("products/<uuid:product_uuid>/figure/", product.figure, name="product_figure"),
    path("products/<uuid:product_uuid>/evidence/", product.evidence, name="product_evidence"),
    path("products/<uuid:product_uuid>/bundle/", bundle.bundle, name="product_bundle"),
    path("products/<uuid:product_uuid>/change/", product_forms.change_product, name="change_product"),
    path("products/<uuid:product_uuid>/share/", product_forms.share_product, name="share_product"),
    path(
        "products/<uuid:product_uuid>/share/<uuid:company_uuid>/end/",
        product_forms.end_grant,
        name="end_grant",
    ),
    path("sites/<uuid:site_uuid>/contents/", inventory.site_contents, name="site_contents"),
    path("sites/<uuid:site_uuid>/add-inventory/", inventory.add_inventory, name="add_inventory"),
    path("inventories/<uuid:inventory_uuid>/", inventory.inventory, name="inventory"),
    path("inventories/<uuid:inventory_uuid>/change/", inventory.change_inventory, name="change_inventory"),
    path("inventories/<uuid:inventory_uuid>/lines.csv", lines_export.lines_csv, name="lines_csv"),
    path("inventories/<uuid:inventory_uuid>/prefill/", prefill.prefill, name="prefill_inventory"),
    path("inventories/<uuid:inventory_uuid>/prefill/undo/", prefill.take_back, name="take_back_prefill"),
    path("inventories/<uuid:inventory_uuid>/add-process/", process.add_process, name="add_process"),
    path("inventories/<uuid:inventory_uuid>/submit/", submission.open_submission, name="open_submission"),
    path("submissions/", submission.submission_list, name="submission_list"),
    path("submissions/export/", submission.export, name="submission_export"),
    path("submissions/<uuid:submission_uuid>/", submission.submission, name="submission"),
    path("submissions/<uuid:submission_uuid>/move/", submission.move, name="move_submission"),
    path("submissions/<uuid:submission_uuid>/room/", review_room.review_room, name="review_room"),
    path(
        "submissions/<uuid:submission_uuid>/checklist/", checklist.review_checklist, name="review_checklist"
    ),
    path("submissions/<uuid:submission_uuid>/lines.csv", review_files.lines_file, name="review_lines"),
    path("submissions/<uuid:submission_uuid>/threads.csv", review_files.threads_file, name="review_threads"),
    path(
        "submissions/<uuid:submission_uuid>/checklist.csv",
        review_files.checklist_file,
        name="review_checklist_file",
    ),
    path("submissions/<uuid:submission_uuid>/ask/", review_room.open_thread, name="open_thread"),
    path("threads/<uuid:thread_uuid>/answer/", review_room.answer_thread, name="answer_thread"),
    path("threads/<uuid:thread_uuid>/close/", review_room.close_thread, name="close_thread"),
    path("processes/<uuid:process_uuid>/", process.process, name="process"),
    path("processes/<uuid:process_uuid>/remove/", process.remove_process, name="remove_process"),
    path("processes/<uuid:process_uuid>/figures/", inventory.process_figures, name="process_figures"),
    path("processes/<uuid:process_uuid>/add-line/", exchange.add, name="add_line"),
    path("exchanges/<uuid:exchange_uuid>/", exchange.exchange, name="exchange"),
    path("exchanges/<uuid:exchange_uuid>/amount/", amount.amount, name="exchange_amount"),
    path("exchanges/<uuid:exchange_uuid>/evidence/", evidence.add_evidence, name="add_evidence"),
    path("evidence/<uuid:evidence_uuid>/", evidence.evidence, name="evidence"),
    path("evidence/<uuid:evidence_uuid>/remove/", evidence.remove_evidence, name="remove_evidence"),
    path("exchanges/<uuid:exchange_uuid>/undo/", amount.undo, name="undo_exchange"),
    path("exchanges/<uuid:exchange_uuid>/providers/", exchange.providers, name="exchange_providers"),
    path("exchanges/<uuid:exchange_uuid>/remove/", exchange.remove, name="remove_exchange"),
    path("removed-lines/<uuid:removed_uuid>/restore/", exchange.restore, name="restore_line"),
]
