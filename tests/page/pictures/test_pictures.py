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

from scripts import stages
from scripts.page import current
from scripts.page.failures import NoSuchThing
from scripts.page.pictures import connections, growth, lanes, meters, svg
from scripts.page.runner import section
from scripts.page.words import seconds
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
    return ElementTree.fromstring(re.search(r'<svg[^>]* role="img".*</svg>', text)[0])


def table(text):
    """The rows of the table behind the picture, of texts."""
    rows = ElementTree.fromstring(re.search(r"(?s)<table>.*</table>", text)[0]).iter("tr")
    return [[cell.text for cell in row] for row in rows]


def paths(text, kind):
    """The paths with that class."""
    elements = drawn(text).iter("{http://www.w3.org/2000/svg}path")
    return [element.get("d") for element in elements if kind in element.get("class").split()]


def strokes(text, kind):
    """Each stroke of that class, as x, y, length."""
    numbers = re.findall(r"M(\S+) (\S+?)h([\d.]+)", "".join(paths(text, kind)))
    return [tuple(map(float, stroke)) for stroke in numbers]


def words(text):
    """The words in the picture."""
    return [element.text for element in drawn(text).iter("{http://www.w3.org/2000/svg}text")]


def legend(text):
    """The classes of the strokes in the legend, and what they mean."""
    shown = re.search(r'<p class="picture__legend">.*?</p>', text)[0]
    return dict(re.findall(r'<path class="([^"]+)"[^>]*></path></svg>([^<]+)</span>', shown))


def axis(text):
    """The words along the top of the picture."""
    shown = ElementTree.fromstring(re.search(r'<svg class="picture__axis".*?</svg>', text)[0])
    return [(each.text, float(each.get("x").removesuffix("%")), each.get("class")) for each in shown]


def curve():
    return growth.curve("How <it> grows", "What & how", GROWTH, "N", "µs", computed="epoll")


PICTURES = {
    "timeline": lambda: connections.timeline("threads"),
    "timeline, sequential": lambda: connections.timeline("blocking"),
    "all timelines": connections.timelines,
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
    strokes = drawn(text).find("{http://www.w3.org/2000/svg}svg")
    _, _, width, height = map(float, strokes.get("viewBox").split())
    assert strokes.get("height") == drawn(text).get("height") == f"{height:g}"
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
    assert [[float(cell) for cell in row[1:]] for row in table(connections.timeline("threads"))[1:]] == [
        [round(at, 3) for at in moments.values()] for moments in sample.connections
    ]


@pytest.mark.parametrize("name", ["threads", "blocking"])
@pytest.mark.parametrize(("kind", "_", "begin", "last"), lanes.PHASES)
def test_a_stroke_lasts_as_long_as_its_phase(kind, _, begin, last, name, given):
    sample = given[name].samples[1]
    unit = svg.WIDTH / max(sample.wall, sample.connections[-1]["closed"])
    found = strokes(connections.timeline(name), kind)
    assert [(x, length) for x, _, length in found] == [
        (
            pytest.approx(moments[begin] * unit, abs=0.06),
            pytest.approx(max((moments[last] - moments[begin]) * unit, 2), abs=0.06),
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
    text = connections.timeline("threads")
    assert len(strokes(text, "connecting")) == 10
    assert len(strokes(text, "waiting")) == len(strokes(text, "open")) == 9
    assert table(text)[4][4:] == ["量不到"] * 3


def test_when_the_program_was_on_the_cpu_is_drawn_where_it_is_known(given):
    without = connections.timeline("threads")
    assert paths(without, "load") == []
    assert "load key" not in legend(without)

    def busy(*spans):
        made = given["threads"]
        samples = [replace(sample, busy=spans) for sample in made.samples]
        given["threads"] = replace(made, samples=tuple(samples))

    busy((0.0, 0.3, 1.0), (0.3, 0.6, 0.5))
    text = connections.timeline("threads")
    (path,) = paths(text, "load")
    half = svg.WIDTH / 2
    base = float(re.search(r"V([\d.]+)z", path)[1])
    assert path == f"M0 {base:g}v-24h{half:g}V{base:g}zM{half:g} {base:g}v-12h{half:g}V{base:g}z"
    assert legend(text)["load key"] == "占用 CPU"
    busy((0.0, 0.3, 1.7))
    assert legend(connections.timeline("threads"))["load key"] == "占用 CPU（画满是 2 个核心）"
    busy((0.0, 0.3, 1.15))  # as one core looks between two ticks
    assert "v-24h" in paths(connections.timeline("threads"), "load")[0]


def test_a_run_that_others_held_up_is_shown_in_no_more_parts_than_a_picture_tells_apart(given, monkeypatch):
    looks = [(0.02 * look, 0.02 * (look + 1), 0.5 + 0.05 * (look % 7)) for look in range(225) if look % 9]
    sample = replace(given["threads"].samples[0], busy=tuple(looks))
    shown = lanes.spans(sample)
    assert lanes.SPANS / 2 < len(shown) <= lanes.SPANS
    assert (shown[0][0], shown[-1][1]) == (looks[0][0], looks[-1][1])
    assert all(before[1] <= after[0] for before, after in pairwise(shown))
    assert sum((last - begin) * used for begin, last, used in shown) == pytest.approx(
        sum((last - begin) * used for begin, last, used in looks)
    )
    few = sample.busy[:100]
    assert lanes.spans(replace(sample, busy=few)) == list(few)
    given["threads"] = replace(given["threads"], samples=(sample,))
    assert paths(connections.timeline("threads"), "load")[0].count("M") == len(shown)
    monkeypatch.setattr(section, "costs", lambda: None)
    assert len(section.about("threads")["recorded"]["busy"]) == len(shown)


@pytest.mark.parametrize("make", [lambda: connections.timeline("threads"), connections.timelines, curve])
def test_every_colour_is_in_the_legend(make):
    text = make()
    kinds = {each.get("class") for each in drawn(text).iter("{http://www.w3.org/2000/svg}path")} - {"grid"}
    assert {kind.removesuffix(" dots") for kind in kinds} == {
        kind.removesuffix(" key") for kind in legend(text)
    }


def test_the_ends_of_an_axis_stay_in_sight():
    first, *_, last = axis(connections.timeline("blocking"))
    assert first == ("0 秒", 0.0, "label")
    assert last[0] == "4"
    (*_, end) = svg.axis(svg.linear(0, 5, 0, svg.WIDTH), 5)
    assert 'class="label end"' in end
    assert 'x="100%"' in end


def test_a_timeline_of_too_many_connections_is_refused(given):
    sample = given["threads"].samples[1]
    many = replace(sample, pages=1000, connections=())
    given["threads"] = replace(given["threads"], samples=(many,))
    with pytest.raises(NoSuchThing, match="'threads' has 1000 connections: a timeline shows at most 40"):
        connections.timeline("threads")
    with pytest.raises(NoSuchThing, match="'threads' has 1000"):
        connections.timelines("blocking", "threads")


def test_a_timeline_of_what_there_is_not():
    with pytest.raises(stages.UnknownStage, match="did you mean 'threads'"):
        connections.timeline("thread")


def test_timelines_of_some_are_of_those_alone():
    assert [row[0] for row in table(connections.timelines("blocking", "processes:spawn"))[1:]] == [
        "同步阻塞",
        "多进程（spawn）",
    ]


def test_timelines_have_every_stage_on_one_axis():
    text = connections.timelines()
    titles = [stage.title for stage in stages.STAGES]
    assert [row[0] for row in table(text)[1:]] == titles
    assert [word for word in words(text) if word in titles] == titles
    assert len(strokes(text, "waiting")) == 10 * len(titles)
    width = 0.3 / 4.9 * svg.WIDTH
    assert {length for _, _, length in strokes(text, "waiting")} == {round(width, 1)}
    assert table(text)[1][1:] == ["0.000", "4.800", "4.900", "0.250"]


def test_bars_are_as_long_as_the_medians_and_beside_them(given):
    text = meters.bars()
    shown = [(each.median("wall"), each.median("cpu")) for each in given.values()]
    parts = re.findall(r'class="bar part-(\d+)">([\d.]+ (?:秒|毫秒))<', text)
    assert parts == [(f"{value / 4.9 * 100:.0f}", seconds(value)) for both in shown for value in both]
    assert re.findall(r'<th scope="row"><a href="\w+.md">(.*?)</a>', text) == [
        case.title for case in stages.CASES
    ]
    html5lib.HTMLParser(strict=True).parseFragment(text)


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
    assert {"1", "10", "100", "1,000", "10,000", "N", "µs"} <= set(words(text))


def test_what_was_not_measured_is_dashed_and_has_no_dots():
    text = curve()
    assert [len(paths(text, kind)) for kind in ("series-1", "series-2", "dashed", "dots")] == [2, 1, 1, 1]


def test_a_series_keeps_its_colour_and_its_column_when_another_has_nothing_to_draw():
    text = growth.curve("A", "B", {"kqueue": {10: None}, "epoll": {10: 1.0, 100: 1.0}}, "N", "µs")
    assert paths(text, "series-1") == []
    assert len(paths(text, "series-2")) == 2
    assert table(text)[1] == ["10", "–", "1"]
    assert list(legend(text).values()) == ["epoll"]


def test_a_legend_has_the_series_in_the_order_in_which_they_end():
    text = growth.curve("A", "B", {"low": {1: 1.0, 10: 2.0}, "high": {1: 1.0, 10: 9.0}}, "N", "µs")
    assert legend(text) == {"series series-2": "high", "series series-1": "low"}


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
