"""The player: a program's listing, ten dots on its lines, and what kernel and loop have in hand at each step.

`section` makes it of a recording of the simulator; in the build for the stages of the story, and in the
reader's browser for the reader's own program.  So all but `recorded` imports no more than the simulator's
recording and markup.
"""
