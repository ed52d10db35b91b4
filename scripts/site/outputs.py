"""What a site holds beside its pages: the records for programs and spreadsheets, their schema, the runner."""

from pathlib import Path

from scripts import licences, measure
from scripts.files import write_atomically
from scripts.measure.measurements import to_json
from scripts.page import current
from scripts.site import card, notebook

SAMPLES = "measurements.csv"
SCHEMA = "measurements.schema.json"
LICENCES = "licences.txt"


def measurements() -> str:
    """All that this build has measured so far, as it is published."""
    return to_json(current.source().results)


def publish(site: Path, picture: bytes | None) -> None:
    """Write it all into that site, with the picture of the card if there is one."""
    write_atomically(site / notebook.MEASUREMENTS, measurements())
    measure.dump_samples(current.source().results, site / SAMPLES)
    write_atomically(site / SCHEMA, measure.schema())
    write_atomically(site / LICENCES, licences.shipped())
    if picture:
        write_atomically(site / card.PATH, picture)
    current.runner().publish(site)
