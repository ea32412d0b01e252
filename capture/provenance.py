"""How a capture was made, for its manifest: what any visit tells of itself."""

import platform
from importlib.metadata import version

from capture.browser import LOCALE, TIMEZONE
from capture.login import Login
from capture.visited import Visited
from storage.record import Provenance, RecipeUsed, Viewport

_SOFTWARE = ("insyn", "playwright", "warcio", "pillow")


def provenance_of(
    visited: Visited, recipe: RecipeUsed, viewports: tuple[Viewport, ...], login: Login | None
) -> Provenance:
    """Software, browser, place, recipe, consent, rest, server, traffic and secrets (R8).

    A login is held to be good to the end of the visit: it is looked at before and after.
    """
    software = {name: version(name) for name in _SOFTWARE}
    return Provenance(
        software=software | {"python": platform.python_version()},
        browser=visited.browser,
        user_agent=visited.user_agent,
        locale=LOCALE,
        timezone=TIMEZONE,
        login="signed_in" if login else "public",
        signed_in=login.held_at(visited.ended_at) if login else None,
        viewports=viewports,
        recipe=recipe,
        consent=visited.consent.as_json(),
        settle=visited.settled.as_json(),
        server=visited.recording.main.as_json() if visited.recording.main else {},
        warc=visited.recording.status,
        secrets_replaced=visited.secrets_replaced,
    )
