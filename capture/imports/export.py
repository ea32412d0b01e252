"""An export, understood: which platform it is from, its posts, and a report of every file.

What it is, is detected, never asked. Nothing is written anywhere.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from accounts.findings import Finding, Severity
from capture.imports import linkedin, mastodon, meta, x_archive, youtube
from capture.imports.codes import finding
from capture.imports.container import Bounds, Container, Unpacked, open_container
from capture.imports.crossing import Crossed
from capture.imports.private import NAMED, LeftOut, Private, private_members, shown_name
from capture.imports.reading import NOT_IN_EXPORT, FileRead, Reader, Rewritten
from capture.post import Post
from storage.record import file_sha256

_READERS: tuple[ModuleType, ...] = (mastodon, x_archive, meta, youtube, linkedin)
KINDS = ("facebook", "instagram", "linkedin", "mastodon", "x", "youtube")
"""The platforms whose exports are read, as the register names them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """The file as it was handed over: its SHA-256 and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """An export as it was understood; with a fault in `findings` it cannot be imported.

    `files` are the files that were read, with counts of entries; `unknown` those that were not.
    `kept` are the members that may be kept, `left_out` those that are private; of a `rewritten`
    member only a part is kept. `crossed` is what the archive has of the posts, where it was asked.
    """

    given: Given | None
    platform: str | None
    handle: str | None
    posts: tuple[Post, ...]
    files: tuple[FileRead, ...]
    unknown: tuple[str, ...]
    kept: Mapping[str, Unpacked]
    left_out: tuple[LeftOut, ...]
    rewritten: Mapping[str, Rewritten]
    findings: tuple[Finding, ...]
    crossed: Crossed | None

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What stands in the way of an import."""
        return tuple(one for one in self.findings if one.severity is Severity.FAULT)

    @property
    def media(self) -> int:
        """How many members that are kept are no data files: pictures, films."""
        return len(self.kept) - len(self.files) - len(self.unknown)

    @property
    def whole(self) -> bool:
        """Whether all of it may be kept."""
        return not self.left_out and not self.rewritten


def read_export(path: Path, bounds: Bounds | None = None) -> Understood:
    """Look an export through and read it; every fault stands in `findings`."""
    given = _given(path)
    container = open_container(path, bounds or Bounds())
    if container.findings:
        return _nothing(container.findings)
    for reads in _READERS:
        reader = Reader(container=container)
        if files := reads.sources(reader):
            platform = str(reads.kind(reader) if hasattr(reads, "kind") else reads.KIND)
            private = private_members(platform, container.members, files)
            reader = Reader(container=container.without(private), private=private)
            handle, posts = reads.read(reader)
            return replace(
                _understood(reader, container, posts, path.name),
                given=given,
                platform=platform,
                handle=handle,
            )
    return _nothing((finding("I011", path.name, known=", ".join(KINDS)),))


def _given(path: Path) -> Given | None:
    """None where the file cannot be read, which the container tells."""
    try:
        return Given(sha256=file_sha256(path), size=path.stat().st_size)
    except OSError:
        return None


def _nothing(findings: tuple[Finding, ...]) -> Understood:
    return Understood(
        given=None, platform=None, handle=None, posts=(), files=(), unknown=(), kept={},
        left_out=(), rewritten={}, findings=findings, crossed=None,
    )  # fmt: skip


def _understood(reader: Reader, given: Container, posts: list[Post], place: str) -> Understood:
    by_id = {post.id: post for post in posts}
    unknown = tuple(sorted(reader.container.data.keys() - reader.opened.keys()))
    left_out = tuple(_left_out(given, reader.private))
    found = [
        *reader.findings,
        *(finding("I019", place, post=post.id) for post in posts if by_id[post.id] != post),
    ]
    if not by_id and not any(one.severity is Severity.FAULT for one in found):
        found.append(finding("I017", place))
    found += [finding("I101", name, count=count) for name, count in reader.missed.items() if count]
    found += [finding("I102", name) for name in unknown]
    lost = sum(one.omitted == NOT_IN_EXPORT for post in posts for one in post.media or ())
    if lost:
        found.append(finding("I104", place, count=lost))
    found += _told(left_out, place)
    found += [finding("I107", name, count=one.entries) for name, one in reader.rewritten.items()]
    return replace(
        _nothing(tuple(dict.fromkeys(found))),
        posts=tuple(sorted(by_id.values(), key=_age)),
        files=reader.files(),
        unknown=unknown,
        kept=given.without(reader.private).members,
        left_out=left_out,
        rewritten=reader.rewritten,
    )


def _left_out(given: Container, private: Mapping[str, Private]) -> Iterator[LeftOut]:
    for name, what in sorted(private.items()):
        held = given.members[name]
        shown = shown_name(name)
        yield LeftOut(name=shown, what=what, size=held.size, sha256=held.sha256)


def _told(left_out: tuple[LeftOut, ...], place: str) -> Iterator[Finding]:
    """A warning for each kind of what is left out."""
    for what, count in Counter(one.what for one in left_out).items():
        yield finding("I106", place, count=count, sv=NAMED[what].sv, en=NAMED[what].en)


def _age(post: Post) -> tuple[str, str]:
    """The newest last; equal times by id."""
    return (post.published.at.isoformat() if post.published.at else "", post.id)
