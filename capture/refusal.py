"""Why a visit came to no capture: the verdict, what was seen, and a picture where there is one."""

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from capture.browser import BrowserError, Page, first_line
from capture.recording import Recording
from capture.walls import Judgement, partial, unreachable
from storage.record import utc_now

_PICTURE_MS = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A visit that ended at a wall; `status` and `headers` are the page's, where it answered."""

    judgement: Judgement
    at: datetime
    final_url: str
    status: int | None
    headers: tuple[tuple[str, str], ...]
    picture: bytes | None


class Stopped(Exception):
    """Raised within a visit: it ends here."""

    def __init__(
        self, judgement: Judgement, status: int | None = None, picture: bytes | None = None
    ) -> None:
        self.judgement, self.status, self.picture = judgement, status, picture
        super().__init__(judgement.verdict)

    def refusal(self, final_url: str, recording: Recording | None = None) -> Refusal:
        """What the visit came to; what was recorded tells how the page answered."""
        main = recording.main if recording else None
        return Refusal(
            judgement=self.judgement,
            at=utc_now(),
            final_url=final_url,
            status=self.status or (main.status if main else None),
            headers=tuple(main.headers) if main else (),
            picture=self.picture,
        )


def whole(recording: Recording) -> None:
    """See that there is a web archive.

    Raises:
        Stopped: it could not be written.
    """
    if recording.path is None:
        raise Stopped(partial(*recording.faults))


async def stop_at(page: Page, judgement: Judgement, status: int | None = None) -> NoReturn:
    """End a visit at what stands there now, with a picture of it where one can be had.

    Raises:
        Stopped: always.
    """
    try:
        picture = await page.screenshot(type="png", timeout=_PICTURE_MS)
    except BrowserError:
        picture = None
    raise Stopped(judgement, status, picture)


def broken_off(error: BrowserError) -> Stopped:
    """How a visit ends whose page or browser is no more."""
    return Stopped(unreachable(f"the visit broke off: {first_line(error)}"))
