"""What the same lines cost under several Pythons: drawn, judged where it can be, and told where there is one."""

import pytest

from scripts.measure import Fresh, RunFailed
from scripts.measure.interpreters import this
from scripts.page import current
from scripts.page.failures import ClaimFailed, NoSuchThing
from scripts.page.measured import pythons
from scripts.page.pictures.years import year
from tests.tiny import rows

from .conftest import NEWER, made


@pytest.fixture
def three(given):
    """The page with a Python of 3.9, one of 3.10, and one of 3.14 by another compiler."""
    given(
        made("3.14", "GCC 16", **NEWER),
        made("3.9"),
        made("3.10", **{"await": 8e-8, "page by protocol": 2e-4}),
    )


def test_they_stand_in_the_order_of_their_releases_with_what_built_them(three):
    _, *table = rows(pythons.pythons())
    assert [cells[0] for cells in table] == ["CPython 3.9.1", "CPython 3.10.1", "CPython 3.14.1"]
    assert [cells[2] for cells in table] == ["GCC 12", "GCC 12", "GCC 16"]
    assert "forkserver" in table[-1][-1]
    assert [year(python) for python in ("3.8", "3.14t")] == [2019, 2025]


def test_a_cost_tells_at_the_number_what_built_the_interpreter(three):
    assert "GCC 16 编译，configure 没有要 --enable-optimizations" in pythons.costs_of_each()
    assert "1,300 字节" in pythons.costs_of_each()


def test_costs_are_drawn_as_ratios_to_the_oldest_and_a_line_parts_compilers(three):
    picture = pythons.over_the_years("await", "task")
    head, awaiting, task = rows(picture)
    assert (head[1:], awaiting[1:]) == (["3.9", "3.10", "3.14"], ["1.00", "0.500", "0.250"])
    assert task[1:] == ["1.00"] * 3
    assert picture.count("换了编译器") == 1


def test_what_a_release_changed_is_judged_by_its_neighbours(three):
    assert "是 0.500 倍（3.10 比 3.9）" in pythons.changed("await", "3.10", "<=", 0.8, "是 {}")
    with pytest.raises(
        ClaimFailed, match=r"'await' of 3.10 by 3.9 is 8e-08 / 1.6e-07 = 0.5: the claim is <= 0.4"
    ):
        pythons.changed("await", "3.10", "<=", 0.4, "是 {}")


@pytest.mark.parametrize(
    ("key", "release", "told"),
    [
        ("await", "3.8", "无从检验"),
        ("await", "3.15", "无从检验"),
        ("await", "3.14", "不是同一个编译器"),
        ("ten processes", "3.10", "默认办法一样"),
    ],
)
def test_what_cannot_be_judged_says_why(three, key, release, told):
    sentence = pythons.changed(key, release, "<=", 0.01, "是 {}")
    assert told in sentence
    assert "claim--untold" in sentence


def test_processes_and_memory_are_judged_whatever_the_compiler(three):
    assert "检验要求不低于 2 倍" in pythons.changed("ten processes", "3.14", ">=", 2, "是 {}")
    assert "检验要求不超过 1 倍" in pythons.changed("task", "3.14", "<=", 1, "是 {}")


def test_a_cost_that_there_is_not_is_named(three):
    with pytest.raises(NoSuchThing, match="did you mean 'await'"):
        pythons.changed("awaits", "3.10", "<=", 1, "是 {}")


def test_what_rose_under_the_same_compiler_is_told(three):
    assert "用协议取一页，3.10 是 3.9 的 2.0 倍" in pythons.went_back()
    assert "3.14" not in pythons.went_back()


def test_only_a_python_that_has_interpreters_has_a_number_for_them(three):
    assert [cells[-1] for cells in rows(pythons.spins_of_each())[1:]] == ["没有", "没有", "0.50"]


def test_a_build_without_the_gil_is_none_that_takes_turns(given):
    """By a stand-in: no such build has been run."""
    given(made("3.14"), made("3.14t", GIL=False, **{"spins, threads": 0.05}))
    assert "1.00 倍（各版的中位数）" in pythons.threads_take_turns().upheld()


def test_threads_that_share_a_lock_take_turns_or_the_build_fails(given):
    given(made("3.9", **{"spins, threads": 0.05}), made("3.10", **{"spins, threads": 0.05}))
    with pytest.raises(ClaimFailed, match="0.5 of the time in turn"):
        pythons.threads_take_turns().upheld()


def test_of_one_python_alone_there_is_no_number_and_no_claim(given):
    given()
    assert "uv python install" in pythons.pythons()
    shown = [
        pythons.over_the_years("await"),
        pythons.costs_of_each(),
        pythons.spins_of_each(),
        pythons.went_back(),
    ]
    assert "".join(shown) == ""
    assert "无从检验" in pythons.changed("await", "3.10", "<=", 0.8, "是 {}")
    assert "无从检验" in pythons.threads_take_turns().upheld()


class Failing(Fresh):
    """Finds something under this Python only."""

    broken = "3.9"

    def pythons(self, name):
        return ["3.9", this().name]

    def finding(self, name):
        if name.endswith(f"/{self.broken}"):
            raise RunFailed("every_python.py", "exit status 1: no <module>")
        return made(name.partition("/")[2])


def test_one_under_which_the_program_fails_is_named_and_left_out(given, monkeypatch):
    current.use(Failing(None, 1))
    assert "3.9 没有跑成，下面没有它：every_python.py: exit status 1: no &lt;module&gt;" in pythons.pythons()
    assert pythons.found().keys() == {this().name}
    monkeypatch.setattr(Failing, "broken", this().name)
    with pytest.raises(RunFailed):
        pythons.pythons()
