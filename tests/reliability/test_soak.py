"""Hours of ordinary load: no error, and no more memory at the end than near the beginning."""

import os
import platform
from pathlib import Path

import pytest
from records import keep_record
from reliability.test_exactly_once import SITES
from soaking import capacity, minutes_wanted, soak
from troubled import prepare, served

POINTS = 120
"""Of the curve that is kept."""


@pytest.mark.long
def test_at_half_of_its_capacity_the_site_makes_no_error_and_its_memory_stays_flat(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    minutes = minutes_wanted()
    with SITES[database](tmp_path, roomy=True) as (url, _troubles):
        prepare(url)
        with served(url, tmp_path) as site:
            capacity(site, 5)  # warms up
            most = capacity(site, min(60.0, minutes * 20))
            load = os.getloadavg()[0]
            found = soak(site, minutes=minutes, rate=most / 2, capacity=most)

    every = max(1, len(found.memory) // POINTS)
    keep_record(
        "soak",
        database,
        {
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {load:.1f} when the capacity was measured",
            "minutes": minutes,
            "capacity": round(most, 2),
            "surveys": found.surveys,
            "requests": found.requests,
            "failures": len(found.failures),
            "mean_mb": round(found.mean(), 1),
            "growth_mb": round(found.growth(), 1),
            "memory": found.memory[::every],
        },
    )
    with capsys.disabled():
        print(f"\n{database}: {found.requests} requests, {found.growth():+.1f} MB of {found.mean():.1f} MB")
    assert found.failures == []
    assert abs(found.growth()) < 0.05 * found.mean()
