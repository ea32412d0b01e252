"""The dialogue under a post: unfolded and scrolled to its end or a stated cap, read on the way.

Nothing is pressed but what the recipe names. A dialogue that drops what is off screen shows each
comment only for a while, so all are read at each step. Decides nothing of whether the page is the
page.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from capture.browser import JSHandle, Page
from capture.extract import IDENTITY
from capture.numbers import announced_in
from capture.recipe_model import PostPage
from capture.scroller import Scroller
from capture.waiting import Underway
from storage.record import sha256

_SCRIPT = (
    f"(fields) => {{ {IDENTITY} "
    f"{Path(__file__).with_name('dialogue.js').read_text(encoding='utf-8')} }}"
)
_COME_SECONDS = 6.0
"""How long what a button or the end of the page brings may take."""
_FRUITLESS = 2
"""Rounds that bring nothing until a button counts as dead."""
_STEP = 0.85
_FRAME_SECONDS = 0.05
"""Observers notice a step at the next frame."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """How the dialogue was unfolded.

    `stopped_by`: `end`; `comments` (the cap); `time`; `dead` (buttons that bring nothing are left);
    `short` (the end came before as many comments as are announced). `folded` counts the buttons
    that are left, `elsewhere` the comments that stood on further pages of the post and were read
    there: they are in no picture of this one.
    """

    pressed: int
    rounds: int
    folded: int
    elsewhere: int
    stopped_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A post and its comments as the page's own scripts gave them; see dialogue.js.

    `counted`: the page has the place where their number is told.
    """

    post: Mapping[str, Any]
    comments: tuple[Mapping[str, Any], ...]
    announced: int | None
    counted: bool


class Dialogue:
    """A post's page and what was met on it so far, by id."""

    def __init__(self, page: Page, handle: JSHandle) -> None:
        self._page, self._handle = page, handle
        self._post: Mapping[str, Any] | None = None
        self._comments: dict[str, Mapping[str, Any]] = {}
        self._order: list[str] = []
        self._announced: int | None = None
        self._counted = False
        self._pressed = self._rounds = self._fruitless = 0

    @classmethod
    async def on(cls, page: Page, fields: PostPage) -> Self:
        """The dialogue of the page as it is now; nothing is read yet."""
        return cls(page, await page.evaluate_handle(_SCRIPT, asdict(fields)))

    @property
    def seen(self) -> Seen | None:
        """All that was met, in the order of the page; None where it has no post by the recipe."""
        if self._post is None:
            return None
        return Seen(
            post=self._post,
            comments=tuple(_named(self._comments[key]) for key in self._order),
            announced=self._announced,
            counted=self._counted,
        )

    async def read(self) -> bool:
        """Read what the page shows now; gives whether there was a comment not met before."""
        found = await self._call("read")
        if found["post"]:
            self._post = _fuller(self._post, found["post"])
        if (told := announced_in(found["announced"])) is not None:
            self._announced = told
        self._counted = self._counted or found["counted"]
        return self._take(found)

    async def unfold(self, underway: Underway, *, most: int, seconds: float) -> Opened:
        """Press, scroll and read until nothing more comes, `most` are shown or time is over.

        Cut texts are unfolded first and always, whatever the cap.
        """
        scroller = await Scroller.find(self._page)
        end, elsewhere, idle = time.monotonic() + seconds, 0, 0
        await self._unfold_texts(underway)
        await self.read()
        stopped = ""
        while not (stopped := self._bound(most, end, await self._call("folded"))):
            if self._fruitless < _FRUITLESS and await self._press(underway):
                continue
            moved = await self._scroll(scroller, underway)
            await self._unfold_texts(underway)
            if await self.read():
                self._fruitless = idle = 0
            elif not moved and (idle := idle + 1) >= (1 if self._all_there else _FRUITLESS):
                elsewhere = await self._turn_pages(most, end)
                stopped = self._ended(most, await self._call("folded"))
                break
        await scroller.restore()
        return Opened(
            pressed=self._pressed,
            rounds=self._rounds,
            folded=await self._call("folded"),
            elsewhere=elsewhere,
            stopped_by=stopped,
        )

    def _bound(self, most: int, end: float, folded: int) -> str:
        """What ends it before the end of the page, if anything does."""
        shown = len(self._order)
        if shown >= most and (folded or self._announced != shown):
            return "comments"
        if time.monotonic() > end:
            return "time"
        return "end" if self._announced == 0 and not shown and not folded else ""

    def _ended(self, most: int, folded: int) -> str:
        """What it is called that nothing more comes."""
        if len(self._order) < (self._announced or 0):
            if len(self._order) >= most:
                return "comments"
            return "dead" if folded else "short"
        return "dead" if folded else "end"

    async def _unfold_texts(self, underway: Underway) -> None:
        before = await self._call("state")
        if pressed := await self._call("unfold"):
            self._pressed += pressed
            await self._come(underway, before, _COME_SECONDS / 6)

    async def _press(self, underway: Underway) -> bool:
        """Press what unfolds comments and replies; false where there is nothing to press."""
        before = await self._call("state")
        if not (pressed := await self._call("press")):
            return False
        self._pressed += pressed
        self._rounds += 1
        came = await self._come(underway, before, _COME_SECONDS)
        self._fruitless = 0 if came else self._fruitless + 1
        await self._unfold_texts(underway)
        await self.read()
        return True

    async def _scroll(self, scroller: Scroller, underway: Underway) -> bool:
        """A step down; at the end of the page, what may still come is waited for.

        Where all that is announced is there, the end alone is looked at: some count no replies.
        """
        place = await scroller.place()
        step = place.height if self._all_there else place.frame.height * _STEP
        on = await scroller.by(step)
        await asyncio.sleep(_FRAME_SECONDS)
        if on.moved:
            if underway.awaited:
                await underway.rest(_COME_SECONDS)
            return True
        before = await self._call("state")
        await underway.rest(_COME_SECONDS)
        if len(self._order) < (self._announced or 0):
            await self._come(underway, before, _COME_SECONDS / 3)
        return (await scroller.by(step)).moved

    @property
    def _all_there(self) -> bool:
        return self._announced is not None and len(self._order) >= self._announced

    async def _come(self, underway: Underway, before: str, seconds: float) -> bool:
        """Wait until the page has changed and nothing more is under way; false: it has not."""
        end, changed = time.monotonic() + seconds, False
        while time.monotonic() < end:
            await asyncio.sleep(0.03)
            changed = await self._call("state") != before
            if changed and not underway.awaited:
                return True
        return changed

    async def _turn_pages(self, most: int, end: float) -> int:
        """Read the post's further pages of comments; gives how many stood only there."""
        here, turned = len(self._order), set[str]()
        left = list(await self._call("pages"))
        while left and len(self._order) < most and time.monotonic() < end:
            url = left.pop(0)
            if url in turned:
                continue
            turned.add(url)
            if found := await self._call("turn", url):
                self._take(found)
                left += found["pages"]
        return len(self._order) - here

    def _take(self, found: Mapping[str, Any]) -> bool:
        """Keep what was read; a comment new to the page takes its place after the one before it."""
        for comment in found["changed"]:
            key = comment["key"]
            self._comments[key] = _fuller(self._comments.get(key), comment)
        before, at = len(self._order), -1
        places = {key: place for place, key in enumerate(self._order)}
        for key in found["order"]:
            if key in places:
                at = max(at, places[key] + len(self._order) - before)
            else:
                at += 1
                self._order.insert(at, key)
        return len(self._order) > before

    async def _call(self, name: str, *given: Any) -> Any:
        return await self._handle.evaluate(
            "(dialogue, [name, given]) => dialogue[name](...given)", [name, list(given)]
        )


async def read_dialogue(page: Page, fields: PostPage) -> Seen | None:
    """What the page shows now; None where it has no post by the recipe."""
    dialogue = await Dialogue.on(page, fields)
    await dialogue.read()
    return dialogue.seen


def _fuller(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is shown now, but for a text that was whole before and is cut again."""
    if before and now["cut"] and len(before["text"] or "") > len(now["text"] or ""):
        return {**now, "text": before["text"], "cut": before["cut"]}
    return now


def _named(comment: Mapping[str, Any]) -> Mapping[str, Any]:
    """A comment with its id, and its parent's."""
    parent = comment["parent"]
    return {**comment, "id": _id(comment["key"]), "parent": _id(parent) if parent else None}


def _id(key: str) -> str:
    """Where the platform gives no id, a digest of who said what and when."""
    return f"said-{sha256(key.encode())[:20]}" if key.startswith("~\n") else key
