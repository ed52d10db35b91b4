"""Pictures: what is drawn, what stands in the table behind it, and what a page can rely on."""

import gzip
import re
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree

import html5lib
import pytest
from msgspec.structs import replace

from scripts import page, stages
from scripts.page import current
from scripts.page.failures import NoSuchThing
from scripts.page.pictures import growth, lanes, meters, svg
from tests.tiny import ROOT, record

COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\b(?:fill|stroke|style)=", re.IGNORECASE)
STYLES = (ROOT / "docs" / "assets" / "stylesheets" / "pictures.css").read_text("utf-8")
GZIP_BOUND = 15_000
GROWTH = {"select": {10: 5.25, 1000: 250.0, 9000: None}, "epoll": {10: 1.5, 1000: 1.25, 9000: 2.0}}


def connection(begin):
    moments = (begin, begin + 0.15, begin + 0.16, begin + 0.46, begin + 0.47, begin + 0.48)
    return dict(zip(lanes.MOMENTS, moments, strict=True))


def measured(case):
    """A record of that case with the connections that it would have."""
    sequential = case.stage.sequential
    made = record(case.name, [4.8, 4.9, 5.2] if sequential else [0.5, 0.6, 0.9], cpu=0.25)
    begun = [number * (0.48 if sequential else 0.001) for number in range(10)]
    # The middle run is the one to be drawn; the others have nothing that could be.
    typical = replace(made.samples[1], connections=tuple(map(connection, begun)))
    return replace(made, samples=(made.samples[0], typical, made.samples[2]))


@pytest.fixture(autouse=True)
def given(monkeypatch):
    """The records of every case, by name; a test may put others there."""
    given = {case.name: measured(case) for case in stages.CASES}
    monkeypatch.setattr(current, "get", lambda name: given[stages.find(name).name])
    return given


def drawn(text):
    """The picture's SVG, read by a parser of XML, which bears no mistake."""
    return ElementTree.fromstring(re.search(r"<svg.*</svg>", text)[0])


def table(text):
    """The rows of the table behind the picture, of texts."""
    rows = ElementTree.fromstring(re.search(r"(?s)<table>.*</table>", text)[0]).iter("tr")
    return [[cell.text for cell in row] for row in rows]


def paths(text, kind):
    """The paths with that class."""
    elements = drawn(text).iter("{http://www.w3.org/2000/svg}path")
    return [element.get("d") for element in elements if kind in element.get("class").split()]


def strokes(text, kind):
    """Each stroke of that class, but the legend's, as x, y, length."""
    numbers = re.findall(r"M(\S+) (\S+?)h([\d.]+)", "".join(paths(text, kind)))
    return [tuple(map(float, stroke)) for stroke in numbers if float(stroke[1]) > 12]


def words(text):
    """The words in the picture."""
    return [element.text for element in drawn(text).iter("{http://www.w3.org/2000/svg}text")]


def curve():
    return growth.curve("How <it> grows", "What & how", GROWTH, "N", "µs", computed="epoll")


PICTURES = {
    "timeline": lambda: page.timeline("threads"),
    "timeline, sequential": lambda: page.timeline("blocking"),
    "all timelines": page.timelines,
    "bars": page.bars,
    "curve": curve,
}


@pytest.fixture(params=PICTURES)
def make(request):
    return PICTURES[request.param]


def test_a_picture_is_named_and_described_to_those_who_do_not_see_it(make):
    root = drawn(make())
    title, description = root[0], root[1]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert [title.tag, description.tag] == [
        f"{{http://www.w3.org/2000/svg}}{tag}" for tag in ("title", "desc")
    ]
    assert title.text
    assert description.text


def test_a_picture_is_html_as_it_should_be(make):
    html5lib.HTMLParser(strict=True).parseFragment(make())


def test_a_picture_is_one_block_of_markdown(make):
    assert "\n\n" not in make()


def test_a_picture_takes_its_colours_from_the_page(make):
    text = make()
    assert not COLOUR.search(text)
    classes = {name for element in drawn(text).iter() for name in (element.get("class") or "").split()}
    assert {name for name in classes if f".{name}" not in STYLES} <= {"label"}


def test_a_picture_is_the_same_every_time_and_small(make):
    text = make()
    assert make() == text
    assert len(gzip.compress(text.encode())) <= GZIP_BOUND


def test_identifiers_differ_from_picture_to_picture():
    identifiers = [name for make in PICTURES.values() for name in re.findall(r'id="([^"]+)"', make())]
    assert len(identifiers) == len(set(identifiers)) == 2 * len(PICTURES)


def test_a_picture_stays_within_its_frame(make):
    text = make()
    _, _, width, height = map(float, drawn(text).get("viewBox").split())
    for kind in ("grid", "open", "connecting", "waiting", "receiving", "wall", "cpu", "series"):
        for path in paths(text, kind):
            for x, y in re.findall(r"[ML](\S+?) (-?[\d.]+)", path):
                assert 0 <= float(x) <= width
                assert 0 <= float(y) <= height


def test_pictures_need_no_library_that_takes_long_to_import():
    program = "import sys, scripts.page.pictures; print([name for name in sys.modules if name in ('matplotlib', 'numpy')])"
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout == "[]\n"


def test_a_timeline_shows_the_run_that_is_nearest_to_the_median(given):
    sample = given["threads"].samples[1]
    assert [[float(cell) for cell in row[1:]] for row in table(page.timeline("threads"))[1:]] == [
        [round(at, 3) for at in moments.values()] for moments in sample.connections
    ]


@pytest.mark.parametrize("name", ["threads", "blocking"])
@pytest.mark.parametrize(("kind", "_", "begin", "last"), lanes.PHASES)
def test_a_stroke_lasts_as_long_as_its_phase(kind, _, begin, last, name, given):
    sample = given[name].samples[1]
    unit = (lanes.RIGHT - lanes.LEFT) / max(sample.wall, sample.connections[-1]["closed"])
    found = strokes(page.timeline(name), kind)
    assert [(x, length) for x, _, length in found] == [
        (
            pytest.approx(lanes.LEFT + moments[begin] * unit, abs=0.06),
            pytest.approx(max((moments[last] - moments[begin]) * unit, 1.5), abs=0.06),
        )
        for moments in sample.connections
    ]
    heights = [y for _, y, _ in found]
    assert heights == sorted(set(heights))  # each connection has a row of its own


def test_a_phase_that_a_connection_did_not_reach_is_left_out(given):
    sample = given["threads"].samples[1]
    broken = sample.connections[3] | {"first_byte": None, "last_byte": None, "closed": None}
    others = (*sample.connections[:3], broken, *sample.connections[4:])
    given["threads"] = replace(given["threads"], samples=(replace(sample, connections=others),))
    text = page.timeline("threads")
    assert len(strokes(text, "connecting")) == 10
    assert len(strokes(text, "waiting")) == len(strokes(text, "open")) == 9
    assert table(text)[4][4:] == ["量不到"] * 3


def test_when_the_program_was_on_the_cpu_is_drawn_where_it_is_known(given):
    without = page.timeline("threads")
    assert paths(without, "load") == []
    assert "CPU" not in words(without)

    def busy(*spans):
        made = given["threads"]
        samples = [replace(sample, busy=spans) for sample in made.samples]
        given["threads"] = replace(made, samples=tuple(samples))

    busy((0.0, 0.3, 1.0), (0.3, 0.6, 0.5))
    text = page.timeline("threads")
    (path,) = paths(text, "load")
    left, half = lanes.LEFT, (lanes.RIGHT - lanes.LEFT) / 2
    base = float(re.search(r"V([\d.]+)z", path)[1])
    assert path == f"M{left} {base:g}v-24h{half:g}V{base:g}zM{left + half:g} {base:g}v-12h{half:g}V{base:g}z"
    assert "CPU" in words(text)
    busy((0.0, 0.3, 1.7))
    assert "CPU（2 核）" in words(page.timeline("threads"))
    busy((0.0, 0.3, 1.15))  # as one core looks between two ticks
    assert "v-24h" in paths(page.timeline("threads"), "load")[0]


def test_a_timeline_of_too_many_connections_is_refused(given):
    sample = given["threads"].samples[1]
    many = replace(sample, pages=1000, connections=())
    given["threads"] = replace(given["threads"], samples=(many,))
    with pytest.raises(NoSuchThing, match="'threads' has 1000 connections: a timeline shows at most 40"):
        page.timeline("threads")
    with pytest.raises(NoSuchThing, match="'threads' has 1000"):
        page.timelines("blocking", "threads")


def test_a_timeline_of_what_there_is_not():
    with pytest.raises(stages.UnknownStage, match="did you mean 'threads'"):
        page.timeline("thread")


def test_timelines_of_some_are_of_those_alone():
    assert [row[0] for row in table(page.timelines("blocking", "processes:spawn"))[1:]] == [
        "同步阻塞",
        "多进程（spawn）",
    ]


def test_timelines_have_every_stage_on_one_axis():
    text = page.timelines()
    titles = [stage.title for stage in stages.STAGES]
    assert [row[0] for row in table(text)[1:]] == titles
    assert [word for word in words(text) if word in titles] == titles
    assert len(strokes(text, "waiting")) == 10 * len(titles)
    width = 0.3 / 4.9 * (lanes.RIGHT - lanes.LEFT)
    assert {length for _, _, length in strokes(text, "waiting")} == {round(width, 1)}
    assert table(text)[1][1:] == ["0.000", "4.800", "4.900", "0.250"]


def test_bars_are_as_long_as_the_medians(given):
    text = page.bars()
    unit = (meters.RIGHT - meters.LEFT) / 4.9
    for kind, metric in (("wall", "wall"), ("cpu", "cpu")):
        expected = [pytest.approx(each.median(metric) * unit, abs=0.06) for each in given.values()]
        assert [length for _, _, length in strokes(text, kind)] == expected
    assert [row[0] for row in table(text)[1:]] == [case.title for case in stages.CASES]
    assert table(text)[1][1:] == ["4.900", "0.250"]
    assert words(text).count("4.90 秒") == sum(stage.sequential for stage in stages.STAGES)


def test_a_curve_leads_through_its_points():
    text = curve()
    one, other = (path for path in paths(text, "series") if "L" in path)
    x = svg.logarithmic(10, 10_000, growth.LEFT, growth.RIGHT)
    y = svg.logarithmic(1, 1000, growth.BOTTOM, growth.TOP)
    for path, label in ((one, "select"), (other, "epoll")):
        points = [tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+)", path)]
        assert points == [
            (pytest.approx(x(n), abs=0.06), pytest.approx(y(value), abs=0.06))
            for n, value in GROWTH[label].items()
            if value is not None
        ]
    assert table(text) == [
        ["N", "select", "epoll"],
        ["10", "5.25", "1.5"],
        ["1,000", "250", "1.25"],
        ["9,000", "–", "2"],
    ]
    assert {"1", "10", "100", "1,000", "10,000", "N", "µs", "select", "epoll"} <= set(words(text))


def test_what_was_not_measured_is_dashed_and_has_no_dots():
    text = curve()
    assert [len(paths(text, kind)) for kind in ("series-1", "series-2", "dashed", "dots")] == [2, 1, 1, 1]


def test_a_series_keeps_its_colour_and_its_column_when_another_has_nothing_to_draw():
    text = growth.curve("A", "B", {"kqueue": {10: None}, "epoll": {10: 1.0, 100: 1.0}}, "N", "µs")
    assert paths(text, "series-1") == []
    assert len(paths(text, "series-2")) == 2
    assert table(text)[1] == ["10", "–", "1"]
    assert "kqueue" not in words(text)


def test_names_at_the_ends_of_curves_do_not_lie_on_each_other():
    text = growth.curve("A", "B", {name: {1: 1.0, 10: 2.0} for name in "abcdef"}, "N", "µs")
    elements = drawn(text).iter("{http://www.w3.org/2000/svg}text")
    heights = sorted(float(element.get("y")) for element in elements if "name" in element.get("class"))
    assert len(heights) == 6
    assert all(lower - upper >= growth.APART - 0.1 for upper, lower in pairwise(heights))


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ({"epoll": {10: 0.0}}, r"'epoll' has the point \(10, 0\): logarithmic axes begin above 0"),
        ({"epoll": {0: 1.0}}, r"'epoll' has the point \(0, 1\)"),
        ({"epoll": {10: None}}, "'A': there is no number to draw"),
        ({str(n): {10: 1.0} for n in range(8)}, "8 series in one picture: a reader can tell 7 apart"),
    ],
)
def test_a_curve_that_cannot_be(series, message):
    with pytest.raises(NoSuchThing, match=message):
        growth.curve("A", "B", series, "N", "µs")


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (4.57, [0, 1, 2, 3, 4]),
        (0.47, [0, 0.1, 0.2, 0.3, 0.4]),
        (1.1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (8, list(range(9))),
    ],
)
def test_an_axis_has_round_numbers(high, expected):
    assert svg.steps(high, 8) == pytest.approx(expected)
