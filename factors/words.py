"""What the built-in records say in English, named so that it can be said in other languages too."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

BUILT_IN = (
    _("Own work"),
    _("Single figures, cited with document, table and year"),
    _("Annex I, China"),
    _("attachment, national table"),
    _("attachment, table of factors"),
    _("attachment, tables 1-3"),
    _("attachment, tables 4-5"),
    _("chapter 1, tables 1.2-1.4; chapter 2, table 2.2"),
    _("default value for heat"),
    _("fuel tables; net calorific value from the energy statistics yearbook 2023"),
    _("notice text"),
    _('sheet "Freighting goods"'),
    _('sheet "Fuels"'),
    _('sheet "Material use"'),
    _('sheet "WTT- delivery vehs & freight"'),
    _('sheet "WTT- fuels"'),
    _("table of 2012 regional averages"),
    _("table of fuel default values"),
)
