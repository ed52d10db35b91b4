"""What happens at a step of a recording, in a sentence."""

from collections.abc import Callable, Sequence

from scripts.page.player.stops import PASSING
from scripts.simulator.recording import Place, Step

EVENTS = {"read": "能读", "write": "能写"}
ERRORS = {
    "EINPROGRESS": "发起连接，不等",
    "EALREADY": "还在连",
    "EISCONN": "连上了",
    "BlockingIOError": "还没有",
}

ASKING = "在问"
WAITING = {
    "vain": ASKING,
    "connect": "等连接",
    "answer": "等回答",
    "sleep": "等时刻",
    "turn": "等轮到它",
    "not begun": "还没开始",
    "created": "的协程还没开始",
    "done": "完成了",
    "failed": "没取成",
}
"""By what a page waits for, or else by its state."""


def sentence(step: Step, names: Sequence[str] = ()) -> str:
    """The call, what came of it, and how often it was made; pages are counted where they have no names."""
    often = f"（{step.times:,} 次）" if step.times > 1 else ""
    told = passing(step, names) if step.call == PASSING else CALLS.get(step.call, other)(step)
    return f"{told}{often}"


def connect(step: Step) -> str:
    if isinstance(step.result, str):
        return f"connect()：{ERRORS.get(step.result, step.result)}"
    return "connect()：等连接建成" if step.end > step.begin else "connect()：连上了"


def send(step: Step) -> str:
    return f"send()：请求的 {step.result} 字节交给内核" if isinstance(step.result, int) else error(step)


def recv(step: Step) -> str:
    if not isinstance(step.result, int):
        return error(step)
    waited = "等到了，" if step.end > step.begin else ""
    return f"recv()：{waited}取到 {step.result:,} 字节" if step.result else "recv()：对方说完了"


def select(step: Step) -> str:
    number = step.result if isinstance(step.result, int) else 0
    ready = f"{number} 个就绪了" if number else "一个就绪的也没有"
    return f"select()：睡下，醒来{ready}" if step.end > step.begin else f"select()：看一眼，{ready}"


def register(step: Step) -> str:
    item = step.watched[-1] if step.watched else None
    if not item or not item.event:
        return "在 selector 登记"
    return f"在 selector 登记：{EVENTS[item.event]}了给我 {item.call}"


def wait(step: Step) -> str:
    return "等池子里的活做完"


def sleep(step: Step) -> str:
    return f"睡 {(step.end - step.begin) / 1e9:.3g} 秒"


def passing(step: Step, names: Sequence[str]) -> str:
    """Who waits for what, or asks in vain, while nothing is called."""
    waits = [waiting(place) for place in step.places]
    each = [f"{name} {what}" for name, what in zip(names, waits, strict=False)]
    told = "，".join(each or (f"{waits.count(what)} 页{what}" for what in dict.fromkeys(waits)))
    return f"{'CPU 一直在转' if ASKING in waits else '睡着，CPU 闲着'}：{told}"


def waiting(place: Place) -> str:
    """What a page does while time passes."""
    if place.state == "stack" and place.waits == "sleep":
        return "占着线程睡"
    return WAITING.get(place.waits or place.state, "停着")


def exit_(step: Step) -> str:
    return f"程序到此为止：{step.result}" if step.result else "程序跑完了"


def error(step: Step) -> str:
    return f"{step.call}()：{ERRORS.get(str(step.result), step.result)}"


def other(step: Step) -> str:
    return f"{step.call}()"


CALLS: dict[str, Callable[[Step], str]] = {
    "connect": connect,
    "send": send,
    "recv": recv,
    "select": select,
    "register": register,
    "modify": register,
    "unregister": lambda step: "从 selector 注销",
    "close": lambda step: "关上套接字",
    "wait": wait,
    "sleep": sleep,
    "exit": exit_,
    "line": lambda step: f"走到第 {step.stack[-1]} 行",
}
