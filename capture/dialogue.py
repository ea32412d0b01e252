"""The dialogue under a post: unfolded until announced = shown or a stated cap, then read as data.

Nothing is pressed but what the recipe names. Decides nothing of whether the page is the page.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from capture.browser import BrowserError, Page
from capture.numbers import announced_comments
from capture.recipe_model import PostPage
from capture.waiting import Underway

_READ = Path(__file__).with_name("dialogue.js").read_text(encoding="utf-8")
_COME_SECONDS = 6.0
"""How long what a button brings may take."""
_FRUITLESS = 2
"""Rounds that bring nothing until a button counts as dead."""

_PRESS = """(selectors) => {
  let pressed = 0;
  for (const selector of selectors) for (const button of document.querySelectorAll(selector)) {
    const leads = button.closest('a[href]')?.href.split('#')[0];
    if (leads && leads !== location.href.split('#')[0]) continue;  // never away from the post
    if (button.disabled || !button.checkVisibility()) continue;
    button.click(); pressed++;
  }
  return pressed;
}"""
_COUNT = """([each, selectors]) => [
  each ? document.querySelectorAll(each).length : 0,
  selectors.reduce((sum, s) => sum + document.querySelectorAll(s).length, 0)]"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """How the dialogue was unfolded. `stopped_by`: `end`, `comments` (the cap), `time`, `dead`.

    `folded` counts the buttons that are left.
    """

    pressed: int
    rounds: int
    folded: int
    stopped_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A post and its comments as the page's own scripts gave them; see dialogue.js."""

    post: Mapping[str, Any]
    comments: tuple[Mapping[str, Any], ...]
    announced: int | None


async def open_dialogue(
    page: Page, underway: Underway, fields: PostPage, *, most: int, seconds: float
) -> Opened:
    """Press what unfolds comments, replies and cut texts, until nothing is left or `most` shown."""
    buttons = [s for s in fields.buttons if s]
    end, pressed, rounds, fruitless, stopped = time.monotonic() + seconds, 0, 0, 0, "end"
    shown, folded = await _count(page, fields, buttons)
    while folded:
        if shown >= most:
            stopped = "comments"
        elif time.monotonic() > end:
            stopped = "time"
        elif fruitless >= _FRUITLESS:
            stopped = "dead"
        if stopped != "end":
            break
        pressed += await page.evaluate(_PRESS, buttons)
        rounds += 1
        before = (shown, folded)
        shown, folded = await _come(page, underway, fields, buttons, before)
        fruitless = fruitless + 1 if (shown, folded) == before else 0
    return Opened(pressed=pressed, rounds=rounds, folded=folded, stopped_by=stopped)


async def read_dialogue(page: Page, fields: PostPage) -> Seen | None:
    """What the page shows now; None where it has no post by the recipe."""
    found = await page.evaluate(_READ, [asdict(fields.post), asdict(fields.comments)])
    if found is None:
        return None
    told = found["announced"]
    return Seen(
        post=found["post"],
        comments=tuple(found["comments"]),
        announced=announced_comments(told) if told is not None else None,
    )


async def _come(
    page: Page, underway: Underway, fields: PostPage, buttons: list[str], before: tuple[int, int]
) -> tuple[int, int]:
    """Wait until what was pressed has brought something and nothing more is under way."""
    end, now = time.monotonic() + _COME_SECONDS, before
    while time.monotonic() < end:
        await asyncio.sleep(0.03)
        now = await _count(page, fields, buttons)
        if now != before and not underway.awaited:
            return now
    return now


async def _count(page: Page, fields: PostPage, buttons: list[str]) -> tuple[int, int]:
    try:
        shown, folded = await page.evaluate(_COUNT, [fields.comments.each, buttons])
    except BrowserError:
        return 0, 0
    return int(shown), int(folded)
