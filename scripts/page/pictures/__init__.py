"""Pictures of what was measured, as SVG in the page."""

from scripts.page.pictures.connections import history, timeline
from scripts.page.pictures.growth import curve
from scripts.page.pictures.meters import bars

__all__ = ["bars", "curve", "history", "timeline"]
