"""Record cases on the simulator: told them as JSON, [[name, distances], ...], it prints {name: made}.

What is made of a case are its `section`, as HTML, and its facts, `kept` and `callers`.
"""

import json
import sys

from scripts.lab.settings import Settings
from scripts.page.player.facts import callers, kept
from scripts.page.player.section import section
from scripts.simulator.run import record
from scripts.stages import find


def main() -> None:
    """Print what is made of the cases that the command line names."""
    made = {}
    for name, distances in json.loads(sys.argv[1]):
        case = find(name)
        program = case.snippet.read_text("utf-8")
        outcome, recording = record(program, Settings(**distances), case.pages, write=lambda text: None)
        made[name] = {
            "section": section(case.title, program, recording, outcome),
            "kept": kept(recording),
            "callers": callers(recording, program),
        }
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
