"""What a page may call.  Each function returns Markdown, which a block of the page prints.

    source("threads"), source("threads", "fetch")   a program, or one definition in it
    result("threads")                               the card of what was measured
    table("blocking", "threads"), table()           several side by side, or all
    figure("threads", "wall")                       one number with its unit, for a sentence
    claim("threads", "wall", "<=", 1.1)             a sentence that this build has checked
    output("echo")                                  what a program prints, run in the lab just now
"""

from scripts.page.claims import claim
from scripts.page.programs import output, source
from scripts.page.results import figure, result, table

__all__ = ["claim", "figure", "output", "result", "source", "table"]
