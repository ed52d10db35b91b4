"""Numbers as they stand in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.page import words
from tests.tiny import record


@pytest.mark.parametrize(
    ("value", "text"),
    [(4.5137, "4.51 秒"), (45.137, "45.1 秒"), (1234.5, "1,234 秒"), (0.46612, "0.466 秒"), (0.1, "0.100 秒"),
     (0.0456, "45.6 毫秒"), (0.0021, "2.10 毫秒"), (0.0, "0 毫秒")],
)  # fmt: skip
def test_seconds(value, text):
    assert words.seconds(value) == text


@pytest.mark.parametrize(
    ("part", "text"), [(0.9987, "100%"), (0.638, "64%"), (0.0141, "1.4%"), (0.00102, "0.10%")]
)
def test_percent(part, text):
    assert words.percent(part) == text


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [("memory", 12.5 * 2**20, "12.5 MiB"), ("voluntary", 1234, "1,234 次"), ("wall", 4.52, "4.52 秒"),
     ("memory", None, "量不到")],
)  # fmt: skip
def test_amount(metric, value, text):
    assert words.amount(metric, value) == text


@given(st.floats(min_value=1e-6, max_value=1e6))
def test_digits_are_right_and_never_a_power_of_ten(number):
    text = words.digits(number)
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(number, rel=0.006, abs=1e-6)


@pytest.mark.parametrize(
    ("number", "text"), [(0.09997, "0.100"), (0.9999, "1.00"), (999.6, "1,000"), (0, "0")]
)
def test_a_number_has_as_many_digits_as_it_is_shown_with(number, text):
    assert words.digits(number) == text


def test_spread_names_the_unit_once():
    assert words.spread(record("threads", [0.45, 0.46]), "wall") == "0.4500–0.4600 秒"
    assert words.spread(record("threads", [0.09, 0.46]), "wall") == "90.00 毫秒–0.4600 秒"
    assert words.spread(record("threads", [0.46]), "wall") == "0.4600 秒"
