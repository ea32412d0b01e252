"""How legs behave at sites: each question waits for its turn, and `robots.txt` is obeyed.

The turns are those of the visits to pages: whatever asks a site, does so at one pace.
"""

from urllib.parse import urlsplit

from capture.legs.fetching import NotAnswered
from capture.legs.result import Stopped
from capture.robots import Robots, read_robots
from capture.turns import Turns
from capture.walls import OK
from storage.settings import Settings


class LegManners:
    """Manners at every site that a leg comes to; `robots`: sites' own rules are asked for."""

    def __init__(self, settings: Settings, *, robots: bool) -> None:
        self._settings, self._asks = settings, robots
        self._robots: dict[str, Robots] = {}

    def ask(self, url: str) -> None:
        """Wait until it is our turn to ask for an address.

        Raises:
            NotAnswered: the site does not want it asked for, or not for a while.
            AddressRefused: the address is private.
        """
        least = 0.0
        if self._asks:
            rules = self._rules(url)
            if (refused := rules.judge(url)) != OK:
                raise NotAnswered("; ".join(refused.evidence), Stopped.REFUSED, status=None)
            least = rules.pace_seconds
        wait = Turns(self._settings, url, least).wait()
        if wait is not None:
            told = f"{urlsplit(url).hostname} asked for a pause; it lasts {wait:.0f} s more"
            raise NotAnswered(told, Stopped.RATE_LIMITED, status=None, retry_after_s=wait)

    def postpone(self, url: str, seconds: float) -> None:
        """The site asks to be left alone for so long: for everybody."""
        Turns(self._settings, url).postpone(seconds)

    def _rules(self, url: str) -> Robots:
        site = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if site not in self._robots:
            self._robots[site] = read_robots(self._settings, url)
        return self._robots[site]
