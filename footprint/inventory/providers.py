"""Who may provide what to a line: a process of the same inventory, a product, a version of a factor."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.checks import lookup
from accounts.errors import Refusal
from accounts.figures import name
from factors import units
from factors.models import FactorVersion
from factors.units import Dimension
from footprint.inventory.beside import MAKES as MAKES
from footprint.inventory.beside import Beside
from footprint.inventory.measures import Nature, converts
from footprint.inventory.models import Exchange, Product


def nature(product: Product) -> Nature:
    """What the product can be measured in."""
    return Nature(product.unit, product.conversions, product.lhv_mj_per_unit is not None)


def counted_in(line: Exchange) -> frozenset[Dimension]:
    """What an amount of what flows in the line can measure; of a flow that is only named, anything."""
    if line.product:
        return nature(line.product).dimensions
    if line.gas:
        return frozenset({Dimension.MASS})
    factor = line.factor_version.factor if line.factor_version else None
    return frozenset({units.dimension(factor.unit)} if factor else Dimension)


def named(thing: object) -> str:
    """The thing's name in the language of the moment."""
    return name(thing, get_language() or "zh-hans")


def referenced(line: Exchange, field: str, given: object, beside: Beside) -> Model | None:
    """The product, process or factor version that was named, if the person may know of it.

    What a line already points to stays, even when it could not be chosen anew. A thing of somebody else's is
    refused in the very words used for one that does not exist.

    Raises:
        Refusal: not_found.
    """
    if given is None or given == "":
        return None
    key = lookup(given)
    present: Model | None = getattr(line, field)
    if key and present is not None and all(getattr(present, part) == value for part, value in key.items()):
        return present
    found = beside.named(line, field, key) if key else None
    if found is None:
        raise Refusal(_("There is no such thing, or you may not use it."), field=field, code="not_found")
    return found


def check(line: Exchange, changed: list[str], beside: Beside) -> None:
    """Whether the provider can provide this line.

    Raises:
        Refusal: several_providers, no_provider_here, or what is wrong with the one named.
    """
    chosen = [each for each in (line.provider_process, line.provider_product, line.factor_version) if each]
    if not chosen:
        return
    field = next(name for name in CHECKS if getattr(line, name) is not None)
    if len(chosen) > 1:
        message = _(
            "A line has one provider: a process, or a product, or an emission factor. Remove the others."
        )
        raise Refusal(message, field=field, code="several_providers")
    if not takes_a_provider(line):
        message = _("Only what a process takes in, avoids or gives away for treatment has a provider.")
        raise Refusal(message, field=field, code="no_provider_here")
    CHECKS[field](line, changed, beside)


def provider_of(line: Exchange) -> Model | None:
    """Who provides the line; None for what is cut off, and for what needs nobody."""
    return line.provider_process or line.provider_product or line.factor_version


def takes_a_provider(line: Exchange) -> bool:
    """Inputs of products, credits for avoided products, waste handed on, and named flows with a factor."""
    if line.kind == Exchange.Kind.ELEMENTARY:
        return line.factor_version is not None and not line.gas
    outwards = line.kind == Exchange.Kind.WASTE
    return line.is_avoided or (line.direction == Exchange.Direction.OUTPUT) is outwards


def _check_process(line: Exchange, changed: list[str], beside: Beside) -> None:
    process = line.provider_process
    assert process is not None
    if process.inventory_id != line.process.inventory_id:
        message = _("“%(process)s” belongs to another inventory. Link to its product instead.")
        raise Refusal(message % {"process": named(process)}, field="provider_process", code="other_inventory")
    if not {"provider_process", "product"} & set(changed):
        return  # what is taken from here does not vanish: ``supply``
    if not beside.makes(process, line.product):
        message = _("“%(process)s” does not make %(product)s.")
        words = {"process": named(process), "product": named(line.product)}
        raise Refusal(message % words, field="provider_process", code="does_not_make")


def _check_product(line: Exchange, changed: list[str], beside: Beside) -> None:
    offered, wanted = line.provider_product, line.product
    assert offered is not None and wanted is not None
    is_new = bool({"provider_product", "product"} & set(changed))
    is_own = offered.company_id == line.company_id
    if is_own and is_new and not beside.is_made(offered):
        message = _("No process makes %(product)s yet.")
        raise Refusal(message % {"product": named(offered)}, field="provider_product", code="does_not_make")
    if offered.category_id and wanted.category_id and offered.category_id != wanted.category_id:
        message = _("%(offered)s and %(wanted)s are of different product categories.")
        words = {"offered": named(offered), "wanted": named(wanted)}
        raise Refusal(message % words, field="provider_product", code="other_category")
    if not any(converts(line.unit, offered.unit, nature(each)) for each in (wanted, offered)):
        _refuse_unit(line, offered.unit, "provider_product")


def _check_factor(line: Exchange, changed: list[str], beside: Beside) -> None:
    version = line.factor_version
    assert version is not None
    if version.status == FactorVersion.Status.WITHDRAWN and "factor_version" in changed:
        message = _("This version of the factor was withdrawn. Choose another one.")
        raise Refusal(message, field="factor_version", code="factor_withdrawn")
    thing = nature(line.product) if line.product else None
    if not converts(line.unit, version.factor.unit, thing):
        _refuse_unit(line, version.factor.unit, "factor_version")


def _refuse_unit(line: Exchange, unit: str, field: str) -> None:
    message = _(
        "The line is in %(line)s, the provider counts in %(unit)s, and nothing says how one converts into "
        "the other. Choose another provider, or enter the conversion with the product."
    )
    raise Refusal(message % {"line": line.unit, "unit": unit}, field=field, code="unit_mismatch")


CHECKS = {
    "provider_process": _check_process,
    "provider_product": _check_product,
    "factor_version": _check_factor,
}


def makes(line: Exchange) -> bool:
    """Whether the line is how its process makes a product, or takes a waste for treatment."""
    if line.kind == Exchange.Kind.WASTE:
        return line.direction == Exchange.Direction.INPUT and line.is_reference and not line.is_avoided
    is_output = line.direction == Exchange.Direction.OUTPUT
    return line.kind == Exchange.Kind.PRODUCT and is_output and not line.is_avoided
