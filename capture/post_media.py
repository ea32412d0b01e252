"""The media of a post as the page itself was given them: digests of their bytes. Asks no site."""

import base64
from collections.abc import Collection

from capture.browser import BrowserError, CDPSession
from storage.record import sha256


async def digests(session: CDPSession, urls: Collection[str]) -> dict[str, str]:
    """SHA-256 by address, of what Chromium still holds; what it does not hold is left out."""
    if not urls:
        return {}
    await session.send("Page.enable")
    tree = await session.send("Page.getFrameTree")
    frame, found = tree["frameTree"]["frame"]["id"], dict[str, str]()
    for url in sorted(urls):
        try:
            answer = await session.send("Page.getResourceContent", {"frameId": frame, "url": url})
        except BrowserError:
            continue
        text = answer["content"]
        data = base64.b64decode(text) if answer["base64Encoded"] else text.encode()
        if data:
            found[url] = sha256(data)
    return found
