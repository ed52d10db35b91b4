"""The picture that others show beside a link to the site: how long each program took, in this build."""

import io
import json
from collections.abc import Mapping
from pathlib import Path

import PIL
from PIL import Image, ImageDraw, ImageFont

from scripts.files import CACHE, Cache, digest
from scripts.measure import Record
from scripts.stages import STAGES, find

PATH = "assets/images/card.png"
SAYS = "Async, Measured: how long the same ten pages took with each way of waiting"
KEPT = Cache(CACHE / "cards", most=1 << 20)

SIZE = 1200, 630
"""What those who show such pictures ask for: 1.91 to 1."""
MARGIN, TOP = 60, 150
NAMES, SECONDS = 190, 100
"""The width of what stands left and right of a bar."""
PAPER, INK, QUIET, BAR = "#12151f", "#f4f5f8", "#9aa3b8", "#f2a541"


def picture(records: Mapping[str, Record]) -> bytes | None:
    """A PNG with a bar for each stage that was measured; None where fewer than two were."""
    names = {find(stage.name).name: stage.name for stage in STAGES}
    shown = {name: records[case] for case, name in names.items() if case in records}
    if len(shown) < 2:
        return None
    walls = {name: record.median("wall") for name, record in shown.items()}
    last = max(shown.values(), key=lambda record: record.measured_at)
    about = f"ten pages, {last.link} link, Python {last.python}, measured {last.measured_at:%Y-%m-%d}"
    content = json.dumps([walls, about, PIL.__version__]).encode(), Path(__file__).read_bytes()
    return KEPT.made(digest(content), lambda: drawn(walls, about))


def drawn(walls: Mapping[str, float], about: str) -> bytes:
    """The PNG for these seconds of wall time; its words are English, since Pillow's font has no Chinese."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    write(draw, (MARGIN, 40), "Async, Measured", 56)
    write(draw, (MARGIN, 110), about, 22, QUIET)
    height = (SIZE[1] - TOP - MARGIN / 2) / len(walls)
    size = min(height * 0.62, 26)
    left, widest = MARGIN + NAMES, SIZE[0] - 2 * MARGIN - NAMES - SECONDS
    for row, (name, wall) in enumerate(walls.items()):
        top = TOP + row * height
        right = left + max(widest * wall / max(walls.values()), 2)
        draw.rounded_rectangle((left, top + height * 0.2, right, top + height * 0.8), 3, BAR)
        write(draw, (MARGIN, top + height / 2), name, size, QUIET, "lm")
        write(draw, (right + 12, top + height / 2), f"{wall:.3g} s", size, anchor="lm")
    file = io.BytesIO()
    image.save(file, "png")
    return file.getvalue()


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    words: str,
    size: float,
    ink: str = INK,
    anchor: str = "la",
) -> None:
    """Put these words there, `size` pixels high; `anchor` is which of their points."""
    draw.text(at, words, ink, ImageFont.load_default(size), anchor)
