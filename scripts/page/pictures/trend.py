"""How each case did in one build after another: a small line for each meter, as a ratio to the ideal."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from scripts.measure.history import METRICS, Build
from scripts.page import current, words
from scripts.page.html import Html, paragraph
from scripts.page.pictures import svg
from scripts.page.pictures.growth import COLOURS
from scripts.page.pictures.svg import Scale
from scripts.page.vocabulary import block
from scripts.stages import CASES, Case

MOST = 30
"""Builds in one picture: the last ones."""
LAST_TWO = ("上次", "最近")
COLUMNS = {"wall": (0, 240), "cpu": (380, 620)}
"""Where the lines of each meter begin and end; behind them stands the ratio."""
TOP, ROW, HEIGHT = 36, 44, 22
KINDS = [f"series series-{number}" for number in range(1, COLOURS + 1)]
STEADY = 0.3
"""A row shows at least so much of the ratio, or noise would look like mountains."""

Line = list[tuple[int, float]]
"""Median ratios, each behind the number of its build, from 0 on."""


@block
def trend() -> Html:
    """A picture: a row for each case, a line for each interpreter; a sentence where there is no history."""
    now = Build.of([current.get(case.name) for case in CASES])
    # Where this very build has its line already, that holds more cases, the last of which may be later.
    others = (build for build in current.earlier_builds() if not now.cases.items() <= build.cases.items())
    builds = [*others, now][-MOST:]
    if len(builds) < 2:
        return paragraph(
            "还没有可以比较的历史：构建时没有用 `HISTORY=文件` 给出历史，或者那个文件里还没有别的构建。"
        )
    pythons = list(dict.fromkeys(build.python for build in builds))[-COLOURS:]
    lines = {
        case: {metric: [line(builds, python, case, metric) for python in pythons] for metric in METRICS}
        for case in CASES
    }
    return svg.picture(
        "一次构建接一次构建",
        f"{len(builds)} 次构建，从左往右是先后，从 {builds[0].time:%Y-%m-%d} 到 {builds[-1].time:%Y-%m-%d}。"
        "每种写法一行，左边是墙钟，右边是 CPU，都是理想时间的倍数；"
        "一条线一个解释器，线的右边写着最后一次的倍数。",
        TOP + ROW * len(CASES) + 4,
        [
            *(
                svg.text(f"{words.METRICS[metric]}，理想的倍数", left, 12)
                for metric, (left, _) in COLUMNS.items()
            ),
            *rows(lines, len(builds) - 1),
        ],
        ["程序", "解释器", *(f"{when} {words.METRICS[each]}" for each in METRICS for when in LAST_TWO)],
        [
            [
                case.title,
                python,
                *(cell for metric in METRICS for cell in last_two(by_metric[metric][number])),
            ]
            for case, by_metric in lines.items()
            for number, python in enumerate(pythons)
            if by_metric["wall"][number]
        ],
        [*zip(KINDS, pythons, strict=False)],
    )


def line(builds: Sequence[Build], python: str, case: Case, metric: str) -> Line:
    """The ratios of that case and metric, in the builds that used that interpreter."""
    return [
        (number, ratio)
        for number, build in enumerate(builds)
        if build.python == python and (ratio := build.median(case.name, metric)) is not None
    ]


def last_two(line: Line) -> list[str]:
    """The last two ratios of a line, or dashes where there are fewer."""
    return ["–", "–", *(words.digits(ratio) for _, ratio in line)][-2:]


def rows(lines: Mapping[Case, Mapping[str, Sequence[Line]]], last: int) -> Iterator[Html]:
    """The name of each case, its lines by both meters, and the ratio at which the latest of them ends."""
    for top, (case, by_metric) in zip(count(TOP, ROW), lines.items(), strict=False):
        yield svg.text(case.title, 0, top - 6, "name")
        for metric, (left, right) in COLUMNS.items():
            points = [point for each in by_metric[metric] for point in each]
            if not points:
                continue
            x, y = svg.linear(0, last, left, right), scale([ratio for _, ratio in points], top)
            for kind, each in zip(KINDS, by_metric[metric], strict=False):
                places = [(x(build), y(ratio)) for build, ratio in each]
                yield svg.polyline(kind, places) + svg.dots(kind, places[-1:]) if places else Html()
            yield svg.text(f"{words.digits(max(points)[1])} 倍", right + 12, y(max(points)[1]) + 4)


def scale(ratios: Sequence[float], top: float) -> Scale:
    """Where a ratio of one row is drawn: the highest at the top, with some room around steady ones."""
    low, high = min(ratios), max(ratios)
    middle, room = (low + high) / 2, max(high - low, STEADY * high) or 1.0
    return svg.linear(middle - room / 2, middle + room / 2, top + HEIGHT, top)
