"""Addresses of method profiles and product category rules."""

from __future__ import annotations

from django.urls import path

from footprint.rules.pages import method, product_rules, rule_editor, rule_files, rule_making

app_name = "rules"

urlpatterns = [
    path("methods/", method.method_list, name="method_list"),
    path("methods/<slug:code>/", method.method, name="method"),
    path("product-rules/", product_rules.rule_list, name="rule_list"),
    path("product-rules/<slug:code>/", product_rules.rule, name="rule"),
    path("product-rules/<slug:code>/text.txt", rule_files.text_file, name="rule_text"),
    path("product-rules/<slug:code>/text.docx", rule_files.word_file, name="rule_word"),
    path("product-rules/<slug:code>/comments/export/", rule_files.comments_file, name="rule_comments"),
    path("product-rules/<slug:code>/edit/", rule_editor.edit, name="rule_edit"),
    path("product-rules/<slug:code>/propose/", rule_making.propose, name="rule_propose"),
    path("product-rules/<slug:code>/move/", rule_making.move, name="rule_move"),
    path("product-rules/<slug:code>/comment/", rule_making.comment, name="rule_comment"),
    path("product-rules/<slug:code>/vote/", rule_making.vote, name="rule_vote"),
    path("product-rules/<slug:code>/answer/", rule_making.answer, name="rule_answer"),
]
