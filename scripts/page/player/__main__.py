"""Record programs on the simulator: told them as JSON, [[name, distances], ...], it prints {name: made}.

What is made of each are its `section`, as HTML, and its facts: `kept`, `most` and `callers`.
"""

import json
import sys

from scripts.page.player.facts import callers, kept, most
from scripts.page.player.section import section
from scripts.page.player.subjects import subject
from scripts.simulator.run import record


def main() -> None:
    """Print what is made of the programs that the command line names."""
    made = {}
    for name, distances in json.loads(sys.argv[1]):
        played = subject(name)
        program, lab, lanes = played.text, played.settings(distances), played.lanes
        outcome, recording = record(program, lab, played.pages, str, lanes.values, lanes.runs, lanes.by_line)
        made[name] = {
            "section": section(played.title, program, recording, outcome, anchor=played.anchor),
            "kept": kept(recording),
            "most": most(recording),
            "callers": callers(recording, program),
        }
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
