"""Manners at a site: its turns are waited for, its `robots.txt` and its pauses obeyed."""

import asyncio
from dataclasses import dataclass
from typing import Self

from capture.recipe import Recipe
from capture.refusal import Stopped
from capture.robots import Robots, read_robots
from capture.turns import PATIENCE_SECONDS, Turns
from capture.walls import OK, Judgement, Verdict, rate_limited
from storage.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Manners:
    """How to behave at one site; `robots` is None on a platform, which is visited as by anybody."""

    turns: Turns
    robots: Robots | None

    @classmethod
    async def of(cls, settings: Settings, recipe: Recipe, url: str) -> Self:
        """The manners of the site that an address is on.

        Raises:
            AddressRefused: the address is private.
        """
        robots = await asyncio.to_thread(read_robots, settings, url) if recipe.robots else None
        turns = Turns(settings, url, robots.pace_seconds if robots else 0)
        return cls(turns=turns, robots=robots)

    async def ask(self, url: str) -> None:
        """Wait until it is our turn to visit a page.

        Raises:
            Stopped: the site does not want it visited, or not for a while.
        """
        if self.robots and (refused := self.robots.judge(url)) != OK:
            raise Stopped(refused)
        wait = await self.turns.take()
        if wait is not None:
            raise Stopped(rate_limited(wait))

    def forbid(self, url: str) -> bool:
        """Whether the site's own rules keep robots from this page, whatever they say of others."""
        rules = self.robots.rules if self.robots else None
        return bool(rules and self.robots and self.robots.judge(url) != OK)

    def postpone(self, judgement: Judgement) -> bool:
        """Keep a pause that was asked for, for everybody; whether it can be waited for."""
        asked = judgement.retry_after_s
        if judgement.verdict is not Verdict.RATE_LIMITED or asked is None:
            return False
        self.turns.postpone(asked)
        return asked <= PATIENCE_SECONDS
