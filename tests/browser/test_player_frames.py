"""Sixty frames a second while a player plays: what the page works for each frame, on the longest recording.

    python -m pytest -s tests/browser/test_player_frames.py

prints it.  Judged is the CPU that the page's thread takes for a frame, since on a busy machine frames come late
whatever a page does; how many came in time is printed beside it.
"""

from itertools import pairwise

import pytest

FRAME = 1000 / 60
"""Milliseconds between two frames."""
STAGE, STEPS = "event_loop", 150
"""The page with the most steps, and how many there have to be."""
FRAMES = 360
"""However long a busy machine takes for them: what is done once is to be shared by as many."""
PLAY = """async ([speed, frames]) => {
    const player = document.querySelector(".player"), times = [], long = [];
    const observer = new PerformanceObserver(list => long.push(...list.getEntries().map(each => each.duration)));
    observer.observe({ type: "long-animation-frame" });
    player.scrollIntoView();
    player.querySelector("select").value = speed;
    player.querySelector("[name=play]").click();
    await new Promise(done => {
        const frame = now => {
            times.push(now);
            times.length <= frames ? requestAnimationFrame(frame) : done();
        };
        requestAnimationFrame(frame);
    });
    observer.disconnect();
    const range = player.querySelector("input[type=range]");
    return { times, long, steps: +range.max + 1, at: +range.value };
}"""


def played(page, speed):
    """What `PLAY` saw, and the CPU seconds of the page's thread meanwhile, by what they were for."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent():
        return {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}

    before = spent()
    seen = page.evaluate(PLAY, [speed, FRAMES])
    after = spent()
    return seen, {
        name: after[name] - before[name]
        for name in ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    }


@pytest.mark.parametrize("speed", ["1", "0.25"], ids=["1x", "4x"])
def test_a_frame_of_a_player_takes_less_than_half_of_its_time(visit, speed):
    page = visit(f"zh/{STAGE}/")
    seen, cpu = played(page, speed)
    gaps = sorted(after - before for before, after in pairwise(seen["times"]))
    work = {name: 1000 * seconds / FRAMES for name, seconds in cpu.items()}
    rate = 1000 * FRAMES / (seen["times"][-1] - seen["times"][0])
    late = sum(gap > 1.5 * FRAME for gap in gaps)
    print(
        f"\n{rate:.1f} frames a second, {late} of {FRAMES} late, {len(seen['long'])} longer than 50 ms; of the CPU "
        + ", ".join(f"{name.removesuffix('Duration')} {each:.2f} ms" for name, each in work.items())
    )
    assert seen["steps"] >= STEPS
    assert seen["at"] > 10
    assert 0 < work["TaskDuration"] <= FRAME / 2
