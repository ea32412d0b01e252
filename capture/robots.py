"""What a site asks of robots before its posts are looked at (RFC 9309), for sites of their own.

A platform is visited as anybody visits it; a site of nobody's platform says in `robots.txt` what it
wants. It is asked once a batch. A site whose answer cannot be had is left alone, as the RFC has it.
"""

from dataclasses import dataclass
from urllib.parse import urljoin

from protego import Protego

from capture.legs.fetching import Fetcher, NotAnswered, Pace
from capture.walls import OK, Judgement, Verdict
from storage.settings import Settings

_AGENT = "insyn"
_TIMEOUT_S = 20
_NO_RULES = range(400, 500)
"""There is no file, or none for us: nothing is asked (RFC 9309, 2.3.1.3)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Robots:
    """One site's rules; `why` says why there are none that could be read."""

    address: str
    rules: Protego | None
    why: str = ""

    def judge(self, url: str) -> Judgement:
        """Whether the site lets robots look at an address."""
        if self.rules is None:
            return _told(f"{self.address} could not be asked: {self.why}")
        if self.rules.can_fetch(url, _AGENT):
            return OK
        return _told(f"{self.address} asks robots not to visit {url}")

    @property
    def pace_seconds(self) -> float:
        """Between two pages, as the site asks for; 0: it does not."""
        return float(self.rules.crawl_delay(_AGENT) or 0) if self.rules else 0.0


def read_robots(settings: Settings, url: str) -> Robots:
    """Ask the site of an address; blocks while it does.

    Raises:
        AddressRefused: the address is private.
    """
    address = urljoin(url, "/robots.txt")
    with Fetcher(settings, Pace(pause_s=0, longest_wait_s=0, timeout_s=_TIMEOUT_S)) as fetcher:
        try:
            text = fetcher.get(address, "text/plain").body.decode("utf-8", "replace")
        except NotAnswered as error:
            if error.status in _NO_RULES and error.status != 429:
                return Robots(address=address, rules=Protego.parse(""))
            return Robots(address=address, rules=None, why=str(error))
    return Robots(address=address, rules=Protego.parse(text))


def _told(why: str) -> Judgement:
    return Judgement(verdict=Verdict.BOT_WALL, evidence=(why,))
