"""The human text of a rule document, in the order of Chinese product rules; and what two versions change.

Source: guide for drafting product rules of 28 December 2024, read as an excerpt: the common title and the
order of chapters. The exact wording of headings was not compared with the guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from footprint.rules.document.content import Balance, Rule, RuleDocument, rules
from footprint.rules.document.wording import MARKS, Both, Names, sentence


@dataclass(frozen=True)
class Paragraph:
    """A sentence; with an address it is that rule, with where it comes from."""

    words: str
    address: str = ""
    source: str = ""
    mark: str = ""
    mark_words: str = ""


@dataclass(frozen=True)
class Chapter:
    """A numbered heading and what stands below it."""

    number: str
    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def heading(self) -> str:
        """The title behind its number, if it has one."""
        return f"{self.number} {self.title}".strip()

    @property
    def is_sub(self) -> bool:
        """Whether it is a part of the chapter before."""
        return "." in self.number


Part = tuple[str, Both, tuple[str, ...]]
"""Number, heading, and the groups of rules that stand there."""

OUTLINE: tuple[Part, ...] = (
    ("1", ("范围", "Scope"), ()),
    ("2", ("规范性引用文件", "Normative references"), ()),
    ("3", ("术语和定义", "Terms and definitions"), ()),
    ("4", ("量化目的", "Goal of quantification"), ()),
    ("5", ("量化范围", "Scope of quantification"), ()),
    ("5.1", ("声明单位", "Declared unit"), ("unit",)),
    ("5.2", ("系统边界", "System boundary"), ("boundary",)),
    ("5.3", ("取舍准则", "Cut-off"), ("cut_off",)),
    ("5.4", ("数据质量要求", "Data quality"), ("quality",)),
    ("6", ("清单分析", "Inventory analysis"), ()),
    ("6.1", ("应包括与不应包括的输入输出", "Required and forbidden exchanges"), ("exchange",)),
    ("6.2", ("分配", "Allocation"), ("allocation",)),
    ("6.3", ("平衡校核", "Closure"), ("closure",)),
    ("7", ("影响评价", "Impact assessment"), ("gas",)),
    ("8", ("结果解释", "Interpretation"), ("band",)),
    ("9", ("产品碳足迹报告", "Report"), ()),
    ("10", ("产品碳足迹声明", "Declaration"), ()),
    ("A", ("数据清单", "List of data"), ("exchange",)),
    ("B", ("相关参数", "Parameters"), ("cut_off", "closure", "band")),
    ("C", ("数据质量评价", "Evaluation of data quality"), ("quality",)),
    ("D", ("全球变暖潜势", "Global warming potentials"), ()),
    ("E", ("报告模板", "Report template"), ()),
    ("", ("参考文献", "Bibliography"), ()),
)
NORMATIVE = ("GB", "ISO", "IEC", "HJ/T", "HJ ", "SH/T", "HG/T", "NB/T", "MT/T")
"""How the name of a standard begins; whatever else a rule rests on is literature (GB/T 1.1)."""
ANNEX: Both = ("附录 ", "Annex ")

STANDING: dict[str, Both] = {
    "3": (
        "采用 GB/T 24067 与 ISO 14067 界定的术语和定义。",
        "The terms and definitions of GB/T 24067 and ISO 14067 apply.",
    ),
    "4": (
        "量化从摇篮到大门的部分产品碳足迹，供联盟成员之间交流和公开声明。",
        "To quantify the partial footprint from cradle to gate, for exchange among members and declarations.",
    ),
    "6.2": (
        "首先通过细分单元过程避免分配；不能避免时按下列规则。",
        "Allocation is avoided by dividing the process first; where it cannot be, these rules hold.",
    ),
    "9": (
        "报告应包括产品、声明单位、系统边界、分配方法与分配区间、数据来源与质量、取舍，"
        "以及按气体和阶段划分的结果及其不确定度。",
        "The report states product, declared unit, boundary, methods and band of allocation, sources and "
        "quality of data, cut-offs, and the result by gas and by stage with its uncertainty.",
    ),
    "10": (
        "声明应注明所依据的规则版本、报告期、有效期和核查情况。",
        "The declaration names the version of this rule, the reference period, validity and verification.",
    ),
    "E": (
        "报告按第 9 章所列内容的顺序编写。",
        "The report follows the order of chapter 9.",
    ),
}
CLOSURE_ELSEWHERE: Both = (
    "本规则未另行规定的平衡，按平台的平衡判定规则。",
    "Balances for which nothing is said here follow the closure rules of the platform.",
)
NO_BAND: Both = (
    "尚无可引用来源的合理范围。",
    "No plausible range with a source that can be cited is known yet.",
)
GWP: Both = (
    "采用方法档案“{profile}”规定的全球变暖潜势；其他未规定的参数也按该档案。",
    "The GWP values of the method profile “{profile}” apply, and its parameters where nothing is said here.",
)


def title(names: Names, category: str) -> str:
    """The title that all product rules share."""
    said = (
        "温室气体 产品碳足迹量化方法与要求 {product}",
        "Greenhouse gases: quantification of the carbon footprint of products, {product}",
    )
    return names.pick(said).format(product=names.category(category))


def chapters(document: RuleDocument, names: Names) -> list[Chapter]:
    """The whole text."""
    return [
        Chapter(
            names.pick(ANNEX) + number if number.isalpha() else number,
            names.pick(heading),
            tuple(_paragraphs(document, names, number, groups)),
        )
        for number, heading, groups in OUTLINE
    ]


def statements(document: RuleDocument, names: Names) -> dict[str, Paragraph]:
    """Every rule in words, by its address."""
    sources = {each.key: names.pick((each.zh, each.en)) for each in document.sources}
    return {rule.address: _stated(rule, names, sources) for rule in rules(document)}


def clause(address: str) -> Both:
    """Number and heading of the chapter that a rule stands in, in both languages; annexes say it again."""
    group = address.partition(".")[0]
    number, (zh, en), _groups = next(part for part in OUTLINE if group in part[2])
    return f"{number} {zh}", f"{number} {en}"


def plain(title_words: str, text: list[Chapter]) -> str:
    """The text without any dress, as a file."""
    lines = [title_words]
    for chapter in text:
        lines += ["", chapter.heading]
        for each in chapter.paragraphs:
            told = f" [{each.address}; {each.source}; {each.mark_words}]" if each.address else ""
            lines.append(f"{each.words}{told}")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Difference:
    """One rule that came, went, or says something else: in words, before and after."""

    address: str
    before: Paragraph | None
    after: Paragraph | None


def differences(old: RuleDocument, new: RuleDocument, names: Names) -> list[Difference]:
    """Rule by rule, those that are alike left out."""
    was, now = statements(old, names), statements(new, names)
    addresses = [*now, *(address for address in was if address not in now)]
    found = [Difference(each, was.get(each), now.get(each)) for each in addresses]
    return [each for each in found if each.before != each.after]


def _stated(rule: Rule, names: Names, sources: dict[str, str]) -> Paragraph:
    return Paragraph(
        sentence(rule, names),
        rule.address,
        sources.get(rule.source, rule.source),
        rule.mark,
        names.pick(MARKS[rule.mark]),
    )


def _paragraphs(
    document: RuleDocument, names: Names, number: str, groups: tuple[str, ...]
) -> Iterator[Paragraph]:
    if number in STANDING:
        yield Paragraph(names.pick(STANDING[number]))
    if number == "1":
        yield Paragraph(names.pick((document.scope_zh, document.scope_en)))
    if number in ("2", ""):
        is_wanted = number == "2"
        yield from (
            Paragraph(names.pick((each.zh, each.en)))
            for each in document.sources
            if each.zh.startswith(NORMATIVE) is is_wanted
        )
    for address, said in statements(document, names).items():
        if address.partition(".")[0] in groups:
            yield said
    yield from (Paragraph(words) for words in _elsewhere(document, names, number))


def _elsewhere(document: RuleDocument, names: Names, number: str) -> Iterator[str]:
    """Where the document itself says nothing: what holds instead."""
    if number == "6.3" and len(document.closure) < len(Balance):
        yield names.pick(CLOSURE_ELSEWHERE)
    if number == "8" and not document.bands:
        yield names.pick(NO_BAND)
    if number in ("7", "D"):
        yield names.pick(GWP).format(profile=names.profile(document.profile))
