"""What analyses answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from footprint.analysis.site_flows import BASES
from footprint.calculation.own_network import GWP_SETS, NodeKind, Stage
from footprint.calculation.queries import Freshness
from footprint.engine import closure
from footprint.engine.suspicion import Slip

VERDICTS = tuple(verdict.name.lower() for verdict in closure.Verdict)
ROLES = ("process", "processes", "supply", "delivery", "air", "loss", "leaf", "several")


class NodeSerializer(serializers.Serializer[Any]):
    """A column of one's own, or a leaf: a partner's open total, a factor version, or what is not open."""

    kind = serializers.ChoiceField([kind.value for kind in NodeKind], allow_null=True)
    stage = serializers.ChoiceField([stage.value for stage in Stage])
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    unit = serializers.CharField()
    process = serializers.UUIDField(allow_null=True)
    product = serializers.UUIDField(allow_null=True)
    factor_version = serializers.UUIDField(allow_null=True)


class FigureOfSerializer(serializers.Serializer[Any]):
    """Which figure is taken apart; ``kg_co2e`` is null where it could not be computed."""

    footprint = serializers.UUIDField()
    year = serializers.IntegerField()
    unit = serializers.CharField(help_text="kg CO2e per this unit.")
    gwp = serializers.ChoiceField(GWP_SETS)
    kg_co2e = serializers.FloatField(allow_null=True)
    freshness = serializers.ChoiceField([state.value for state in Freshness])


class OccurrenceSerializer(NodeSerializer):
    """A provider where it stands in the tree; ``kg_co2e`` = ``direct`` + its providers' + ``below_cut``."""

    id = serializers.IntegerField()
    parent_id = serializers.IntegerField(allow_null=True)
    depth = serializers.IntegerField()
    exchange = serializers.UUIDField(allow_null=True, help_text="The line, where it is a single one.")
    amount = serializers.FloatField(help_text="In `unit`, per declared unit of the product.")
    kg_co2e = serializers.FloatField()
    share = serializers.FloatField(allow_null=True)
    direct = serializers.FloatField()
    below_cut = serializers.FloatField()
    below_cut_count = serializers.IntegerField()


class TreeSerializer(FigureOfSerializer):
    """Providers and their providers, each after its parent, down to the cut-off."""

    cut = serializers.FloatField()
    is_complete = serializers.BooleanField(help_text="Whether all above the cut-off is there.")
    nodes = OccurrenceSerializer(many=True)


class EmitterSerializer(NodeSerializer):
    """A process or a leaf with what it emits for one declared unit."""

    kg_co2e = serializers.FloatField()
    share = serializers.FloatField(allow_null=True)


class StagePartSerializer(serializers.Serializer[Any]):
    """A life-cycle stage."""

    stage = serializers.ChoiceField([stage.value for stage in Stage])
    kg_co2e = serializers.FloatField()


class GasOfFigureSerializer(serializers.Serializer[Any]):
    """A gas of one origin; both empty: suppliers' totals, not known by gas."""

    gas = serializers.CharField(allow_blank=True)
    origin = serializers.CharField(allow_blank=True)
    kg = serializers.FloatField(allow_null=True)
    kg_co2e = serializers.FloatField()


class GateSerializer(serializers.Serializer[Any]):
    """Own company against purchased, kg CO2e."""

    own = serializers.FloatField()
    own_recorded = serializers.FloatField()
    own_burnt = serializers.FloatField()
    purchased = serializers.FloatField()
    purchases = EmitterSerializer(many=True)


class PathSerializer(serializers.Serializer[Any]):
    """A chain from the product to one emission upstream."""

    nodes = NodeSerializer(many=True)
    amount = serializers.FloatField()
    kg_co2e = serializers.FloatField()
    share = serializers.FloatField(allow_null=True)


class HotspotsSerializer(FigureOfSerializer):
    """Where the figure comes from; sources, stages, gases and gate each sum to it."""

    cut = serializers.FloatField()
    sources = EmitterSerializer(many=True)
    stages = StagePartSerializer(many=True)
    gases = GasOfFigureSerializer(many=True)
    gate = GateSerializer(allow_null=True)
    paths = PathSerializer(many=True)
    paths_cover = serializers.FloatField(allow_null=True)


class PlaceSerializer(serializers.Serializer[Any]):
    """Where flows begin, meet or end."""

    id = serializers.IntegerField()
    role = serializers.ChoiceField(ROLES)
    name_zh = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True)
    process = serializers.UUIDField(allow_null=True)
    product = serializers.UUIDField(allow_null=True)
    taken = serializers.FloatField()
    given = serializers.FloatField()
    is_closed = serializers.BooleanField(allow_null=True, help_text="null: no process, or not assessable.")


class FlowSerializer(serializers.Serializer[Any]):
    """A flow; ``amount`` null: not known on this basis. Below zero: it runs the other way."""

    source_id = serializers.IntegerField()
    target_id = serializers.IntegerField()
    amount = serializers.FloatField(allow_null=True)
    exchanges = serializers.ListField(child=serializers.UUIDField())


class FlowsSerializer(serializers.Serializer[Any]):
    """All flows of an inventory on one basis."""

    inventory = serializers.UUIDField()
    basis = serializers.ChoiceField(BASES)
    unit = serializers.ChoiceField(("kg", "MJ", "kg C", "kg CO2e"))
    nodes = PlaceSerializer(many=True)
    flows = FlowSerializer(many=True)


class SuspectSerializer(serializers.Serializer[Any]):
    """The line most likely off; ``exchange`` null: what is recorded with the process itself."""

    exchange = serializers.UUIDField(allow_null=True)
    slip = serializers.ChoiceField([slip.value for slip in Slip])
    recorded = serializers.FloatField()
    corrected = serializers.FloatField()
    remaining_gap = serializers.FloatField()
    others = serializers.ListField(child=serializers.UUIDField())


class BasisBalanceSerializer(serializers.Serializer[Any]):
    """In against out. With streams in ``unknown``, gap and verdict are what they would be without them."""

    basis = serializers.ChoiceField(closure.BASES)
    inflow = serializers.FloatField()
    outflow = serializers.FloatField()
    gap = serializers.FloatField(allow_null=True, help_text="Of what comes in; null: nothing comes in.")
    verdict = serializers.ChoiceField(VERDICTS)
    is_assessed = serializers.BooleanField()
    unknown = serializers.ListField(child=serializers.UUIDField())
    suspect = SuspectSerializer(allow_null=True)


class ProcessBalanceSerializer(serializers.Serializer[Any]):
    """A unit process."""

    process = serializers.UUIDField()
    code = serializers.CharField()
    balances = BasisBalanceSerializer(many=True)


class LimitSerializer(serializers.Serializer[Any]):
    """From which gap on a balance is amber, and red."""

    basis = serializers.ChoiceField(closure.BASES)
    amber = serializers.FloatField()
    red = serializers.FloatField()


class ClosureSerializer(serializers.Serializer[Any]):
    """Balances of the site and of every process, the worst first."""

    inventory = serializers.UUIDField()
    limits = LimitSerializer(many=True)
    site = BasisBalanceSerializer(many=True)
    processes = ProcessBalanceSerializer(many=True)
