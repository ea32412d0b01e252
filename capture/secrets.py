"""Keeps secrets out of what is archived: learns them, and replaces them by keyed markers.

A secret is replaced by `[replaced:hmac-sha256:…]` (16 hexadecimal digits of an HMAC under a key of
the capture), so that equal secrets can be seen to be equal and none can be found out. Knows
nothing of files or of the browser.
"""

import base64
import binascii
import hashlib
import hmac
import html
import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, AnyStr
from urllib.parse import quote, unquote, unquote_plus

from storage.record import ReplacedSecret

Headers = list[tuple[str, str]]

SHORTEST = 8
"""Characters; a shorter value (`1`, `sv`, `true`) is replaced in its header and nowhere else."""

_SECRET_HEADER = re.compile(
    r"cookie|set-cookie2?|(proxy-)?authorization|x-fb-lsd|x-csrf.*|x-xsrf.*|csrf.*|xsrf.*"
    r"|(.*[-_])?token|.*api[-_]?key|x-auth.*|.*[-_]secret|.*session[-_]?id",
    re.IGNORECASE,
)
_FIELDS = (
    r"(?:access|auth|id|refresh|csrf|xsrf|authenticity|csrfmiddleware)[-_]?token|csrf|xsrf|fb_dtsg"
    r"|lsd|jwt|sid|(?:js?|php)?sess(?:ion)?[-_]?id|passw(?:or)?d|api[-_]?key|client[-_]?secret"
)
_IN_QUERY = re.compile(rf"(?:^|[?&;])({_FIELDS})=([^&;#\s]+)", re.IGNORECASE)
_IN_JSON = re.compile(rf'"({_FIELDS})"\s*:\s*("(?:[^"\\]|\\.)*")', re.IGNORECASE)

_CONSENT_NAME = re.compile(
    r"consent|samtycke|gdpr|optanon|cookie[-_]?(choice|law|policy|val|bar|notice|settings)|kakor",
    re.IGNORECASE,
)
_PLAIN_VALUES = frozenset(
    {"accepted", "declined", "disabled", "undefined", "necessary", "rejected", "endast-nodvandiga"}
)
_PLAIN_COOKIE = re.compile(
    r"\d+x\d+|1[5-9]\d{8}(\d{3})?|\d{4}-\d\d-\d\d([T ].*)?|https?://.*", re.IGNORECASE
)
"""Sizes, times and addresses: cookies hold them, and so do pages, with another meaning."""


class SecretReplacer:
    """Learns secrets and replaces them, wherever and however they are written.

    Safe to use from the recorder's writing thread and the event loop at once.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._lock = threading.Lock()
        self._names: dict[str, str] = {}
        self._patterns: tuple[tuple[str, str, str], ...] = ()
        self._counts: Counter[tuple[str, str]] = Counter()

    def __repr__(self) -> str:
        return f"SecretReplacer({len(self._names)} secrets)"

    @property
    def known(self) -> int:
        """How many secrets are known; it grows when a new one is learnt."""
        return len(self._names)

    @property
    def replaced(self) -> tuple[ReplacedSecret, ...]:
        """What was replaced until now, by place and by the secret's name."""
        with self._lock:
            counts = sorted(self._counts.items())
        return tuple(
            ReplacedSecret(where=where, name=name, count=count) for (where, name), count in counts
        )

    def marker(self, value: str) -> str:
        """What stands in a secret's place; equal for equal secrets under one key."""
        digest = hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()
        return f"[replaced:hmac-sha256:{digest[:16]}]"

    def learn(self, value: str, name: str = "secret") -> None:
        """Replace this value from now on wherever it occurs, unless it is too short to be one."""
        if len(value) < SHORTEST or value.lower() in _PLAIN_VALUES or "[replaced:" in value:
            return
        with self._lock:
            if value in self._names:
                return
            self._names[value] = name
            marker = self.marker(value)
            fresh = [(spelling, marker, name) for spelling in _spellings(value)]
            # Longest first: a secret that holds another is replaced whole.
            ordered = sorted((*self._patterns, *fresh), key=lambda row: -len(row[0]))
            self._patterns = tuple(ordered)

    def learn_cookies(self, cookies: Iterable[Mapping[str, Any]]) -> None:
        """Learn the values of a context's cookies (HttpOnly too), save the choices of consent."""
        for cookie in cookies:
            self._learn_cookie(str(cookie.get("name", "")), str(cookie.get("value", "")))

    def learn_fields(self, text: str) -> None:
        """Learn what a query string, a form body or JSON names as a token, session or password."""
        for name, value in _IN_QUERY.findall(text):
            self.learn(unquote_plus(value), name)
        for name, literal in _IN_JSON.findall(text):
            with suppress(ValueError):
                self.learn(json.loads(literal), name)

    def learn_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """Learn the values of all secret headers, before anything of the exchange is written."""
        for name, value in headers:
            if _SECRET_HEADER.fullmatch(name):
                for what, secret in _values(name, value):
                    self._learn_header(name, what, secret)

    def headers(self, headers: Sequence[tuple[str, str]], where: str) -> Headers:
        """The headers with the values of the secret ones replaced, and known secrets elsewhere."""
        self.learn_headers(headers)
        return [(name, self._header(name, value, where)) for name, value in headers]

    def scrub(self, text: AnyStr, where: str) -> AnyStr:
        """Replace every known secret in text or bytes; the very same object if there is none."""
        for spelling, marker, name in self._patterns:
            old, new = (
                (spelling, marker)
                if isinstance(text, str)
                else (spelling.encode(), marker.encode())
            )
            if old in text:
                self._count(where, name, text.count(old))
                text = text.replace(old, new)
        return text

    def found(self, text: str | bytes) -> bool:
        """Whether a known secret stands in the text."""
        if isinstance(text, str):
            return any(spelling in text for spelling, _, _ in self._patterns)
        return any(spelling.encode() in text for spelling, _, _ in self._patterns)

    def _header(self, name: str, value: str, where: str) -> str:
        if not _SECRET_HEADER.fullmatch(name):
            return self.scrub(value, where)
        for what, secret in _values(name, value):
            if secret and "[replaced:" not in secret:
                self._count(where, what, 1)
                value = _swap(value, what, secret, self.marker(secret))
        return value

    def _learn_header(self, header: str, name: str, value: str) -> None:
        if "cookie" in header.lower():
            self._learn_cookie(name, value)
            return
        self.learn(value, name)
        with suppress(binascii.Error, UnicodeDecodeError, ValueError):
            user_and_password = base64.b64decode(value, validate=True).decode()
            self.learn(user_and_password.partition(":")[2], name)

    def _learn_cookie(self, name: str, value: str) -> None:
        if not _CONSENT_NAME.search(name) and not _PLAIN_COOKIE.fullmatch(unquote(value)):
            self.learn(value.strip('"'), name)

    def _count(self, where: str, name: str, times: int) -> None:
        with self._lock:
            self._counts[where, name] += times


def _spellings(value: str) -> list[str]:
    """How a page may write the value: plain, in a URL, in JSON, in HTML."""
    plain = {value, unquote(value)}
    written = {
        spelling
        for text in plain
        for spelling in (
            text,
            quote(text, safe=""),
            quote(text, safe="").replace("%2F", "%2f").replace("%3D", "%3d"),
            quote(text),
            json.dumps(text)[1:-1],
            json.dumps(text)[1:-1].replace("/", "\\/"),
            html.escape(text),
        )
    }
    return [spelling for spelling in written if len(spelling) >= SHORTEST]


def _values(header: str, value: str) -> list[tuple[str, str]]:
    """The secrets of a header with their names: each cookie, or what follows the scheme."""
    lower = header.lower()
    if lower == "cookie":
        pairs = [pair.partition("=") for pair in value.split(";")]
        return [(name.strip(), secret.strip()) for name, _, secret in pairs]
    if lower.startswith("set-cookie"):
        name, _, secret = value.partition(";")[0].partition("=")
        return [(name.strip(), secret.strip())]
    scheme, _, rest = value.partition(" ")
    return [(lower, rest if rest and "authorization" in lower else scheme if not rest else value)]


def _swap(value: str, name: str, secret: str, marker: str) -> str:
    """Put the marker where the secret stands as a value, not where it stands in a name."""
    paired = f"{name}={secret}"
    if paired in value:
        return value.replace(paired, f"{name}={marker}", 1)
    head, found, tail = value.rpartition(secret)
    return f"{head}{marker}{tail}" if found else marker
