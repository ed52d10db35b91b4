"""What a page may call.  Each function returns Markdown, which a block of the page prints.

source("threads"), source("threads", "fetch")   a program, or one definition in it
result("threads")                               the card of what was measured
table("blocking", "threads"), table()           several side by side, or all
figure("threads", "wall")                       one number with its unit, for a sentence
claim("threads", "wall", "<=", 1.1)             a sentence that this build has checked
output("echo")                                  what a program prints, run in the lab just now
finding("readiness", "epoll, 9000 idle")        one number that a demonstration found
findings("readiness")                           all of them, for a block that makes a table
holds("readiness", KEY, "<=", 3, says=…, of=…)  a sentence of your own, checked against them
matrix()                                        every stage under every fault
survives("tasks", "loops")                      that these lose no page but the one that went wrong
ledger()                                        every record, sample by sample
difference("threads")                           what it changed of the program before it
timeline("threads")                             a picture of each connection, from when to when
history()                                       the same for all stages, on one axis
bars()                                          wall and CPU of all
trend()                                         how each stage did in one build after another
repeats()                                       how far builds of the same commit agree
peers()                                         what others take to execute the same programs
runner("threads")                               the program, to be changed and run in the browser
curve(TITLE, DESCRIPTION, SERIES, X, Y)         a picture of how something grows
growth("wall")                                  how wall, cpu or memory grows with the number of pages
costs(), crowds()                               what ten thousand pages cost, and who brings them
fidelity(), bottleneck()                        how true the lab stays to its distances, and how long
"""

from scripts.page.benchmarks.peers import peers
from scripts.page.benchmarks.reproducibility import repeats
from scripts.page.claims import claim
from scripts.page.differences import difference
from scripts.page.findings import finding, findings, holds
from scripts.page.measured.cards import figure, result, table
from scripts.page.measured.faults import matrix, survives
from scripts.page.measured.ledger import ledger
from scripts.page.measured.scale import bottleneck, costs, crowds, fidelity, growth
from scripts.page.pending import or_pending
from scripts.page.pictures import bars, curve, history, timeline
from scripts.page.pictures.trend import trend
from scripts.page.programs import output, source
from scripts.page.runner.section import runner

__all__ = [
    "bars",
    "bottleneck",
    "claim",
    "costs",
    "crowds",
    "curve",
    "difference",
    "fidelity",
    "figure",
    "finding",
    "findings",
    "growth",
    "history",
    "holds",
    "ledger",
    "matrix",
    "output",
    "peers",
    "repeats",
    "result",
    "runner",
    "source",
    "survives",
    "table",
    "timeline",
    "trend",
]

for _name in set(__all__) - {"findings", "source"}:  # which return what a block works on, or measure nothing
    globals()[_name] = or_pending(globals()[_name])
