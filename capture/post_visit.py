"""Visits to posts' own pages, one after another, each within its deadline (post_steps.py).

One browser and one context serve a batch: consent is asked once, and each post has a page of its
own whose traffic is recorded without any cache, so that every record stands alone. Knows nothing
of the archive.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path

from accounts.model import Account
from capture.browser import (
    DESKTOP,
    BrowserError,
    add_page,
    first_line,
    is_over,
    open_browser,
    open_context,
)
from capture.errors import BrowserBroken
from capture.login import Login
from capture.post_shares import Shares
from capture.post_steps import PostSteps, PostVisit
from capture.post_visitor import Visitor
from capture.recipe import Recipe
from capture.refusal import Refusal, Stopped, broken_off
from capture.walls import unreachable
from storage.settings import Settings

__all__ = ["PostVisit", "PostVisitor", "post_visitor"]


@asynccontextmanager
async def post_visitor(
    account: Account, recipe: Recipe, settings: Settings, login: Login | None = None
) -> AsyncIterator["PostVisitor"]:
    """A visitor of an account's posts, with a browser of its own until the block is left.

    Raises:
        BrowserMissing, BrowserBroken: there is no browser to visit with.
        PostsUnread: the recipe says nothing of posts' own pages.
    """
    state = login.state if login else None
    async with (
        open_browser(settings) as browser,
        open_context(browser, DESKTOP, state=state) as one,
    ):
        yield PostVisitor(
            browser, one, account=account, recipe=recipe, settings=settings, login=login
        )


class PostVisitor(Visitor):
    """Visits posts of one account, one after another."""

    @cached_property
    def shares(self) -> Shares:
        """What the account shares of others' posts, as far as its feed was asked."""
        return Shares(self)

    async def visit(self, url: str, folder: Path) -> PostVisit | Refusal:
        """Visit a post within the settings' deadline; its parts are left in `folder`.

        Raises:
            AddressRefused: the address is private, and the settings do not allow it.
            BrowserBroken: the browser died; the batch can be resumed at this post.
        """
        try:
            async with asyncio.timeout(self.settings.capture_seconds):
                async with add_page(self.context) as page:
                    visited = await PostSteps(self, page, url, folder, self.shares).run()
                    if self.guard:
                        self.guard.raise_if_refused()
                    return visited
        except TimeoutError:
            why = f"no whole visit within {self.settings.capture_seconds} s"
            return Stopped(unreachable(why)).refusal(url)
        except BrowserError as error:
            if not is_over(error):
                raise
            if not self.browser.is_connected():
                why = f"Chromium died at {url} ({first_line(error)}): order it again."
                raise BrowserBroken(why) from error
            return broken_off(error).refusal(url)
