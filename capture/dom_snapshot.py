"""The page's tree as Chromium laid it out: every node with its place and look, frames too.

As `DOMSnapshot.captureSnapshot` gives it (its form is the protocol's own), for programs that ask
later where on the page something stood. The text of it holds no secret and no long string twice.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from capture.browser import CDPSession
from capture.secrets import SecretReplacer

STYLES = ("display", "visibility", "position", "opacity", "color", "background-color", "font-size")
"""The computed styles that are kept, in the order in which each node has them."""

_LONGEST = 1 << 16
"""Characters of one string (a script, an inlined picture); a longer one is in the saved page."""


async def dom_snapshot(session: CDPSession) -> Mapping[str, Any]:
    """The page and its frames as they stand now; all texts are in its table of `strings`."""
    asked = {"computedStyles": list(STYLES), "includeDOMRects": True}
    told: Mapping[str, Any] = await session.send("DOMSnapshot.captureSnapshot", asked)
    return told


def snapshot_text(snapshot: Mapping[str, Any], replacer: SecretReplacer, name: str) -> str:
    """As JSON on one line, each string with its secrets replaced before it is cut.

    A string past the longest is told by its length and digest, as it would have stood.
    """
    strings = [_short(replacer.scrub(each, name)) for each in snapshot["strings"]]
    clean = {"styles": STYLES, **snapshot, "strings": strings}
    return json.dumps(clean, ensure_ascii=False, separators=(",", ":"))


def _short(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return f"[{len(text)} characters, sha256 {digest}: see page.mhtml]"
