"""Keeps a page and all that it asks for out of private networks (SSRF)."""

from typing import Any
from urllib.parse import urlsplit

from capture.addresses import is_public, resolve
from capture.browser import CDPSession, Page, Response
from capture.errors import AddressRefused
from storage.settings import Settings


class AddressGuard:
    """Keeps a page and all that it asks for out of private networks (SSRF).

    Names are resolved before navigating; the address of every answer, of each hop too, is judged
    again, because a name can resolve differently the second time and a redirect can lead inwards.
    Chromium asks nothing of a private network for a public page (Local Network Access, tried on
    156); were an answer to come from there all the same, no record is made of the visit.
    """

    def __init__(self, page: Page, *, allow_private: bool) -> None:
        self._page = page
        self._allow_private = allow_private
        self._refused: list[str] = []
        self._session: CDPSession | None = None

    async def start(self) -> None:
        """Watch the addresses that answer."""
        if self._allow_private:
            return
        self._session = await self._page.context.new_cdp_session(self._page)
        self._session.on("Network.responseReceived", self._on_response)
        self._session.on("Network.requestWillBeSent", self._on_request)
        await self._session.send("Network.enable")

    async def check(self, url: str) -> None:
        """Judge an address before it is navigated to; a name that is unknown is let through.

        Raises:
            AddressRefused: it is no web address, or one of its addresses is not public.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise AddressRefused(f"{url} is no web address (http or https); correct the register.")
        if self._allow_private:
            return
        for address in await resolve(parts.hostname):
            if not is_public(address):
                raise AddressRefused(_refusal(url, address))

    def raise_if_refused(self) -> None:
        """Call after navigating, and when all is photographed.

        Raises:
            AddressRefused: something was answered from a private address.
        """
        if self._refused:
            raise AddressRefused(self._refused[0])

    async def goto(self, url: str, timeout_s: float) -> Response | None:
        """Check, navigate until the DOM is there, check again.

        Raises:
            AddressRefused: before or after navigating.
            BrowserError, BrowserTimeout: the navigation failed.
        """
        await self.check(url)
        try:
            return await self._page.goto(
                url, wait_until="domcontentloaded", timeout=timeout_s * 1000
            )
        finally:
            self.raise_if_refused()

    def _on_request(self, event: dict[str, Any]) -> None:
        self._judge(event.get("redirectResponse") or {})

    def _on_response(self, event: dict[str, Any]) -> None:
        self._judge(event["response"])

    def _judge(self, response: dict[str, Any]) -> None:
        address = response.get("remoteIPAddress", "").strip("[]")
        if address and not is_public(address):
            self._refused.append(_refusal(response["url"], address))


async def guard_addresses(page: Page, settings: Settings) -> AddressGuard:
    """A guard that watches the page; navigate with its `goto`."""
    guard = AddressGuard(page, allow_private=settings.allow_private)
    await guard.start()
    return guard


def _refusal(url: str, address: str) -> str:
    return (
        f"{url} is answered from {address}, which is not a public address. Correct the register; "
        "INSYN_ALLOW_PRIVATE=yes is for the demo only."
    )
