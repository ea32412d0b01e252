"""What is gathered while a page is scrolled: its posts, where they stood, and its texts.

A feed that drops what is off screen shows each post only for a while: so all is read on the way,
in the coordinates of the picture (CSS pixels from its top).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from pydantic import JsonValue

from capture.browser import Frame
from capture.extract import IDENTITY, merged, read_posts
from capture.piercing import piercing
from capture.recipe_model import Recipe
from capture.scroller import Area, Scroller, Text

_SAME_PX = 3.0
_LINE_PX = 4.0
"""Texts this close in height stand on one line."""

_PLACES = piercing(f"""(p) => {{ {IDENTITY}
  return all(p.each).map(n => {{
    const r = n.getBoundingClientRect();
    return [identity(n, p), r.left, r.top, r.width, r.height];
  }});
}}""")
_NAMES = piercing(f"(p) => {{ {IDENTITY} return all(p.each).map(n => identity(n, p)); }}")

# A picture that is to come names its source in its data; one that is not shown is none.
_PICTURES = piercing("""() => {
  const source = /^(https?:|[/])|[.](jpe?g|png|webp|gif|avif)/i;
  return all('img').filter(i => i.checkVisibility()).map(i => {
    const later = Object.values(i.dataset).find(value => source.test(value)) || '';
    return [i.currentSrc || i.src || later, i.complete && i.naturalWidth > 0];
  }).filter(([source]) => source);
}""")


class Harvest:
    """Posts by id, the span that each takes in the picture, their data, texts, and pictures."""

    def __init__(self, recipe: Recipe) -> None:
        self.ids: dict[str, None] = {}
        self.posts: list[Mapping[str, JsonValue]] = []
        self._recipe = recipe
        self.areas: dict[str, Area] = {}
        """Where each post stands in the picture."""
        self.texts: list[Text] = []
        self.pictures: dict[str, bool] = {}
        """By their address: whether it was loaded."""
        self._near: dict[tuple[str, int], list[float]] = {}

    async def look(self, scroller: Scroller) -> set[str]:
        """The posts that the page has now; each counts as seen from then on."""
        here: dict[str, None] = {}
        for frame in _frames(scroller):
            if self._recipe.posts.each:
                names = await frame.evaluate(_NAMES, asdict(self._recipe.posts))
                here |= dict.fromkeys(name for name in names if name)
        self.ids |= here
        return set(here)

    async def place(self, scroller: Scroller, offset: float) -> None:
        """Note where posts stand in the picture; the window stands `offset` down it."""
        for frame in _frames(scroller):
            if not self._recipe.posts.each:
                return
            left, above = await scroller.origin() if frame is scroller.home else (0, 0)
            found = await frame.evaluate(_PLACES, asdict(self._recipe.posts))
            for name, x, y, width, height in found:
                if name:
                    self.ids[name] = None
                    self.areas[name] = Area(
                        x=x + left, y=y + above + offset, width=width, height=height
                    )

    async def see_pictures(self, scroller: Scroller) -> None:
        """Note the pictures that the page shows, and whether they are loaded."""
        for frame in _frames(scroller):
            for source, loaded in await frame.evaluate(_PICTURES):
                self.pictures[source] = loaded or self.pictures.get(source, False)

    async def read(self, scroller: Scroller, texts: Iterable[Text], offset: float) -> None:
        """Take the posts' data and the window's texts, each once; the window is `offset` down."""
        await self.see_pictures(scroller)
        for frame in _frames(scroller):
            self.posts = merged(self.posts, await read_posts(frame, self._recipe))
        for text in texts:
            near = self._near.setdefault((text.text, round(text.x)), [])
            y = text.y + offset
            if all(abs(y - other) > _SAME_PX for other in near):
                near.append(y)
                self.texts.append(replace(text, y=y))

    def within(self, height: float) -> dict[str, Area]:
        """The posts that stand whole in a picture of this height."""
        least, most = -_SAME_PX, height + _SAME_PX
        return {
            name: area
            for name, area in self.areas.items()
            if area.y >= least and area.y + area.height <= most
        }

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


def _frames(scroller: Scroller) -> list[Frame]:
    """The page's own document, and the frame that scrolls in it."""
    outer = scroller.outer
    return [outer.home, scroller.home] if outer and scroller.apart else [scroller.home]
