"""What a build does to the process that it runs in."""

import gc

import pytest

LOOK = """
import gc
def on_page_markdown(markdown, **rest):
    print("collects" if gc.isenabled() else "rests")
"""


@pytest.mark.parametrize(
    ("text", "status"),
    [("# Good\n", 0), ('```python exec="on"\nresult("nothing")\n```\n', 1), ("[nowhere](nowhere.md)\n", 1)],
    ids=["whole", "with an error", "with a warning"],
)
def test_the_collector_rests_during_a_build_and_works_again_behind_it(tiny, text, status):
    tiny.write(x=text)
    (tiny.folder / "look.py").write_text(LOOK)
    config = tiny.folder / "mkdocs.yml"
    config.write_text(config.read_text().replace("hooks: [", 'hooks: ["look.py", '))
    built = tiny.build("--strict")
    assert built.exit_code == status
    assert "rests\n" in built.output
    assert "collects\n" not in built.output
    assert gc.isenabled()
