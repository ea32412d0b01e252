"""What a second view of a page asks for, which no recorder hears: counted, so that it is told.

The web archive has one view's traffic, so that a player never mixes the answers of two.
"""

from pydantic import JsonValue

from capture.browser import Request
from capture.exchange import canonical, is_web
from capture.recording import Recording
from capture.secrets import SecretReplacer


class Unheard:
    """The requests of one view, by their addresses."""

    def __init__(self) -> None:
        self.requests = 0
        self._addresses: set[str] = set()

    def hear(self, request: Request) -> None:
        """Take note of a request; `data:` and `blob:` go over no network."""
        if is_web(request.url):
            self.requests += 1
            self._addresses.add(canonical(request.url))

    def beyond(self, recording: Recording) -> list[str]:
        """The addresses that this view alone asked for, which the recording lacks."""
        return sorted(self._addresses - recording.asked)

    def told(self, recording: Recording, replacer: SecretReplacer) -> dict[str, JsonValue]:
        """For `data/traffic.json`, secrets replaced."""
        return {
            "why": "the web archive has the traffic of the desktop view alone",
            "requests_seen": self.requests,
            "not_recorded": [replacer.scrub(url, "list") for url in self.beyond(recording)],
        }
