"""What it costs to ask who is ready, by the number of sockets that are not."""

from scripts.page.findings import values
from scripts.page.html import Html
from scripts.page.pictures.growth import curve
from scripts.page.vocabulary import block


@block
def asking() -> Html:
    """A picture: the time of one call by the number of idle sockets, a line for each interface."""
    series: dict[str, dict[float, float | None]] = {}
    for key, seconds in values("readiness").items():
        interface, _, idle = key.partition(", ")
        if idle.isdecimal() and isinstance(seconds, float):
            series.setdefault(interface, {})[int(idle)] = seconds * 1e6
    return curve(
        "问一次要多久",
        "横轴是闲着的套接字有多少，纵轴是问一次的微秒数，两轴都按倍数走。select 和 poll 随数目一路上升，"
        "select 在半路断了；epoll 几乎是一条水平线。",
        series,
        "闲着的套接字 / 个",
        "问一次 / 微秒",
    )
