"""Charts as data: what is drawn, and the table that says the same. Parts that do not sum are not drawn."""

from accounts.charts.bridges import Line, SlopeChart, Step, Swing, TornadoChart, WaterfallChart
from accounts.charts.chart import GROUPS, Cell, Chart, Part, Table
from accounts.charts.contributions import ContributionChart, ParetoChart, Stack, StackChart
from accounts.charts.flows import Balance, ChartChoice, Choice, Link, Node, SankeyChart
from accounts.charts.quality import Bubble, BubbleChart, RadarChart, Rating
from accounts.charts.ranges import (
    Comparison,
    Density,
    Estimate,
    IntervalChart,
    RangeChart,
    Spread,
    StripChart,
)
from accounts.charts.tree import Branch, TreeTable, measured

__all__ = [
    "GROUPS",
    "Balance",
    "Branch",
    "Bubble",
    "BubbleChart",
    "Cell",
    "Chart",
    "ChartChoice",
    "Choice",
    "Comparison",
    "ContributionChart",
    "Density",
    "Estimate",
    "IntervalChart",
    "Line",
    "Link",
    "Node",
    "ParetoChart",
    "Part",
    "RadarChart",
    "RangeChart",
    "Rating",
    "SankeyChart",
    "SlopeChart",
    "Spread",
    "Stack",
    "StackChart",
    "Step",
    "StripChart",
    "Swing",
    "Table",
    "TornadoChart",
    "TreeTable",
    "WaterfallChart",
    "measured",
]
