"""What analyses are asked with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request

from accounts.rest.schema import ResourceSchema
from footprint.analysis.hotspots import COARSEST, CUT, FINEST
from footprint.analysis.site_flows import BASES
from footprint.calculation.own_network import GWP_SETS
from footprint.engine.errors import EngineError

GWP = OpenApiParameter(
    "gwp", str, enum=GWP_SETS, default="AR6", description="Which assessment report weighs."
)
CUT_OFF = OpenApiParameter(
    "cut",
    {"type": "number", "minimum": FINEST, "maximum": COARSEST, "default": CUT},
    description="Share of the figure below which providers are summed up.",
)
BASIS = OpenApiParameter("basis", str, enum=BASES, default="mass", description="What is followed.")


class Apart(APIException):
    """The stored figures do not fit together: for a moment while they are recomputed, or a fault of ours."""

    status_code = 409
    default_code = "figures_apart"
    default_detail = gettext_lazy(
        "The parts do not make up the stored figure. Wait until it is recomputed and ask again; if that does "
        "not help, tell the operators."
    )


@contextmanager
def told_apart() -> Iterator[None]:
    """What the engine refuses, as a problem. Raises Apart."""
    try:
        yield
    except EngineError as error:
        raise Apart from error


class AnalysisSchema(ResourceSchema):
    """With the answer of figures that do not fit together."""

    def _problems(self) -> dict[int, str]:
        return {**super()._problems(), 409: "Figures do not fit together"}


def asked_gwp(request: Request) -> str:
    """The set asked for. Raises ValidationError."""
    return _one_of(request, "gwp", GWP_SETS, "AR6")


def asked_basis(request: Request) -> str:
    """The basis asked for. Raises ValidationError."""
    return _one_of(request, "basis", BASES, BASES[0])


def asked_cut(request: Request) -> float:
    """The cut-off asked for. Raises ValidationError."""
    text = request.query_params.get("cut")
    try:
        cut = CUT if text is None else float(text)
    except ValueError:
        cut = -1.0
    if not FINEST <= cut <= COARSEST:
        message = _("A cut-off is a share from %(low)s to %(high)s.") % {"low": FINEST, "high": COARSEST}
        raise ValidationError({"cut": [ErrorDetail(message, code="no_cut_off")]})
    return cut


def _one_of(request: Request, name: str, known: tuple[str, ...], default: str) -> str:
    found = request.query_params.get(name, default)
    if found not in known:
        message = _("Choose one of: %(known)s.") % {"known": ", ".join(known)}
        raise ValidationError({name: [ErrorDetail(message, code="unknown_choice")]})
    return str(found)
