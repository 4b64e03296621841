"""What built-in rules say of their sources, named so that it can be translated."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

RULES = (
    _("Decision of this product"),
    _("Proposal of this product; a product category rule prevails"),
)
