"""An export, understood: which platform it is from, its posts, and a report of every file.

What it is, is detected, never asked. Nothing is written anywhere.
"""

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from accounts.findings import Finding, Severity
from capture.imports import linkedin, mastodon, meta, x_archive, youtube
from capture.imports.codes import finding
from capture.imports.container import Bounds, open_container
from capture.imports.reading import NOT_IN_EXPORT, FileRead, Reader
from capture.post import Post

_READERS: tuple[ModuleType, ...] = (mastodon, x_archive, meta, youtube, linkedin)
KINDS = ("facebook", "instagram", "linkedin", "mastodon", "x", "youtube")
"""The platforms whose exports are read, as the register names them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """An export as it was understood; with a fault in `findings` it cannot be imported.

    `files` are the files that were read, with counts of entries; `unknown` those that were not;
    `media` how many other files (pictures, films) there are.
    """

    platform: str | None
    handle: str | None
    posts: tuple[Post, ...]
    files: tuple[FileRead, ...]
    unknown: tuple[str, ...]
    media: int
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What stands in the way of an import."""
        return tuple(one for one in self.findings if one.severity is Severity.FAULT)


def read_export(path: Path, bounds: Bounds | None = None) -> Understood:
    """Look an export through and read it; every fault stands in `findings`."""
    container = open_container(path, bounds or Bounds())
    if container.findings:
        return _nothing(container.findings)
    for reads in _READERS:
        reader = Reader(container=container)
        if reads.recognises(reader):
            handle, posts = reads.read(reader)
            kind = reads.kind(reader) if hasattr(reads, "kind") else reads.KIND
            return _understood(reader, str(kind), handle, posts, path.name)
    return _nothing((finding("I011", path.name, known=", ".join(KINDS)),))


def _nothing(findings: tuple[Finding, ...]) -> Understood:
    return Understood(
        platform=None, handle=None, posts=(), files=(), unknown=(), media=0, findings=findings
    )


def _understood(
    reader: Reader,
    platform: str,
    handle: str | None,
    posts: list[Post],
    place: str,
) -> Understood:
    container, found = reader.container, list(reader.findings)
    by_id = {post.id: post for post in posts}
    found += [finding("I019", place, post=post.id) for post in posts if by_id[post.id] != post]
    if not by_id and not any(one.severity is Severity.FAULT for one in found):
        found.append(finding("I017", place))
    unknown = tuple(sorted(container.data.keys() - reader.opened.keys()))
    found += [finding("I101", name, count=count) for name, count in reader.missed.items() if count]
    found += [finding("I102", name) for name in unknown]
    lost = sum(one.omitted == NOT_IN_EXPORT for post in posts for one in post.media or ())
    if lost:
        found.append(finding("I104", place, count=lost))
    return Understood(
        platform=platform,
        handle=handle,
        posts=tuple(sorted(by_id.values(), key=_age)),
        files=reader.files(),
        unknown=unknown,
        media=len(container.digests) - len(container.data),
        findings=tuple(dict.fromkeys(found)),
    )


def _age(post: Post) -> tuple[str, str]:
    """The newest last; equal times by id."""
    return (post.published.at.isoformat() if post.published.at else "", post.id)
