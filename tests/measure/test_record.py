"""Records as numbers and as JSON, and files of them that are never half written."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from scripts.measure import SCHEMA, BadRecords, Finding, Ordeal, Record, Results, dump, dump_samples
from scripts.measure.record import METRICS, load

ROOT = Path(__file__).resolve().parent.parent.parent


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


def test_a_record_survives_json(record):
    made = record(commit="abc-dirty", faults=("refuse@3",))
    assert Record.from_json(json.loads(json.dumps(made, default=vars))) == made


@pytest.mark.parametrize("change", [{"extra": 1}, {"samples": []}, {"samples": [{"wall": 1.0}]}])
def test_what_is_no_record_is_refused(record, change):
    with pytest.raises(BadRecords):
        Record.from_json(vars(record()) | change)


def everything(record):
    """Results of every kind."""
    ordeal = Ordeal(
        stage="threads", fault="refuse@4", asked=10, delivered=9, raised={"/?page=3": "OSError"}, gave_up=False,
        wall=0.1, cpu=0.01, patience=1.0, link="emulated", rtt=0.02, service_time=0.02,
        measured_at="2026-11-23T08:00:00+00:00",
    )  # fmt: skip
    finding = Finding(
        name="spins", values={"one": 0.1, "many": 3, "none": None, "text": "x"}, link="loopback",
        python="3.14.0", implementation="CPython", system="Linux", processor="A processor", cores=2, commit=None,
        measured_at="2026-11-23T08:00:00+00:00",
    )  # fmt: skip
    records = {"blocking": record("blocking", commit="abc"), "threads": record()}
    return Results(records, {ordeal.name: ordeal}, {finding.name: finding}, {"echo": "text"})


def test_a_file_gives_back_the_records_put_into_it(record, tmp_path):
    results = everything(record)
    dump(results, tmp_path / "new" / "measurements.json")
    assert load(tmp_path / "new" / "measurements.json") == results


def test_a_file_of_records_follows_the_published_schema(record, tmp_path):
    dump(everything(record), tmp_path / "measurements.json")
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads((tmp_path / "measurements.json").read_text())
    jsonschema.validate(document, schema)
    del document["records"][1]["link"]
    with pytest.raises(jsonschema.ValidationError, match="'link' is a required property"):
        jsonschema.validate(document, schema)


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


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"records": [{}]}', '{"records": 5}', "\x00\xff"])
def test_a_file_that_is_none_of_records_is_named(tmp_path, text):
    if text is not None:
        (tmp_path / "odd.json").write_text(text)
    with pytest.raises(BadRecords, match="odd.json: "):
        load(tmp_path / "odd.json")
