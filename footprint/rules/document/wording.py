"""The sentences of a rule document, in Chinese and in English.

The document is the alliance's text in both languages, whatever its reader's: so they stand beside the rules
and not in the catalogue of the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from footprint.rules.document.content import (
    AllocationRule,
    Band,
    Closure,
    CutOff,
    ExchangeRule,
    Flow,
    FlowBy,
    GasRule,
    Measured,
    Presence,
    Quality,
    Rule,
    StageRule,
    Within,
)

Both = tuple[str, str]
"""Chinese, English."""

STAGES: dict[str, Both] = {
    "raw_material": ("原材料获取", "raw materials"),
    "energy": ("能源", "energy"),
    "transport": ("运输", "transport"),
    "production": ("生产", "production"),
    "waste": ("废物处理", "waste treatment"),
    "distribution": ("分销", "distribution"),
    "use": ("使用", "use"),
    "end_of_life": ("生命末期", "end of life"),
}
METHODS: dict[str, Both] = {
    "mass": ("质量", "mass"),
    "energy": ("能量", "energy content"),
    "economic": ("经济价值", "economic value"),
    "moles": ("物质的量", "amount of substance"),
    "hydrogen": ("含氢量", "hydrogen content"),
    "efficiency": ("热电效率", "efficiency of separate production"),
    "exergy": ("㶲", "exergy"),
    "custom": ("自定基准", "amounts of one's own"),
    "declared": ("声明比例", "declared shares"),
    "causal": ("按交换声明的比例", "declared shares per exchange"),
}
FACTORS: dict[str, Both] = {
    "electricity": ("电力", "electricity"),
    "fuel": ("燃料", "fuel"),
    "heat": ("热力", "heat"),
    "freight": ("货运", "freight"),
    "material": ("材料", "material"),
    "process": ("过程", "process"),
}
BALANCES: dict[str, Both] = {
    "mass": ("质量", "mass"),
    "energy": ("能量", "energy"),
    "carbon": ("碳", "carbon"),
}
MARKS: dict[str, Both] = {
    "verified": ("已对照原文", "compared with the text"),
    "excerpt": ("仅见摘录", "read as an excerpt"),
    "computed": ("计算得出", "computed"),
    "decision": ("本产品建议", "proposal of this product"),
    "unverified": ("未核实", "unverified"),
}


@dataclass(frozen=True)
class Names:
    """What codes are called in one language; what has no name keeps its code."""

    language: int
    categories: Mapping[str, str]
    profiles: Mapping[str, str] = field(default_factory=dict)

    def pick(self, both: Both) -> str:
        """The word in this language."""
        return both[self.language]

    def category(self, code: str) -> str:
        """A product category."""
        return self.categories.get(code, code)

    def profile(self, code: str) -> str:
        """A method profile."""
        return self.profiles.get(code, code)


CHINESE, ENGLISH = 0, 1


def sentence(rule: Rule, names: Names) -> str:
    """One rule in words."""
    if isinstance(rule.content, str):
        said = ("声明单位为 {unit}。", "The declared unit is {unit}.")
        return names.pick(said).format(unit=rule.content)
    return SENTENCES[type(rule.content)](rule.content, names)


def number(value: Decimal) -> str:
    """As short as it can be without a change: 1E+2 is nobody's number."""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def percent(share: Decimal) -> str:
    """A share as people read it."""
    return f"{number(share * 100)} %"


def _stage(row: StageRule, names: Names) -> str:
    inside = ("{stage}阶段在系统边界之内。", "The stage {stage} is within the system boundary.")
    outside = ("{stage}阶段在系统边界之外。", "The stage {stage} is outside the system boundary.")
    return names.pick(inside if row.is_in else outside).format(stage=names.pick(STAGES[row.stage]))


def flow(row: Flow, names: Names) -> str:
    """A kind of line in words."""
    if row.by is FlowBy.AVOIDED:
        return names.pick(("避免的产品（替代抵扣）", "avoided products (credits)"))
    if row.by is FlowBy.FACTOR:
        factor = names.pick(FACTORS.get(row.value, (row.value, row.value)))
        said = {"input": ("采用{}因子的输入", "input with a factor for {}"),
                "output": ("采用{}因子的输出", "output with a factor for {}")}  # fmt: skip
        return names.pick(said[row.direction]).format(factor)
    if row.by is FlowBy.GAS:
        what = row.value
    elif row.by is FlowBy.STAGE:
        what = names.pick(STAGES.get(row.value, (row.value, row.value)))
    else:
        what = names.category(row.value)
    sides: dict[str, Both] = {"input": ("输入：", "input of "), "output": ("输出：", "output of ")}
    return names.pick(sides[row.direction]) + what


def _exchange(row: ExchangeRule, names: Names) -> str:
    flows = names.pick(("、", ", ")).join(flow(each, names) for each in row.any_of)
    where: dict[Within, Both] = {
        Within.PROCESS: ("该产品的单元过程", "The process that makes the product"),
        Within.SITE: ("所在厂区的清单", "The inventory of its site"),
    }
    several = len(row.any_of) > 1
    required = ("{where}应包括{any}：{flows}。", "{where} has {any}: {flows}.")
    forbidden = ("{where}不应包括：{flows}。", "{where} has none of these: {flows}.")
    any_of = names.pick(("下列之一" if several else "", "at least one of these" if several else "this"))
    said = names.pick(required if row.presence is Presence.REQUIRED else forbidden)
    return _noted(said.format(where=names.pick(where[row.within]), any=any_of, flows=flows), row, names)


def _allocation(row: AllocationRule, names: Names) -> str:
    methods = names.pick((" → ", " → ")).join(names.pick(METHODS[each]) for each in row.methods)
    named = (
        "与{product}共同产出时，按下列顺序取第一个可行的分配方法：{methods}。",
        "Beside {product}, the first of these methods that applies is followed: {methods}.",
    )
    general = (
        "有共生产品时，按下列顺序取第一个可行的分配方法：{methods}。",
        "Among co-products, the first of these methods that applies is followed: {methods}.",
    )
    said = names.pick(named if row.coproduct else general)
    return _noted(said.format(product=names.category(row.coproduct), methods=methods), row, names)


def _cut_off(row: CutOff, names: Names) -> str:
    said = (
        "未指定提供者的产品输入，单项不超过输入总质量的 {flow}，合计不超过 {total}。",
        "Product inputs without a provider: at most {flow} of the mass taken in each, {total} together.",
    )
    return names.pick(said).format(flow=percent(row.per_flow), total=percent(row.total))


def _closure(row: Closure, names: Names) -> str:
    said = (
        "{balance}平衡差超过 {amber} 时提示，超过 {red} 时不通过。",
        "A gap in the {balance} balance is flagged above {amber} and fails above {red}.",
    )
    words = {"amber": percent(row.amber), "red": percent(row.red)}
    return names.pick(said).format(balance=names.pick(BALANCES[row.balance]), **words)


def _band(row: Band, names: Names) -> str:
    what = (
        names.pick(("碳足迹", "The footprint"))
        if row.measured is Measured.FOOTPRINT
        else names.pick(("每声明单位的{x}输入", "The input of {x} per declared unit")).format(
            x=names.category(row.category)
        )
    )
    low, high = (None if each is None else number(each) for each in (row.low, row.high))
    if high is None:
        said = (
            "{what}应不低于 {low} {unit}，否则应说明。",
            "{what} is at least {low} {unit}, else it is explained.",
        )
    elif low is None:
        said = (
            "{what}应不高于 {high} {unit}，否则应说明。",
            "{what} is at most {high} {unit}, else it is explained.",
        )
    else:
        said = (
            "{what}一般在 {low} 至 {high} {unit} 之间，超出时应说明。",
            "{what} lies between {low} and {high} {unit}, else it is explained.",
        )
    return _noted(names.pick(said).format(what=what, low=low, high=high, unit=row.unit), row, names)


def _quality(row: Quality, names: Names) -> str:
    parts = [
        names.pick(words).format(limit)
        for words, limit in (
            (("技术代表性不劣于 {} 级", "technology rated {} or better"), row.technology),
            (("时间代表性不劣于 {} 级", "time rated {} or better"), row.time),
            (("地域代表性不劣于 {} 级", "geography rated {} or better"), row.geography),
            (("排放因子不早于 {} 年前", "factors not older than {} years"), row.oldest_years),
        )
        if limit is not None
    ]
    if not row.allows_proxy:
        parts.append(names.pick(("不使用替代数据", "no proxy data")))
    if not parts:
        return names.pick(("对数据质量无最低要求。", "There is no minimum of data quality."))
    return (
        names.pick(("数据质量：", "Data quality: "))
        + names.pick(("，", ", ")).join(parts)
        + names.pick(("。", "."))
    )


def _gas(row: GasRule, names: Names) -> str:
    direct = (
        "应核算 {gas}，并列出该单元过程的直接排放。",
        "{gas} is covered, and direct emissions of it by the process are listed.",
    )
    any_factor = ("应核算 {gas}。", "{gas} is covered.")
    return names.pick(direct if row.is_direct else any_factor).format(gas=row.gas)


def _noted(said: str, row: Any, names: Names) -> str:
    note = names.pick((row.note_zh or row.note_en, row.note_en or row.note_zh)).strip()
    return f"{said}{names.pick(('', ' '))}{note}" if note else said


SENTENCES: dict[type, Callable[[Any, Names], str]] = {
    StageRule: _stage,
    ExchangeRule: _exchange,
    AllocationRule: _allocation,
    CutOff: _cut_off,
    Closure: _closure,
    Band: _band,
    Quality: _quality,
    GasRule: _gas,
}
