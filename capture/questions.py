"""What one view of a page asks its visitor, early or late: photographed, refused, and kept.

Consent is refused and an invitation to sign in declined. A page is asked again each time before
and after it is photographed: banners come with a delay, or when somebody scrolls.
"""

from pathlib import Path

from capture.browser import Page
from capture.consent import NONE, ConsentResult, decline_offer, refuse_consent
from capture.cover import cover
from capture.picture import photograph_window
from capture.recipe_model import Recipe
from capture.refusal import stop_at
from storage.record import Viewport

_OFTEN = 2
"""So often an invitation is declined: one that comes at every scrolling stands in the pictures."""


class Questions:
    """The questions of one page in one view; `result` is what was done about consent so far.

    `before` is what the same visitor was asked on other pages, and `first_sight` whether the window
    is photographed also where nothing stands in it.
    """

    def __init__(
        self,
        page: Page,
        view: Viewport,
        recipe: Recipe,
        pictures: Path,
        *,
        first_sight: bool,
        before: ConsentResult = NONE,
    ) -> None:
        self.result: ConsentResult = NONE
        self._first_sight, self._before = first_sight, before
        self._page, self._view, self._recipe, self._pictures = page, view, recipe, pictures
        self._begun, self._declined = False, 0

    @property
    def asked(self) -> bool:
        """Whether this visitor was asked for consent already, here or before."""
        return self.told.found

    @property
    def told(self) -> ConsentResult:
        """What was done about consent here; else what was before."""
        return self.result if self.result.found else self._before

    async def answer(self) -> bool:
        """Refuse and decline what is asked now; whether anything was, and has gone.

        Raises:
            Stopped: what is asked can be got away only by accepting it.
        """
        first, self._begun = not self._begun, True
        consent = await refuse_consent(self._page, self._recipe, self.photograph)
        if first and self._first_sight and not (self._pictures / self._name()).exists():
            await self.photograph()
        declined = self._declined < _OFTEN and await decline_offer(self._page, self._recipe)
        self._declined += declined
        if declined and consent.wall:  # an invitation may speak of cookies, too
            consent = await refuse_consent(self._page, self._recipe, self.photograph)
        self.note(consent)
        if wall := consent.wall:
            await stop_at(self._page, wall)
        return consent.refused or declined

    def note(self, consent: ConsentResult) -> None:
        """Keep what was done; a banner that stands is told once."""
        if consent.refused or not self.result.found:
            self.result = self.result.and_then(consent)

    async def photograph(self) -> None:
        """The window while a banner stands in it; each banner has a picture."""
        await photograph_window(self._page, self._picture())

    async def out_of_the_way(self) -> None:
        """See that nothing lies over the page.

        Raises:
            Stopped: something does, and it could not be refused or declined.
        """
        if judgement := await cover(self._page, self._recipe):
            await stop_at(self._page, judgement)

    def _picture(self) -> Path:
        """Where the next picture goes: over that of a window without a banner."""
        path, number = self._pictures / self._name(), 1
        while self.result.found and path.exists():
            number += 1
            path = self._pictures / self._name(f"-{number}")
        return path

    def _name(self, number: str = "") -> str:
        return f"{self._view.name}-before-consent{number}.png"
