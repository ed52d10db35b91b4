"""What others take to execute the same programs, beside this project.

Equal work: a page for each program, with the same words, on which the program stands as it is in `snippets/`
and is run once, one after another, in the lab, with `example.com` near.  Only programs that run in all of the
tools take part: where a notebook's kernel runs an event loop, `asyncio.run` refuses to start another.  Each
tool is set up as its own documentation has it, with the theme that comes with it, for a site in Chinese whose
search knows Chinese words.  Pictures, which no program draws, are left out where that can be said.

Three things are timed, each by the command that a user would give:

- *cold*: a build with nothing left by an earlier one, less the seconds that the programs say they took;
- *unchanged*: the same again, whatever the tool keeps from one build to the next;
- *edited*: the same once more, after the prose of one page was saved.
"""
