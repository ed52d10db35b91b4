"""What was broken on purpose, and what became of it."""

from dataclasses import dataclass, fields
from typing import Annotated

from msgspec import Meta

from scripts.measure.record import Count
from scripts.page.benchmark import Benchmark
from scripts.page.benchmarks import archive
from scripts.page.html import Html
from scripts.page.vocabulary import block

ENDED = {
    "right": "照样做对", "told": "报错退出",
    "lost": "丢失", "left": "遗留", "silent": "无声", "hung": "卡住",
}  # fmt: skip
"""How a fault can end."""
KINDS = {
    "kill_a_build": "构建途中被杀死、打断，或终端关掉",
    "stop_a_build": "构建途中被暂停，别的构建趁机做完",
    "build_at_once": "几个构建抢着写同一个网站，有的注定失败",
    "kill_an_exchange": "新旧网站交换途中被杀死",
    "damage_an_entry": "缓存里的条目损坏，或换成了别的",
    "damage_what_a_build_keeps": "构建自己的缓存损坏",
    "kill_who_keeps": "写缓存途中被杀死",
    "fill_the_disk_at_a_moment": "构建途中磁盘忽然写不进了",
    "build_on_a_small_disk": "磁盘太小，字节不够或文件数不够",
    "build_where_nothing_can_be_written": "项目或缓存所在的磁盘只读",
    "fill_the_disk_of_a_file": "一个文件写到一半，磁盘满了",
    "write_a_page": "胡乱写的、存心捣乱的页面",
    "spoil_records": "改坏的、存心捣乱的记录",
    "spoil_a_history": "改坏的历史",
    "run_harm": "实验室里的恶意程序",
    "strike_a_member": "实验室的任何一个进程被杀死或暂停",
    "strike_a_measurement": "测量途中被打断，或没有地方存结果",
    "set_the_clock_of_a_lab": "包还在路上，有人拨了钟",
    "set_the_clock_of_a_build": "构建途中拨钟，文件来自未来或远古",
    "set_the_clock_of_a_cache": "缓存眼里的时间乱跳",
    "spoil_a_preview": "预览时存下胡乱写的页面，最后以信号结束",
}


@dataclass(frozen=True)
class Kind:
    """How many faults of one kind there were, and how many of them ended how."""

    kind: str
    faults: Count
    right: Count
    told: Count
    lost: Count
    left: Count
    silent: Count
    hung: Count


@dataclass(frozen=True)
class Campaign(Benchmark):
    """Faults by one seed, and how many seconds they took together."""

    seed: int
    seconds: Count
    kinds: Annotated[list[Kind], Meta(min_length=1)]

    def count(self, how: str) -> int:
        """How many faults of all kinds ended like that."""
        return sum(getattr(kind, how) for kind in self.kinds)


@block
def torture() -> Html:
    """A table: a row for each kind of fault that was injected, with how many ended how, and one for all.

    Raises NoSuchThing where no campaign was kept.
    """
    campaign = archive.load("torture", Campaign, "tests.torture")
    counted = [field.name for field in fields(Kind) if field.name != "kind"]
    rows = [
        [KINDS.get(kind.kind, kind.kind), *(getattr(kind, name) for name in counted)]
        for kind in campaign.kinds
    ]
    rows.append(["合计", *(campaign.count(name) for name in counted)])
    facts = [f"种子 {campaign.seed}", f"用了 {campaign.seconds} 秒"]
    return archive.show(
        "弄坏多少次，各自怎样收场", campaign, facts, ["弄坏什么", "次数", *ENDED.values()], rows
    )
