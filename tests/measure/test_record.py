"""Records as numbers and as JSON, and files of them that are never half written."""

import csv
import json
import math
from datetime import UTC, datetime
from functools import reduce
from operator import getitem

import jsonschema
import pytest
from msgspec.structs import replace

from scripts.measure import BadRecords, Finding, Ordeal, Results, dump, dump_samples, schema
from scripts.measure.measurements import load, to_json
from scripts.measure.record import METRICS

WHEN = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_medians_and_spreads_of_every_metric(record):
    made = record(walls=(0.47, 0.45, 0.46))
    assert made.samples_of("wall") == [0.47, 0.45, 0.46]
    assert made.median("wall") == 0.46
    assert made.spread("wall") == (0.45, 0.47)
    assert made.median("cpu") == 0.005
    assert made.median("memory") == 12 << 20
    assert all(made.median(metric) is not None for metric in METRICS)


def test_cpu_includes_descendants_that_nobody_waited_for(record):
    sample = replace(record().samples[0], orphans=1.0)
    assert sample.cpu == pytest.approx(1.005)


def test_what_windows_does_not_tell_is_none(record):
    made = record()
    made = replace(made, samples=tuple(replace(sample, memory=None) for sample in made.samples))
    assert made.median("memory") is None


def test_an_unknown_metric_lists_those_there_are(record):
    with pytest.raises(ValueError, match="no metric is called 'wal': there are wall, user"):
        record().median("wal")


def test_unstable_samples_are_warned_of(record):
    assert record().unstable() is None
    assert "standard deviation" in record(walls=(0.4, 0.8)).unstable()


def everything(record):
    """Results of every kind."""
    ordeal = Ordeal(
        stage="threads", fault="refuse@4", asked=10, delivered=9, raised={"/?page=3": "OSError"}, gave_up=False,
        wall=0.1, cpu=0.01, patience=1.0, link="emulated", rtt=0.02, service_time=0.02,
        measured_at=WHEN,
    )  # fmt: skip
    finding = Finding(
        name="spins", values={"one": 0.1, "many": 3, "none": None, "text": "x"}, link="loopback",
        python="3.14.0", implementation="CPython", system="Linux", processor="A processor", cores=2, commit=None,
        measured_at=WHEN,
    )  # fmt: skip
    records = {"blocking": record("blocking", commit="abc"), "threads": record()}
    return Results(records, {ordeal.name: ordeal}, {finding.name: finding}, {"echo": "text"})


def test_a_file_gives_back_the_records_put_into_it(record, tmp_path):
    results = everything(record)
    dump(results, tmp_path / "new" / "measurements.json")
    assert load(tmp_path / "new" / "measurements.json") == results


def test_a_file_of_records_follows_the_published_schema(record, tmp_path):
    dump(everything(record), tmp_path / "measurements.json")
    made = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(made)
    document = json.loads((tmp_path / "measurements.json").read_text())
    jsonschema.validate(document, made)
    del document["records"][1]["link"]
    with pytest.raises(jsonschema.ValidationError, match="'link' is a required property"):
        jsonschema.validate(document, made)


def test_a_spreadsheet_gets_a_line_for_each_sample(record, tmp_path):
    dump_samples(everything(record), tmp_path / "measurements.csv")
    with open(tmp_path / "measurements.csv", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert len(set(reader.fieldnames)) == len(reader.fieldnames)
    assert (rows[0]["system"], rows[0]["operating_system"]) == ("0.002", "Linux 6.18 x86_64")
    assert [(row["stage"], row["run"]) for row in rows] == [
        (n, str(r)) for n in ("blocking", "threads") for r in (1, 2, 3)
    ]
    assert [float(row["wall"]) for row in rows[:3]] == [0.46, 0.45, 0.47]
    assert rows[0]["commit"] == "abc"
    assert rows[0]["ideal"] == "0.45"
    assert rows[3]["commit"] == ""


def test_a_first_batch_that_was_set_aside_is_in_the_spreadsheet_and_marked(record, tmp_path):
    made = replace(record(walls=(0.45, 0.46)), set_aside=record(walls=(0.4, 0.9)).samples)
    dump_samples(Results({"threads": made}), tmp_path / "measurements.csv")
    with open(tmp_path / "measurements.csv", encoding="utf-8", newline="") as file:
        rows = [(row["run"], row["set_aside"], row["wall"]) for row in csv.DictReader(file)]
    assert rows == [("1", "0", "0.45"), ("2", "0", "0.46"), ("1", "1", "0.4"), ("2", "1", "0.9")]


def test_records_are_written_in_the_order_of_the_stages_whoever_asked_first(record):
    results = everything(record)
    turned = Results(
        dict(reversed(results.records.items())),
        results.ordeals,
        results.findings,
        {"z": "", **results.outputs},
    )
    assert to_json(turned.in_order()) == to_json(Results(
        results.records, results.ordeals, results.findings, {**results.outputs, "z": ""}
    ))  # fmt: skip


REMOVED = object()
RECORD, SAMPLE = ("records", 0), ("records", 0, "samples", 0)
FAULTY = {
    "a text where a number belongs": ((*SAMPLE, "wall"), "0.45", "Expected `float`, got `str` - at `$.records[0].samples[0].wall`"),
    "no number": ((*SAMPLE, "user"), None, "Expected `float`, got `null` - at `$.records[0].samples[0].user`"),
    "a truth": ((*RECORD, "ideal"), True, "Expected `float`, got `bool` - at `$.records[0].ideal`"),
    "NaN": ((*SAMPLE, "wall"), math.nan, "got `str` - at `$.records[0].samples[0].wall`"),
    "without end": ((*SAMPLE, "answer_late"), math.inf, "got `str` - at `$.records[0].samples[0].answer_late`"),
    "negative seconds": ((*SAMPLE, "wall"), -1, "Expected `float` >= 0.0 - at `$.records[0].samples[0].wall`"),
    "half a page": ((*SAMPLE, "pages"), 1.5, "Expected `int`, got `float` - at `$.records[0].samples[0].pages`"),
    "no sample": ((*RECORD, "samples"), [], "Expected `array` of length >= 1 - at `$.records[0].samples`"),
    "one that is none": ((*RECORD, "samples", 0), {}, "Object missing required field `wall` - at `$.records[0].samples[0]`"),
    "a missing key": ((*RECORD, "link"), REMOVED, "Object missing required field `link` - at `$.records[0]`"),
    "a misspelt key": ((*RECORD, "note"), [], "Object contains unknown field `note` - at `$.records[0]`"),
    "an unknown link": ((*RECORD, "link"), "wire", "at `$.records[0].link`"),
    "no cores": ((*RECORD, "cores"), 0, "Expected `int` >= 1 - at `$.records[0].cores`"),
    "no hash": ((*RECORD, "snippet_hash"), "5", "at `$.records[0].snippet_hash`"),
    "no time": ((*RECORD, "measured_at"), "yesterday", "Invalid RFC3339 encoded datetime - at `$.records[0].measured_at`"),
    "a time somewhere": ((*RECORD, "measured_at"), "2026-11-23T08:00:00", "with a timezone component - at `$.records[0].measured_at`"),
    "a phase too few": ((*SAMPLE, "connections", 0, "syn"), REMOVED, "of length >= 6 - at `$.records[0].samples[0].connections[0]`"),
    "a phase that there is not": ((*SAMPLE, "connections", 0), dict.fromkeys("abcdef"), "at `key` in `$.records[0].samples[0].connections[0]`"),
    "a sample that was set aside": ((*RECORD, "set_aside"), [{}], "at `$.records[0].set_aside[0]`"),
    "an ordeal": (("ordeals", 0, "asked"), "10", "Expected `int`, got `str` - at `$.ordeals[0].asked`"),
    "what it raised": (("ordeals", 0, "raised"), {"/": 5}, "Expected `str`, got `int` - at `$.ordeals[0].raised[...]`"),
    "a finding": (("findings", 0, "values"), {}, "Expected `object` of length >= 1 - at `$.findings[0].values`"),
    "a list that is found": (("findings", 0, "values", "one"), [1], "got `array` - at `$.findings[0].values[...]`"),
    "an output": (("outputs", "echo"), 5, "Expected `str`, got `int` - at `$.outputs[...]`"),
    "a kind that is missing": (("ordeals",), REMOVED, "Object missing required field `ordeals`"),
    "the same twice": (("ordeals", 1), {}, "two of 'threads refuse@4'"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "value", "told"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_file_is_refused_by_its_name_the_path_within_and_what_was_expected(
    record, tmp_path, path, value, told
):
    document = json.loads(to_json(everything(record)))
    *way, last = path
    within = reduce(getitem, way, document)
    if value is REMOVED:
        del within[last]
    elif isinstance(within, list) and last == len(within):
        within.append(within[0])
    else:
        within[last] = value
    (tmp_path / "odd.json").write_text(json.dumps(document))
    with pytest.raises(BadRecords) as refused:
        load(tmp_path / "odd.json")
    assert str(refused.value).startswith(f"{tmp_path / 'odd.json'}: ")
    assert told in str(refused.value)


@pytest.mark.parametrize("text", [
    None, b"", b"[]", b"{}", b'{"records": [{}]}', b'{"records": 5}', b"\x00\xff", b"{" * 100_000, b'{"records": [NaN',
])  # fmt: skip
def test_a_file_that_is_none_of_records_is_named(tmp_path, text):
    if text is not None:
        (tmp_path / "odd.json").write_bytes(text)
    with pytest.raises(BadRecords, match="odd.json: "):
        load(tmp_path / "odd.json")
