"""How each case did in one build after another: a small line for each meter, as a ratio to the ideal."""

from collections.abc import Iterator, Mapping, Sequence

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
COLUMNS = {"wall": (150, 350), "cpu": (460, 660)}
"""Where the lines of each meter begin and end."""
TOP, ROW, HEIGHT = 60, 34, 22
STEADY = 0.3
"""A row shows at least so much of the ratio, or noise would look like mountains."""

Line = list[tuple[int, float]]
"""The number of the build, from 0 on, and the median ratio."""


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
    bottom = TOP + ROW * len(CASES)
    return svg.picture(
        "一次构建接一次构建",
        f"{len(builds)} 次构建，从左往右是先后，从 {builds[0].time:%Y-%m-%d} 到 {builds[-1].time:%Y-%m-%d}。"
        "每种写法一行，左边是墙钟，右边是 CPU，都是理想时间的倍数；"
        "一条线一个解释器，线的右边写着最后一次的倍数。",
        bottom + 4,
        [
            *legend(pythons),
            *(
                part
                for top, case in zip(range(TOP, bottom, ROW), CASES, strict=True)
                for part in row(case, builds, pythons, top)
            ),
        ],
        ["程序", "解释器", *(f"{when} {words.METRICS[each]}" for each in METRICS for when in LAST_TWO)],
        [
            [case.title, python, *cells(case, builds, python)]
            for case in CASES
            for python in pythons
            if line(case, "wall", builds, python)
        ],
    )


def line(case: Case, metric: str, builds: Sequence[Build], python: str) -> Line:
    """The ratios of that case and metric, in the builds that used that interpreter."""
    return [
        (number, ratio)
        for number, build in enumerate(builds)
        if build.python == python and (ratio := build.median(case.name, metric)) is not None
    ]


def row(case: Case, builds: Sequence[Build], pythons: Sequence[str], top: float) -> Iterator[Html]:
    """The name of one case, and its lines by both meters."""
    yield svg.text(case.title, COLUMNS["wall"][0] - 10, top + HEIGHT / 2 + 4, "label end")
    for metric, (left, right) in COLUMNS.items():
        lines = {python: line(case, metric, builds, python) for python in pythons}
        yield from drawn(lines, svg.linear(0, len(builds) - 1, left, right), right, top)


def drawn(lines: Mapping[str, Line], x: Scale, right: float, top: float) -> Iterator[Html]:
    """A line for each interpreter, and the ratio at which the latest of all ends."""
    points = [point for each in lines.values() for point in each]
    if not points:
        return
    y = scale([ratio for _, ratio in points], top)
    for number, each in enumerate(lines.values(), 1):
        if each:
            places = [(x(build), y(ratio)) for build, ratio in each]
            yield svg.polyline(f"series series-{number}", places)
            yield svg.dots(f"series series-{number}", places[-1:])
    _, ratio = max(points)
    yield svg.text(f"{words.digits(ratio)} 倍", right + 10, y(ratio) + 4)


def scale(ratios: Sequence[float], top: float) -> Scale:
    """Where a ratio of this row is drawn: the highest at the top, with some room around steady ones."""
    low, high = min(ratios), max(ratios)
    middle, room = (low + high) / 2, max(high - low, STEADY * high) or 1.0
    return svg.linear(middle - room / 2, middle + room / 2, top + HEIGHT, top)


def cells(case: Case, builds: Sequence[Build], python: str) -> list[str]:
    """The last two ratios of each metric, or dashes where there are fewer."""
    found: list[str] = []
    for metric in METRICS:
        ratios = [ratio for _, ratio in line(case, metric, builds, python)]
        found += ["–", "–", *map(words.digits, ratios)][-2:]
    return found


def legend(pythons: Sequence[str]) -> Iterator[Html]:
    """The colour of each interpreter, and the heads of the columns."""
    keys = [(f"series series-{number}", python) for number, python in enumerate(pythons, 1)]
    yield from svg.legend(keys, COLUMNS["wall"][0], 130)
    for metric, (left, _) in COLUMNS.items():
        yield svg.text(f"{words.METRICS[metric]}，理想的倍数", left, TOP - 8)
