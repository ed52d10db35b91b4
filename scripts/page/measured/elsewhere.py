"""What other Pythons of the machine do, beside this one's figures, on the pages that it matters to."""

from collections.abc import Iterator
from itertools import groupby

from scripts.measure import Finding
from scripts.page import current, words
from scripts.page.findings import finding, holds, value
from scripts.page.html import Html, listed, paragraph, prose
from scripts.page.measured.pythons import WAYS, found, number, of_turn, threads_take_turns
from scripts.page.programs import printed
from scripts.page.sentences import too_few_cores
from scripts.page.tables import comparison
from scripts.page.verdicts import Verdict
from scripts.page.vocabulary import block, inline
from scripts.stages import version

TREES = (3, 14)
"""The first version that draws the tasks of another process."""
NEW, FREE = (f"`uv python install {python}` 装一个，下一次构建自己会找到它。" for python in ("3.15", "3.15t"))
"""How to get the newest Python, and one without a GIL."""
NO_POOL = f"几个解释器：这台机器上还没有 3.14 或更新的 Python，没有跑过，也就没有数。{NEW}"
NO_FREE = f"不带 GIL 的构建：这台机器上没有，没有跑过，也就没有数。{FREE}"
NO_OTHER = f"这台机器上只有一个 Python，别的版本没有跑过。{NEW}"
NO_TREE = f"`pstree` 要 3.14 或更新的 Python，这台机器上没有，没有跑过。{NEW}"
NO_TRAP = f"这个陷阱要在不带 GIL 的构建上才踩得到。这台机器上没有那样的构建，没有跑过：{FREE}"


def having_interpreters() -> list[str]:
    """The Pythons here that compute in several interpreters, the oldest first."""
    return [python for python, made in found().items() if made.values["spins, interpreters"] is not None]


def without_gil() -> list[str]:
    """The Pythons here whose GIL is off, the oldest first."""
    return [python for python, made in found().items() if not made.values["GIL"]]


def drawing_trees() -> list[str]:
    """The Pythons here that draw the tasks of another process, the oldest first."""
    return [python for python in found() if version(python) >= TREES]


def names() -> list[str]:
    """Findings that pages ask for under the newest Python that can, as in parallel/3.15."""
    way = {"parallel": having_interpreters(), "task_tree": drawing_trees(), "gil_trap": without_gil()}
    asked = [f"{program}/{pythons[-1]}" for program, pythons in way.items() if pythons]
    return [*asked, *(f"parallel/{python}" for python in without_gil()[-1:])]


@block
def newest_ways() -> Html:
    """What this Python lacks for computing in parallel, by the newest that has it; or what brings one."""
    shown = Html()
    if value("parallel", "spins, interpreters") is None:
        shown += by_another(having_interpreters(), "interpreters", NO_POOL)
    if value("parallel", "GIL"):
        shown += by_another(without_gil(), "threads", NO_FREE)
    return shown


def by_another(pythons: list[str], way: str, missing: str) -> Html:
    """A table of the computations and the waits under the last of these, and a claim about that way."""
    if not pythons:
        return paragraph(missing)
    python = pythons[-1]
    name = f"parallel/{python}"
    made = current.source().finding(name)
    rows = [
        [label, *(finding(name, f"{task}, {each}", missing="没有") for task in ("spins", "waits"))]
        for each, label in {"in turn": "一个接一个", **WAYS}.items()
    ]
    about = words.machine(made), words.build(made)
    return (
        paragraph("换 {} {} 来跑，还是那个程序：", made.implementation, made.python)
        + comparison(("怎么做", "两次计算", "两次等待"), rows, about, caption="同一件事做两遍，各要多久")
        + listed([at_the_same_time(python, way)])
    )


def at_the_same_time(python: str, way: str) -> Html:
    """A sentence that has been checked: under that Python two computations by that way save time.

    Where others had the cores meanwhile, that cannot be said.
    """
    name = f"parallel/{python}"
    if reason := too_few_cores(name):
        said = f"{python}：{WAYS[way]}能不能同时算，这次无从检验"
        return Verdict(said, unjudged=Html("：{}").format(reason)).upheld()
    says = f"{python}：{WAYS[way]}各算各的，是一个接一个的 {{}}"
    return holds(name, f"spins, {way}", "<=", 0.9, says, of="spins, in turn")


@block
def beyond_the_gil() -> Html:
    """A list of claims: threads that share a GIL, then what computes beyond it, by the newest that can.

    Where no Python here can, a paragraph on what brings one.
    """
    if not found():
        return Html()
    claims, lacking = [threads_take_turns().upheld()], Html()
    for able, way, missing in (
        (having_interpreters(), "interpreters", NO_POOL),
        (without_gil(), "threads", NO_FREE),
    ):
        if able:
            claims.append(at_the_same_time(able[-1], way))
        else:
            lacking += paragraph(missing)
    return listed(claims) + lacking


@block
def gil_trap() -> Html:
    """A paragraph: the GIL that an import brings back, under the newest Python here that has none."""
    pythons = without_gil()
    if not pythons:
        return paragraph(NO_TRAP)
    name = f"gil_trap/{pythons[-1]}"
    if value(name, "after") is None:
        return paragraph("{} 不带 GIL，可这台机器上没有 C 编译器，编不出那个扩展，没有跑过。", pythons[-1])
    says = "导入之后，`sys._is_gil_enabled()` 答的是 {}"
    return paragraph(
        "在 {} 上踩了一遍：编一个只有三行、什么也不声明的扩展，导入之前问，答的是 {}。它的警告是“{}”。",
        pythons[-1],
        finding(name, "before"),
        finding(name, "warning", missing="没有警告"),
    ) + listed([holds(name, "after", "==", True, says)])


@inline
def default_starts() -> Html:
    """A sentence: how each Python here starts ten processes by default, and what that takes."""
    by_python = found()
    if not by_python:
        return prose(NO_OTHER)
    told = [
        prose("{} 默认 `{}`，{}（{}）", span([*group]), method, number(*last, "ten processes"), last[0])
        for method, group, last in by_method(by_python)
    ]
    return prose("这台机器上的各版照自己的默认，起十个进程再等它们结束：{}。", Html("；").join(told))


def by_method(by_python: dict[str, Finding]) -> Iterator[tuple[object, list[str], tuple[str, Finding]]]:
    """Neighbours that start processes in the same way: how, which they are, and the last of them."""
    for method, group in groupby(by_python.items(), lambda each: each[1].values["start method"]):
        members = [*group]
        yield method, [python for python, _ in members], members[-1]


def span(pythons: list[str]) -> str:
    """The first and the last of neighbours, as in 3.8 到 3.13."""
    return pythons[0] if len(pythons) == 1 else f"{pythons[0]} 到 {pythons[-1]}"


@inline
def turns_elsewhere() -> Html:
    """Sentences: what two threads take of the time in turn, under every Python here, GIL or not."""
    by_python = found()
    if not by_python:
        return prose(NO_OTHER)
    parts = {python: part for python, made in by_python.items() if (part := of_turn(made, "threads"))}
    free = without_gil()
    locked = {python: part for python, part in parts.items() if python not in free}
    told = prose(NO_FREE)
    if free:
        told = prose("不带 GIL 的 {}，{} 倍。", free[-1], words.digits(parts[free[-1]], 2))
    if not locked:
        return told
    least, most = (words.digits(part, 2) for part in (min(locked.values()), max(locked.values())))
    says = "带着 GIL 的，从 {}，每一版都跑了一遍：两个线程的用时是先后做完的 {} 到 {} 倍。{}"
    return prose(says, span([*locked]), least, most, told)


@inline
def objections() -> Html:
    """A sentence: what each Python here says to a program that asks for the policy of loops."""
    by_python = found()
    if not by_python:
        return prose(NO_OTHER)
    silent = [python for python, made in by_python.items() if made.values["objection"] is None]
    objecting = [python for python in by_python if python not in silent]
    told = []
    if silent:
        told.append(prose("{} 一声不响", span(silent)))
    if objecting:
        told.append(prose("{} 说“{}”", span(objecting), by_python[objecting[-1]].values["objection"]))
    return prose("在这台机器上，程序问一声策略，{}。", Html("；").join(told))


@block
def task_tree() -> Html:
    """What the newest Python here draws of a program of which one page never comes; or what brings one."""
    pythons = drawing_trees()
    if not pythons:
        return paragraph(NO_TREE)
    name = f"task_tree/{pythons[-1]}"
    tree = value(name, "tree")
    if not isinstance(tree, str):
        return paragraph("{} 有 `pstree`，可这个系统不许它看别的进程。", pythons[-1])
    made = current.source().finding(name)
    asked = "让服务器对十页里的一页不作声，等另外九页都到了，再从旁边问。{} {} 画出来的是："
    seen = "卡住的是哪一个任务，停在 `tasks.py` 的哪一行，在等什么，一眼看到底。{}"
    waiting = holds(name, "waiting", "==", 1, "树上还在等的页数是 {}")
    return (
        paragraph(asked, made.implementation, made.python) + printed("text", tree) + paragraph(seen, waiting)
    )
