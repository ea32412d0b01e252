"""A look at one view of a page that was loaded: judged, freed of what it asks, settled, pictured.

Of a profile and of a post alike. A banner that comes late is refused where it is met, and what it
stood over is seen anew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from capture.browser import Page
from capture.completeness import Look
from capture.entrance import appeared, come_in, judged
from capture.extract import visible_text
from capture.login import Login
from capture.picture import Photographer, PictureSet
from capture.questions import Questions
from capture.recipe import Recipe
from capture.refusal import stop_at
from capture.settle import Settled, settle
from capture.sight import Bounds, Sight
from capture.stages import Stages
from capture.stay import Answer
from capture.wall_words import keeps_the_rest
from capture.walls import OK, Judgement, Verdict, consent_wall

_ROUNDS = 3
"""So often a page is seen anew because it asked something meanwhile; each has half the time."""


Prepare = Callable[[Sight, Bounds], Awaitable[None]]


async def as_it_stands(_: Sight, __: Bounds) -> None:
    """Nothing is done to a page before it settles."""


class Looker:
    """Looks at one address, in any view; `let_in` is set once it was shown.

    `prepare` is awaited each time before the page settles: what is folded is unfolded there.
    """

    def __init__(
        self,
        url: str,
        *,
        recipe: Recipe,
        login: Login | None,
        bounds: Bounds,
        pictures: Path,
        stages: Stages,
        prepare: Prepare = as_it_stands,
    ) -> None:
        self._prepare = prepare
        self.let_in = asyncio.Event()
        self._url, self._recipe, self._login = url, recipe, login
        self._bounds, self._pictures, self._stages = bounds, pictures, stages

    async def look(self, sight: Sight, questions: Questions, answer: Answer) -> Look:
        """Judge, refuse consent, prepare, settle, judge again, photograph.

        Raises:
            Stopped: what stands there is not the page, or the page is not in sight.
        """
        page, view = sight.page, sight.view
        await self._come_in(page, questions, answer)
        await questions.answer()
        self.let_in.set()
        consent = questions.result
        self._stages.passed("consent", view=view.name, **consent.as_json())
        bounds = self._bounds
        for _ in range(_ROUNDS):
            sight = sight.anew(self._recipe)
            if seen := await self._picture(sight, bounds, questions, answer):
                settled, shot = seen
                return Look(
                    consent=questions.result,
                    settled=settled,
                    pictures=shot,
                    harvest=sight.harvest,
                    broken=frozenset(sight.underway.broken),
                )
            pressed = questions.result.pressed
            self._stages.passed("asked meanwhile", view=view.name, pressed=pressed)
            bounds = replace(bounds, seconds=bounds.seconds / 2)
        return await stop_at(page, consent_wall(f"asked anew {_ROUNDS} times"), answer.status)

    async def _come_in(self, page: Page, questions: Questions, answer: Answer) -> None:
        if questions.asked:  # asked a second time in the page's place, it is a wall
            judgement = await appeared(page, self._recipe, self._url, answer)
        else:
            judgement, consent = await come_in(
                page, self._recipe, self._url, answer, questions.photograph
            )
            questions.note(consent)
        await self._stop_at_wall(page, judgement, answer.status)

    async def _picture(
        self, sight: Sight, bounds: Bounds, questions: Questions, answer: Answer
    ) -> tuple[Settled, PictureSet] | None:
        """Prepare, settle and photograph; None where something was asked and refused meanwhile."""
        page, view = sight.page, sight.view
        await self._prepare(sight, bounds)
        settled, scroller = await settle(sight, bounds)
        if await questions.answer():
            return None
        await self._judge(page, answer)
        if settled.stopped_by == "end" and keeps_the_rest(await visible_text(page)):
            settled = replace(settled, stopped_by="wall")
        self._stages.passed("settled", view=view.name, settled=settled.settled)
        await questions.out_of_the_way()
        photographer = Photographer(sight, scroller, self._pictures)
        shot = await photographer.photograph(bounds, virtualised=settled.virtualised)
        if await questions.answer():
            return None
        await self._check_login(page, answer.status)
        self._stages.passed("photographed", view=view.name, made=shot.made, tiles=len(shot.tiles))
        return settled, shot

    async def _judge(self, page: Page, answer: Answer) -> None:
        judgement = await judged(page, self._recipe, self._url, answer)
        await self._stop_at_wall(page, judgement, answer.status)

    async def _stop_at_wall(self, page: Page, judgement: Judgement, status: int) -> None:
        if judgement.verdict is Verdict.LOGIN_WALL and self._login:
            judgement = self._login.refused(*judgement.evidence)
        if judgement != OK:
            await stop_at(page, judgement, status)
        await self._check_login(page, status)

    async def _check_login(self, page: Page, status: int) -> None:
        """A page can go on being shown, as the public sees it, when the login was taken back."""
        if self._login and (gone := self._login.lost(await page.context.cookies(), self._url)):
            told = f"the platform took back {', '.join(gone)}"
            await stop_at(page, self._login.refused(told), status)
