"""A visitor of one account's posts: one browser context, consent asked once, the login watched.

Also looks at the account's own page, by which what is gone is told from a wall. Records nothing and
keeps nothing.
"""

from dataclasses import replace

from accounts.model import Account
from capture.browser import Browser, BrowserContext, Page, add_page
from capture.consent import NONE, ConsentResult, decline_offer, refuse_consent
from capture.entrance import judged, load
from capture.errors import PostsUnread
from capture.guard import AddressGuard, guard_addresses
from capture.login import Login
from capture.recipe import Recipe
from capture.refusal import Stopped
from capture.stay import Answer
from capture.waiting import wait_for_landmark
from capture.walls import Judgement, Verdict
from storage.settings import Settings


class Visitor:
    """Loads pages of one account's platform and judges them, as one visitor."""

    def __init__(
        self,
        browser: Browser,
        context: BrowserContext,
        *,
        account: Account,
        recipe: Recipe,
        settings: Settings,
        login: Login | None,
    ) -> None:
        self.account, self.settings, self.login = account, settings, login
        self.context = context
        if recipe.post_page is None:
            raise PostsUnread(
                f"The recipe for {account.platform} says nothing of posts' own pages (post_page)."
            )
        self.fields, self.profile_recipe = recipe.post_page, recipe
        self.recipe = replace(recipe, landmark=self.fields.landmark)
        self.browser, self.software = browser, f"Chromium {browser.version}"
        self.consent = NONE
        """What was asked and refused, once for all posts."""
        self.guard: AddressGuard | None = None
        """Of the page that was loaded last."""

    async def load(self, page: Page, url: str, landmark: str) -> Answer | Judgement:
        """Navigate, and wait for the landmark; a judgement where there is no answer at all.

        Raises:
            AddressRefused: the address is private, and the settings do not allow it.
        """
        self.guard = guard = await guard_addresses(page, self.settings)
        try:
            answer = await load(guard, url, self.settings.capture_seconds * 0.5)
        except Stopped as stopped:
            return stopped.judgement
        if answer.response.ok and landmark:
            await wait_for_landmark(page, landmark)
        return answer

    async def judge(self, page: Page, url: str, recipe: Recipe, answer: Answer) -> Judgement:
        """Whether this is the page, and the login still is one."""
        judgement, login = await judged(page, recipe, url, answer), self.login
        gone = login.lost(await self.context.cookies(), url) if login else ()
        if login and (gone or judgement.verdict is Verdict.LOGIN_WALL):
            return login.refused(*judgement.evidence, *gone)
        return judgement

    async def sees_profile(self) -> Judgement:
        """Whether the account's own page is to be seen: what is gone is told from a wall by it."""
        async with add_page(self.context) as page:
            return await self._to_profile(page)

    async def refuse(self, page: Page) -> ConsentResult:
        """Refuse what is asked, which is kept for all that this visitor sees; close invitations."""
        consent = await refuse_consent(page, self.recipe)
        await decline_offer(page, self.recipe)
        if consent.found:
            self.consent = consent
        return consent

    async def _to_profile(self, page: Page) -> Judgement:
        answer = await self.load(page, self.account.url, self.profile_recipe.landmark)
        if isinstance(answer, Judgement):
            return answer
        return await self.judge(page, self.account.url, self.profile_recipe, answer)
