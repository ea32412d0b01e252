"""The media of a post as files of their own: their bytes as the recorded traffic has them.

Asks no site: what was not recorded whole is left out, and the post says why.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin

from PIL import Image, UnidentifiedImageError
from warcio.archiveiterator import ArchiveIterator

from capture.exchange import canonical, is_web
from capture.post import Media, MediaKind, Post
from storage.record import file_sha256

_FOLDER = "media"
_NO_FILE = "the page gives no file of it"
_PIECE = 1 << 20
_SVG = "image/svg+xml"
_SUFFIXES = {
    "image/avif": "avif",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    _SVG: "svg",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
}
"""Not the machine's own table: the same traffic has the same names everywhere."""
_MOST_HOPS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """How an address was answered; of several answers the first whole one counts."""

    status: int
    leads_to: str | None
    cut: str | None
    media_type: str
    payload: str

    @property
    def whole(self) -> bool:
        return self.status == HTTPStatus.OK and not self.cut and bool(self.payload)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """A file under `media/`."""

    part: str
    media_type: str
    sha256: str


def keep_media(post: Post, warc: Path | None, folder: Path, left_out: Mapping[str, str]) -> Post:
    """Write each medium's own bytes to `media/{sha256}.{ext}` in the folder; the post names them.

    A medium that the record does not hold says why in `omitted`; `left_out` says by address what
    the recorder did not take, and why. Without a web archive there is none.

    Raises:
        OSError: the disk is full or gone.
    """
    said = (post, *(post.comments or ()))
    urls = {m.url for one in said for m in one.media or () if m.url and is_web(m.url)}
    if not urls:
        return _with_media(post, lambda medium: replace(medium, omitted=_NO_FILE))
    answers = _answers(warc) if warc else {}
    found = {url: _end_of(url, answers) for url in urls}
    (folder / _FOLDER).mkdir(exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as room:
        wanted = {one.payload for one in found.values() if one and one.whole}
        bodies = _bodies(warc, wanted, Path(room)) if warc else {}
        files: dict[str, _Kept | str] = {}

        def keep(medium: Media) -> Media:
            if medium.url not in found:
                return replace(medium, omitted=_NO_FILE)
            answer = found[medium.url]
            if answer is None or not answer.whole:
                return replace(medium, omitted=_why_not(answer, left_out.get(medium.url)))
            name = answer.payload
            if name not in files:
                files[name] = _file(bodies[name], answer.media_type, medium.kind, folder)
            file = files[name]
            if isinstance(file, str):
                return replace(medium, media_type=answer.media_type or None, omitted=file)
            return replace(
                medium, media_type=file.media_type, sha256=file.sha256, part=file.part, omitted=None
            )

        return _with_media(post, keep)


def _with_media(post: Post, keep: Callable[[Media], Media]) -> Post:
    """The post, each medium of it and of its comments as `keep` gives it."""

    def kept(media: tuple[Media, ...] | None) -> tuple[Media, ...] | None:
        return None if media is None else tuple(map(keep, media))

    comments = post.comments
    if comments is not None:
        comments = tuple(replace(one, media=kept(one.media)) for one in comments)
    return replace(post, media=kept(post.media), comments=comments)


def _why_not(answer: _Answer | None, left_out: str | None) -> str:
    if left_out and (answer is None or not answer.whole):
        return f"its file was not recorded ({left_out})"
    if answer is None:
        return "its file is not among what the page loaded"
    if answer.status == HTTPStatus.OK and answer.cut:
        return f"its file was not recorded whole ({answer.cut})"
    return f"the server answered {answer.status}, without the file"


def _answers(warc: Path) -> dict[str, _Answer]:
    """How each address was answered, by its archived form."""
    found: dict[str, _Answer] = {}
    for record in _responses(warc):
        url = canonical(record.rec_headers.get_header("WARC-Target-URI"))
        if url in found and found[url].whole:
            continue
        head = record.http_headers
        leads_to = head.get_header("location")
        found[url] = _Answer(
            status=int(head.get_statuscode()),
            leads_to=urljoin(url, leads_to) if leads_to else None,
            cut=record.rec_headers.get_header("WARC-Truncated"),
            media_type=(head.get_header("content-type") or "").partition(";")[0].strip().lower(),
            payload=record.rec_headers.get_header("WARC-Payload-Digest") or "",
        )
    return found


def _end_of(url: str, answers: Mapping[str, _Answer]) -> _Answer | None:
    """The answer that the address leads to in the end; None where it was never asked for."""
    answer = None
    for _ in range(_MOST_HOPS):
        answer = answers.get(canonical(url))
        if answer is None or not answer.leads_to or not is_web(answer.leads_to):
            break
        url = answer.leads_to
    return answer


def _bodies(warc: Path, payloads: set[str], room: Path) -> dict[str, Path]:
    """The bodies with these digests, each in a file of the room."""
    found: dict[str, Path] = {}
    for record in _responses(warc):
        payload = record.rec_headers.get_header("WARC-Payload-Digest")
        if record.rec_type != "response" or payload not in payloads or payload in found:
            continue
        found[payload] = path = room / str(len(found))
        with path.open("wb") as file:
            while piece := record.raw_stream.read(_PIECE):
                file.write(piece)
    return found


def _responses(warc: Path) -> Iterator[Any]:
    """What servers answered, also where it only repeats what an earlier record holds."""
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type in {"response", "revisit"} and record.http_headers:
                yield record


def _file(body: Path, told: str, kind: MediaKind, folder: Path) -> _Kept | str:
    """The body under its own name, or why it is not what the page took it for."""
    if not body.stat().st_size:
        return "its file came empty"
    if kind is MediaKind.IMAGE:
        media_type = told if told == _SVG else _picture(body)
        if media_type is None:
            return "what came is no picture that can be decoded"
    elif told.partition("/")[0] in {"video", "audio"}:
        media_type = told
    else:
        return f"what came ({told or 'of no type'}) is not the film or the sound itself"
    digest = file_sha256(body)
    part = f"{_FOLDER}/{digest}.{_SUFFIXES.get(media_type, 'bin')}"
    body.replace(folder / part)
    return _Kept(part=part, media_type=media_type, sha256=digest)


def _picture(body: Path) -> str | None:
    """What the bytes are, whatever the server called them; None if they do not decode."""
    try:
        with Image.open(body) as picture:
            picture.load()
            return Image.MIME.get(picture.format or "")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
