"""What is gathered while a page is scrolled: its posts, where they stood, and its texts.

A feed that drops what is off screen shows each post only for a while: so all is read on the way,
in the coordinates of the picture (CSS pixels from its top).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from pydantic import JsonValue

from capture.browser import Page
from capture.extract import IDENTITY, merged, read_posts
from capture.recipe_model import Recipe
from capture.scroller import Text

_SAME_PX = 3.0
_LINE_PX = 4.0
"""Texts this close in height stand on one line."""

_PLACES = f"""([p, placed]) => {{ {IDENTITY}
  return [...document.querySelectorAll(p.each)].map(n => {{
    const r = placed ? n.getBoundingClientRect() : {{top: 0, bottom: 0}};
    return [identity(n, p), r.top, r.bottom];
  }});
}}"""

# A picture that is to come names its source in its data; one that is not shown is none.
_PICTURES = """() => [...document.images].filter(i => i.checkVisibility()).map(i => {
  const source = /^(https?:|[/])|[.](jpe?g|png|webp|gif|avif)/i;
  const later = Object.values(i.dataset).find(value => source.test(value)) || '';
  return [i.currentSrc || i.src || later, i.complete && i.naturalWidth > 0];
}).filter(([source]) => source)"""


class Harvest:
    """Posts by id, the span that each takes in the picture, their data, texts, and pictures."""

    def __init__(self, recipe: Recipe) -> None:
        self.ids: dict[str, None] = {}
        self.posts: list[Mapping[str, JsonValue]] = []
        self._recipe = recipe
        self._spans: dict[str, tuple[float, float]] = {}
        self.texts: list[Text] = []
        self.pictures: dict[str, bool] = {}
        """By their address: whether it was loaded."""
        self._near: dict[tuple[str, int], list[float]] = {}

    async def look(self, page: Page) -> set[str]:
        """The posts that the page has now; each counts as seen from then on."""
        here = [name for name, _, _ in await self._places(page, placed=False)]
        self.ids |= dict.fromkeys(here)
        return set(here)

    async def place(self, page: Page, offset: float) -> None:
        """Note where posts stand in the picture; the window stands `offset` down it."""
        for name, top, bottom in await self._places(page, placed=True):
            self.ids[name] = None
            self._spans[name] = (top + offset, bottom + offset)

    async def see_pictures(self, page: Page) -> None:
        """Note the pictures that the page shows, and whether they are loaded."""
        for source, loaded in await page.evaluate(_PICTURES):
            self.pictures[source] = loaded or self.pictures.get(source, False)

    async def read(self, page: Page, texts: Iterable[Text], offset: float) -> None:
        """Take the posts' data and the window's texts, each once; the window is `offset` down."""
        await self.see_pictures(page)
        self.posts = merged(self.posts, await read_posts(page, self._recipe))
        for text in texts:
            near = self._near.setdefault((text.text, round(text.x)), [])
            y = text.y + offset
            if all(abs(y - other) > _SAME_PX for other in near):
                near.append(y)
                self.texts.append(replace(text, y=y))

    def painted(self, height: float) -> int:
        """How many posts stand whole in a picture of this height."""
        least, most = -_SAME_PX, height + _SAME_PX
        return sum(top >= least and bottom <= most for top, bottom in self._spans.values())

    def text(self) -> str:
        """The texts as a reader meets them: line by line from the top, from left to right."""
        lines: list[list[Text]] = []
        for text in sorted(self.texts, key=lambda each: (each.y, each.x)):
            if lines and text.y - lines[-1][0].y <= _LINE_PX:
                lines[-1].append(text)
            else:
                lines.append([text])
        return "\n".join(
            " ".join(each.text for each in sorted(line, key=lambda each: each.x)) for line in lines
        )

    async def _places(self, page: Page, *, placed: bool) -> list[tuple[str, float, float]]:
        if not self._recipe.posts.each:
            return []
        found = await page.evaluate(_PLACES, [asdict(self._recipe.posts), placed])
        return [(name, top, bottom) for name, top, bottom in found if name]
