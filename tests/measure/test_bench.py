"""The benchmark's arithmetic; the benchmark itself is run by hand, since no test is timed."""

from scripts import bench
from scripts.measure import Results, dump


def test_the_samples_of_every_record_are_counted(record, tmp_path):
    records = {"threads": record(walls=(1.0, 2.0)), "blocking": record("blocking", walls=(4.5,))}
    dump(Results(records), tmp_path / "measurements.json")
    assert bench.sample_walls(tmp_path / "measurements.json") == [1.0, 2.0, 4.5]


def test_kinds_of_builds_take_turns():
    turns = []

    def build(kind, seconds):
        turns.append(kind)
        return seconds.pop()

    plain, rendering = [3.0, 9.0, 2.0], [4.0, 4.0, 1.0]
    medians = bench.alternately(3, lambda: build("plain", plain), lambda: build("rendering", rendering))
    assert medians == [3.0, 4.0]
    assert turns == ["plain", "rendering"] * 3


def test_a_figure_beyond_its_bound_is_said_to_be(capsys):
    assert bench.verdict("ratio", 1.5, 1.5, "")
    assert not bench.verdict("overhead", 0.31, 0.3, " s")
    assert capsys.readouterr().out.splitlines() == [
        "ratio                   1.50    within 1.5",
        "overhead                0.31 s  MORE THAN 0.3 s",
    ]
