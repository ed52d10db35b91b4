"""Record cases on the simulator: told them as JSON, [[name, distances], ...], it prints {name: section}."""

import json
import sys

from scripts.lab.settings import Settings
from scripts.page.player.section import section
from scripts.simulator.run import record
from scripts.stages import find


def main() -> None:
    """Print the sections of the cases that the command line names."""
    made = {}
    for name, distances in json.loads(sys.argv[1]):
        case = find(name)
        program = case.snippet.read_text("utf-8")
        outcome, recording = record(program, Settings(**distances), case.pages, write=lambda text: None)
        made[name] = section(case.title, program, recording, outcome)
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
