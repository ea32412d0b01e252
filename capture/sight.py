"""One page in one view, with what it takes to go through it: for settling and photographing."""

from dataclasses import dataclass, replace
from typing import Self

from capture.browser import Page
from capture.harvest import Harvest
from capture.recipe import Recipe
from capture.waiting import Underway
from storage.record import Viewport


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """How far a page is followed at most: CSS pixels, posts, and seconds for each pass.

    For `watch_s` seconds nothing may happen at its end until that is believed; 0: it is no feed.
    """

    height: int
    posts: int
    seconds: float
    watch_s: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """A page, the window that it is seen in, how it is read, what it asks for, and what it gave."""

    page: Page
    view: Viewport
    recipe: Recipe
    underway: Underway
    harvest: Harvest

    @classmethod
    def of(cls, page: Page, view: Viewport, recipe: Recipe) -> Self:
        """Begin to look at a page, before it is loaded."""
        return cls(
            page=page, view=view, recipe=recipe, underway=Underway(page), harvest=Harvest(recipe)
        )

    def anew(self, recipe: Recipe) -> Self:
        """The same page with nothing gathered from it: what it showed before does not count."""
        return replace(self, recipe=recipe, harvest=Harvest(recipe))
