"""What race.js is told of a page: three moments, in their order, within the run."""

import pytest

from scripts.page.pictures import race


@pytest.mark.parametrize(
    ("syn", "established", "last_byte", "told"),
    [
        (0.0, 0.15, 0.452, [0, 150, 452]),
        (0.1, None, 0.45, [100, 100, 450]),  # a moment that nobody saw is not before the one that came first
        (0.1, 0.25, 0.4604, [100, 250, 455]),  # the end of the run was noted before the page's own
    ],
)
def test_no_moment_of_a_page_is_before_the_last_one_or_after_the_run(syn, established, last_byte, told):
    phases = {"syn": syn, "established": established, "last_byte": last_byte}
    assert race.way(phases, 455) == told
