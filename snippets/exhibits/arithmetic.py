"""Figures of the source, worked out again from its own table."""

CYCLE = 0.38e-9  # seconds, which a CPU is to feel as one
HOUR, YEAR = 3600, 365.25 * 86400


def felt(seconds, unit):
    return seconds / CYCLE / unit


if __name__ == "__main__":
    years, hours = felt(4, YEAR), felt(20e-6, HOUR)
    pool, threads = 4.5 / 0.6, 4.5 / 0.43
    disk = 20e-3 / 0.5e-3
    assert round(years, -2) != 200, "4 s are 200 years after all"
    assert int(hours) == 14, "2 KB in 20 µs are not the 14 hours"
    assert round(pool) != 9, "ten processes were nine times as fast"
    assert threads > 10, "ten threads were no more than ten times as fast"
    assert disk > 1, "the disk is not slower than the network"
    print(f"4 s feel like {years:.0f} years, 20 µs like {hours:.1f} hours")
    print(f"4.5 s / 0.6 s = {pool:.1f}, not 9; 4.5 s / 0.43 s = {threads:.1f}")
    print(f"1 MB from disk takes {disk:.0f} round trips between two hosts")
