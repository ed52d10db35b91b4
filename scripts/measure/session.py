"""A program typed into the interactive interpreter: each statement behind its prompt, and what it answers.

Runs inside the lab as a script, told the file of the program.  Statements are compiled one by one, as the
interpreter does with what is typed, so that their lines are counted anew.  Of a traceback the frames are left
out, as doctest does: they would be those of this file.
"""

import ast
import os
import sys
import traceback


def main() -> None:
    """Print the session of the program that the command line names."""
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    sys.path[0] = os.path.dirname(os.path.dirname(path))  # where the programs of the stages are
    names: dict[str, object] = {"__name__": "__main__"}
    for statement in statements(text):
        first, *more = statement.splitlines()
        print(f">>> {first}", *(f"... {line}".rstrip() for line in more), sep="\n")
        if more:
            print("...")  # the empty line that ends it
        answer(statement, names)


def statements(text: str) -> list[str]:
    """The statements of a program without its docstring."""
    lines, found = text.splitlines(), []
    module = ast.parse(text)
    for node in module.body[ast.get_docstring(module) is not None :]:
        begin = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        found.append("\n".join(lines[begin - 1 : node.end_lineno]))
    return found


def answer(statement: str, names: "dict[str, object]") -> None:
    """Execute it; a value that is not None is shown, and what it raises is told."""
    try:
        exec(compile(f"{statement}\n", "<stdin>", "single"), names)
    except Exception as error:
        print("Traceback (most recent call last):\n  ...")
        print("".join(traceback.format_exception_only(type(error), error)).rstrip())


if __name__ == "__main__":
    main()
