"""The capturer's error tree. Each error says what, which, and what to do.

CaptureError
├── BrowserMissing         no Chromium is installed where it was looked for
├── BrowserBroken          Chromium does not start, or died
│   └── NotSoftware        Chromium paints with a graphics card, where tall pictures fail unseen
├── RecorderUnavailable    this Chromium cannot keep response bodies for the recorder
├── AddressRefused         the address is private, loopback or no web address (SSRF)
├── PictureBroken          a picture is empty, has the wrong size or cannot be decoded
├── DiskFull               there is no room for the parts of a capture
├── PostsUnread            the platform's recipe says nothing of posts' own pages
└── RecipeFaults           one or more recipes cannot be used (all faults told at once)
"""

from collections.abc import Sequence

from accounts.findings import Finding


class CaptureError(Exception):
    """Root of all errors of capturing."""


class BrowserMissing(CaptureError):
    """No Chromium is installed where it was looked for."""


class BrowserBroken(CaptureError):
    """Chromium does not start, or died while it was used."""


class NotSoftware(BrowserBroken):
    """Chromium paints with a graphics card, or does not tell: a tall picture would repeat itself
    from 8,192 px on, without an error (RECORDER case 33).
    """


class RecorderUnavailable(CaptureError):
    """This Chromium cannot keep response bodies for the recorder (RECORDER case 1)."""


class AddressRefused(CaptureError):
    """The address leads into a private network, or is no web address."""


class PictureBroken(CaptureError):
    """A picture is empty, has the wrong size or cannot be decoded."""


class DiskFull(CaptureError):
    """There is no room for the parts of a capture; nothing of it was kept."""


class LoginBroken(CaptureError):
    """An account's login state cannot be read."""


class LoginRefused(CaptureError):
    """With the login that a person made, the platform still does not show the account's page."""


class PostsUnread(CaptureError):
    """The platform's recipe says nothing of posts' own pages."""


class RecipeFaults(CaptureError):
    """One or more recipes cannot be used; `findings` holds every fault of every file."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("The recipes cannot be used:\n" + "\n".join(f"  {f}" for f in self.faults))

    @property
    def faults(self) -> tuple[str, ...]:
        """Each fault as a line in English: code, place, text."""
        return tuple(f"{one.code} {one.place}: {one.en}" for one in self.findings)
