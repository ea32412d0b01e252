"""HTML as platforms send it, as the text that a reader sees: paragraphs and line breaks kept.

Knows no platform. Nothing is fetched, and no markup is carried on.
"""

from html.parser import HTMLParser

_HIDDEN = frozenset({"script", "style", "template"})
_ENDS = frozenset({"p", "div", "li", "blockquote", "ul", "ol", "h1", "h2", "h3", "h4"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.links: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        if tag == "br":
            self.said.append("\n")
        kept = dict(attrs)
        classes = (kept.get("class") or "").split()
        if tag == "a" and (href := kept.get("href")) and not {"mention", "hashtag"} & {*classes}:
            self.links.append(href)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        if tag in _ENDS:
            self.said.append("\n\n" if tag == "p" else "\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def text_of(html: str) -> str:
    """What a reader sees of it."""
    return _read(html)[0]


def links_of(html: str) -> tuple[str, ...]:
    """Where its links lead, each once, without mentions and hashtags."""
    return _read(html)[1]


def _read(html: str) -> tuple[str, tuple[str, ...]]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.said).strip(), tuple(dict.fromkeys(reader.links))
