"""Previews: what an author saves meanwhile, and how they end."""

import os
import re
import signal
import time
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path

from mkdocs.__main__ import cli

from tests import ports
from tests.patience import PATIENCE
from tests.torture.builds import DEADLY
from tests.torture.campaign import kind
from tests.torture.sites import Site
from tests.torture.texts import hostile_page
from tests.torture.victims import Victim
from tests.torture.world import World, left, silent

BUILT = re.compile(r"Documentation built|zh/page0\.md:\d+: |Error")
SOON = PATIENCE / 2
"""Seconds in which a preview has noticed what was saved, on a machine that has much else to do."""


class Preview:
    """`mkdocs serve` of that site, on a port of its own."""

    def __init__(self, site: Site, output: Path) -> None:
        self._held = ExitStack()  # until the process of this world ends
        self._address = f"127.0.0.1:{self._held.enter_context(ports.reserved())}"
        self._output = output
        self._site = site
        self.victim = Victim(self._serve, output)
        self.until(lambda: self.page("page0"), "it serves nothing")

    def _serve(self) -> object:
        os.environ["RECORDS"] = str(self._site.records)
        cli(["serve", "-f", str(self._site.folder / "mkdocs.yml"), "--dev-addr", self._address])

    def page(self, name: str) -> str:
        """The page; empty while it cannot be had."""
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://{self._address}/zh/{name}/", timeout=5) as answer,
        ):
            return answer.read().decode()
        return ""

    def save(self, text: str) -> None:
        """Save that as the text of a page."""
        self._site.write("old", page0=text)

    @property
    def said(self) -> str:
        return self._output.read_text("utf-8", "replace")

    def until(self, happened, otherwise: str) -> None:
        """Wait until that is so; raises Broken."""
        end = time.monotonic() + SOON
        while not happened():
            if time.monotonic() > end:
                raise silent(f"{otherwise}: {self.said[-1000:]}")
            signal.sigtimedwait({signal.SIGUSR1}, 0.05)


@kind(40)
def spoil_a_preview(world: World) -> str:
    """Whatever is saved, it goes on: what is wrong is told, and once that is mended all is right."""
    site = Site(world.folder / "project")
    preview = Preview(site, world.folder / "served")
    hows = {
        spoil_and_mend(preview, hostile_page(world), f"mended {world.number} {turn}") for turn in range(2)
    }
    end(preview, site, world)
    return "told" if "told" in hows else "right"


def spoil_and_mend(preview: Preview, text: str, mended: str) -> str:
    """Save that in the place of a page, and then what is all right."""
    before = len(preview.said)
    preview.save(text)
    preview.until(lambda: BUILT.search(preview.said, before), f"{text!r} is not noticed")
    preview.save(f"# {mended}\n")
    preview.until(lambda: mended in preview.page("page0"), f"after {text!r} nothing else is shown")
    return "told" if re.search(r"zh/page0\.md:\d+: ", preview.said[before:]) else "right"


def end(preview: Preview, site: Site, world: World) -> None:
    """End it by a signal; what one that was killed has left, the next preview sweeps away."""
    number = world.random.choice(DEADLY)
    os.kill(preview.victim.pid, number)
    ended = preview.victim.wait()
    if "Traceback" in ended.output:
        raise silent(ended.output[-1500:])
    if number == signal.SIGKILL:
        again = Preview(site, world.folder / "again")
        os.kill(again.victim.pid, signal.SIGINT)
        again.victim.wait()
    if site.beside:
        raise left(f"beside the docs: {site.beside}")
