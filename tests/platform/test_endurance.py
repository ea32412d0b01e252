"""The bench of captures in a row: what it takes for growth, and what not."""

from dataclasses import replace

import pytest

from examples.bench_endurance import Stand, growth

WARM = Stand(captures=25, rss_mb=200, files=20, processes=0)
COLD = Stand(captures=1, rss_mb=120, files=11, processes=0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rss_mb": 260}, "memory from 200 to 260 MB"),
        ({"files": 200}, "open files from 20 to 200"),
        ({"processes": 1}, "processes from 0 to 1"),
        ({"rss_mb": 225, "files": 24}, None),
    ],
)
def test_what_grows_after_the_first_captures_is_told(
    change: dict[str, int], told: str | None
) -> None:
    last = replace(WARM, captures=200, **change)  # type: ignore[arg-type]
    assert growth([COLD, WARM, last]) == ([told] if told else [])
