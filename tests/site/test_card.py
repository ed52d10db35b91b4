"""The picture beside a link to the site."""

import io

import pytest
from PIL import Image

from scripts.files import Cache
from scripts.site import card
from tests.tiny import record


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(card, "KEPT", Cache(tmp_path / "cards", most=1 << 20))


def records(**walls):
    return {name: record(name, [wall]) for name, wall in walls.items()}


def bars(png):
    """How many pixels of each row of the picture belong to a bar, for rows where there are any."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    ink = tuple(bytes.fromhex(card.BAR[1:]))
    widths = [
        sum(picture.getpixel((x, y)) == ink for x in range(picture.width)) for y in range(picture.height)
    ]
    return [width for width in widths if width]


def test_its_bars_are_as_long_as_the_programs_took():
    png = card.picture(records(blocking=4.0, threads=1.0))
    assert Image.open(io.BytesIO(png)).size == card.SIZE
    widths = bars(png)
    assert max(widths) == pytest.approx(4 * widths[-len(widths) // 4], rel=0.02)


def test_it_is_the_same_to_the_byte_when_the_numbers_are():
    assert card.drawn({"blocking": 4.0, "threads": 1.0}, "x") == card.drawn(
        {"blocking": 4.0, "threads": 1.0}, "x"
    )
    assert card.picture(records(blocking=4.0, threads=1.0)) != card.picture(
        records(blocking=4.0, threads=2.0)
    )


def test_of_one_program_there_is_none():
    assert card.picture(records(blocking=4.0)) is None
