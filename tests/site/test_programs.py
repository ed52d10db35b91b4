"""Programs within reach: each is a page, a file, and a part of an archive, and every listing leads to its own."""

import io
import re
from zipfile import ZipFile

from scripts import stages
from scripts.site.programs import Captions, archive, lines


def test_each_program_can_be_read_and_taken(site):
    for name, path in stages.programs().items():
        assert (site / "programs" / path.name).read_bytes() == path.read_bytes()
        page = (site / "programs" / f"{name}.html").read_text("utf-8")
        assert f'href="{path.name}" download' in page
        assert "programs.zip" in page


def test_a_stage_marks_what_it_changed_and_shows_the_difference_beside(site):
    page = (site / "programs" / "threads.html").read_text("utf-8")
    assert "和 processes.py 比" in page
    assert re.search(r'<span class="hll">.*ThreadPoolExecutor', page)
    assert re.search("<del>.*ProcessPoolExecutor", page)
    assert (
        "和 "
        not in re.search("<h1>.*", (site / "programs" / "blocking.html").read_text("utf-8"), re.DOTALL)[0]
    )


def test_the_archive_holds_all_and_is_the_same_to_the_byte(site):
    made = (site / "programs" / "programs.zip").read_bytes()
    paths = [*stages.programs().values()]
    assert made == archive(paths) == archive(paths)
    with ZipFile(io.BytesIO(made)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for path in paths:
            assert file.read(path.relative_to(stages.SNIPPETS.parent).as_posix()) == path.read_bytes()


def test_captions_lead_to_the_programs_from_where_the_page_is():
    caption = '<span class="filename">snippets/threads.py → snippets/demonstrations/spins.py</span>'
    assert Captions("zh/a/").run(caption) == (
        '<span class="filename"><a href="../../programs/threads.html">snippets/threads.py</a> → '
        '<a href="../../programs/spins.html">snippets/demonstrations/spins.py</a></span>'
    )
    assert "../programs/threads.html" in Captions("zh/").run(caption)
    other = '<span class="filename">a.py</span><code>snippets/threads.py</code>'
    assert Captions("zh/").run(other) == other


def test_lines_that_the_old_program_had_are_not_marked():
    marked = lines("a = 1\nb = 2\n", "a = 1\nc = 3\nb = 2\n")
    assert [line.startswith('<span class="hll">') for line in marked.splitlines()] == [False, True, False]
