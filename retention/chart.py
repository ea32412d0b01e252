"""A chart of records by year, before and after, as one SVG that needs nothing else (RULES R34)."""

from collections import Counter
from dataclasses import dataclass
from html import escape

from retention.preview import Preview, Years
from retention.words import word

MOST_YEARS = 20
"""Years that are drawn one by one; what comes later is one bar."""

_WIDTH, _HEIGHT = 960, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 48, 40
_COLOURS = ("#767676", "#0b4f8a")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pair:
    """A year's name and its two counts."""

    name: str
    counts: tuple[int, int]


def years_svg(preview: Preview, language: str) -> str:
    """Two bars a year: records first possible by the version in force, and by the new one."""
    pairs = _pairs(preview, language)
    highest = max((count for pair in pairs for count in pair.counts), default=0)
    step = _step(highest)
    top = max(step * -(-highest // step), step)
    title = escape(word(language, "chart.title"))
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            f'aria-label="{title}" font-family="sans-serif" font-size="12">'
        ),
        f"<title>{title}</title>",
        *_grid(top, step),
        *_legend(language),
        *_bars(pairs, top),
        "</svg>",
    ]
    return "\n".join(parts)


def _pairs(preview: Preview, language: str) -> list[_Pair]:
    before, after = _by_year(preview.before), _by_year(preview.after)
    years = sorted({*before, *after, preview.today.year})
    first = preview.today.year
    shown = range(first, min(years[-1], first + MOST_YEARS - 1) + 1)
    pairs = [_Pair(name=str(year), counts=(before[year], after[year])) for year in shown]
    later = tuple(
        sum(n for year, n in counted.items() if year not in shown) for counted in (before, after)
    )
    if any(later):
        pairs.append(_Pair(name=word(language, "chart.later"), counts=(later[0], later[1])))
    return pairs


def _by_year(years: Years) -> Counter[int]:
    total: Counter[int] = Counter()
    for (_, year), count in years.items():
        total[year] += count
    return total


def _step(highest: int) -> int:
    """A round distance between lines, so that there are at most five."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * 5 >= highest:
                return step
        size *= 10


def _grid(top: int, step: int) -> list[str]:
    lines = []
    for value in range(0, top + 1, step):
        y = _y(value, top)
        colour = "#1a1a1a" if value == 0 else "#d5d5d5"
        lines.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{colour}"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#1a1a1a">{value}</text>'
        )
    return lines


def _legend(language: str) -> list[str]:
    names = (word(language, "chart.before"), word(language, "chart.after"))
    return [
        f'<rect x="{_LEFT + n * 260}" y="12" width="14" height="14" fill="{colour}"/>'
        f'<text x="{_LEFT + n * 260 + 20}" y="24" fill="#1a1a1a">{escape(name)}</text>'
        for n, (name, colour) in enumerate(zip(names, _COLOURS, strict=True))
    ]


def _bars(pairs: list[_Pair], top: int) -> list[str]:
    room = (_WIDTH - _LEFT - _RIGHT) / max(len(pairs), 1)
    wide = min(room * 0.38, 48)
    drawn = []
    for number, pair in enumerate(pairs):
        middle = _LEFT + room * (number + 0.5)
        drawn.append(
            f'<text x="{middle:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle" '
            f'fill="#1a1a1a">{escape(pair.name)}</text>'
        )
        for side, (count, colour) in enumerate(zip(pair.counts, _COLOURS, strict=True)):
            if count:
                drawn.append(_bar(middle + (side - 1) * wide, wide, count, top, colour))
    return drawn


def _bar(x: float, wide: float, count: int, top: int, colour: str) -> str:
    y = _y(count, top)
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{_y(0, top) - y:.1f}" '
        f'fill="{colour}"/>'
        f'<text x="{x + wide / 2:.1f}" y="{y - 4:.1f}" text-anchor="middle" '
        f'fill="#1a1a1a">{count}</text>'
    )


def _y(value: int, top: int) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top
