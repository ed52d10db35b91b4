"""A median, a spread, and a word of warning."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.measure import stats

SECONDS = st.lists(st.floats(0.001, 1_000), min_size=1)


def test_the_middle_is_the_median():
    assert stats.middle([3, 1, 2]) == 2
    assert stats.middle([4, 1, 2, 3]) == 2.5


def test_a_percentile_is_the_least_sample_that_covers_its_part():
    assert stats.percentile(range(1, 101), 99) == 99
    assert stats.percentile([3, 1, 2], 99) == 3
    assert stats.percentile([3, 1, 2], 33) == 1
    assert stats.percentile([], 99) is None


@given(SECONDS)
def test_the_middle_lies_within_the_spread(samples):
    low, high = stats.spread(samples)
    assert all(a <= b for a, b in pairwise([low, stats.middle(samples), high]))
    assert {low, high} <= set(samples)


@pytest.mark.parametrize("samples", [[], [None], [1, None, 2]])
def test_what_the_system_does_not_tell_has_neither(samples):
    assert stats.middle(samples) is None
    assert stats.spread(samples) is None


@pytest.mark.parametrize(
    "samples", [[0.45], [0.45, 0.45], [4.51, 4.52, 4.53, 4.52, 4.70], [0.0, 0.0], [0.45, 0.48, 0.46]]
)
def test_steady_samples_are_trusted(samples):
    assert stats.unstable(samples) is None


def test_samples_that_scatter_are_not():
    assert stats.unstable([0.45, 0.60, 0.75]) == "the standard deviation is 25% of the mean of 3 samples, 0.6"


def test_nor_is_one_far_from_many_steady_ones():
    warning = stats.unstable([1.0] * 99 + [1.6])
    assert warning == "one sample, 1.6, is +59% from the mean of 100 samples, 1.01"
