"""Reads the claims of rendered pages again: what each says of its ratio, and whether the records say so, too."""

import operator
import re
from collections.abc import Iterator
from html import unescape

from scripts.page.words import METRICS
from scripts.stages import find

CLAIM = re.compile(r'<span class="claim">(.*?)</span>')
BOUNDS = {
    "不超过": operator.le, "小于": operator.lt, "不低于": operator.ge, "大于": operator.gt, "等于": operator.eq,
}  # fmt: skip
NUMBER = r"\d[\d,]*(?:\.\d+)?"
BOUND = rf"，检验要求(?P<bound>{'|'.join(BOUNDS)}) (?P<limit>{NUMBER})(?P<per>%| 倍)?。"
CHECKED = re.compile(rf"[^\d](?P<shown>{NUMBER})(?P<unit>%| 倍)?(?: [^\d，（]+)?(?:（[^）]+）)?{BOUND}")
OF_A_CASE = re.compile(
    rf"(?P<case>.+)的 ?(?P<metric>{'|'.join(METRICS.values())}) ?是(?P<of>.+)的 {NUMBER}(?:%| 倍){BOUND}"
)
WITHOUT_BOUND = re.compile(r"\d 种故障之下，九页好的一页不少|打印这一行：")


def claims(html):
    """The text of each claim of a page."""
    return [unescape(re.sub("<[^>]*>", "", claim)) for claim in CLAIM.findall(html)]


def problems(claims, records) -> Iterator[str]:
    """What is wrong with these claims, by what the records of that build hold."""
    cases = {find(name).title: record for name, record in records.items()}
    for claim in claims:
        told = CHECKED.search(claim)
        if not told:
            if not WITHOUT_BOUND.search(claim):
                yield f"no number that a bound could be for: {claim}"
            continue
        shown, limit = value(told["shown"], told["unit"]), value(told["limit"], told["per"])
        if told["unit"] != told["per"] or not BOUNDS[told["bound"]](shown, limit):
            yield f"the number is not within its bound: {claim}"
        about = OF_A_CASE.fullmatch(claim)
        if about and about["case"] in cases and abs(shown - ratio(about, cases)) > 0.06 * shown:
            yield f"the records say {ratio(about, cases):.4g}: {claim}"


def value(number, unit):
    """The number, without commas, as a part of a whole where it is in percent."""
    return float(number.replace(",", "")) / (100 if unit == "%" else 1)


def ratio(about, cases):
    """What the records say of it."""
    record = cases[about["case"]]
    metric = next(metric for metric, name in METRICS.items() if name == about["metric"])
    if about["of"] == "理想时间":
        return record.median(metric) / record.ideal
    if about["of"] == "墙钟":
        return record.median(metric) / record.median("wall")
    return record.median(metric) / cases[about["of"]].median(metric)
