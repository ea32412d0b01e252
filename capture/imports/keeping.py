"""An export made a record: read and judged first, then kept with its posts as data.

The file lies beside the package (`media/{sha256}.zip`), as it was given where it has nothing
private, else without that (decision 0013); the package has `data/posts.json`, `data/import.json`
(the report) and the text that is searched. The same file for the same account is one record,
however often it is imported (RULES R12).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path

from pydantic import JsonValue

from accounts.findings import Finding
from accounts.model import Account
from capture.handed import describe_handed
from capture.imports.codes import finding
from capture.imports.crossing import cross
from capture.imports.errors import ExportFaults
from capture.imports.export import Understood, read_export
from capture.imports.remainder import Kept, write_kept
from capture.imports.telling import counts, report
from capture.post import POSTS_PART, Post, posts_to_json
from capture.secrets import SecretReplacer
from capture.warc import WarcFile
from capture.workroom import workroom
from storage.archive import Archive
from storage.errors import NotAllowed
from storage.package import WARC, Page, write_package
from storage.people import Actor
from storage.record import (
    HERE,
    OWN_POST,
    AccountRef,
    Order,
    OrderId,
    Reason,
    Record,
    Status,
    utc_now,
)
from storage.settings import Settings

REPORT_PART = "data/import.json"
_ALSO = {"twitter": "x"}
"""Names that a register may still have for a platform."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """An export as it was handed over: by whom, fetched from the platform on which day."""

    path: Path
    by: str
    fetched_on: date | None
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """The record of an export; `anew` is false when the file was imported before.

    `kept` is the file that was kept, where it was done now.
    """

    record: Record
    anew: bool
    kept: Kept | None


def judged(path: Path, account: Account, archive: Archive | None) -> Understood:
    """An export as it was understood, judged against the account and what the archive has of it.

    Looks only: what a dry run shows. Without an archive it says what was not examined.
    """
    read = read_export(path)
    found = [*read.findings, *_of_account(read, account, path.name)]
    if archive is None:
        return replace(read, findings=(*found, finding("I105", path.name)))
    found += _disposed_of(read, account, archive)
    read = replace(read, findings=tuple(found))
    if read.faults:
        return read
    crossed = cross(account.id, str(read.platform), read.posts, archive)
    return replace(read, findings=(*found, *crossed.findings), crossed=crossed)


def import_export(
    handed: Handed, account: Account, *, settings: Settings, archive: Archive, actor: Actor
) -> tuple[Understood, Imported]:
    """Make an export a record of the account; all of it or nothing.

    Raises:
        ExportFaults: it cannot be imported; every fault is told, and nothing was kept.
        NotAllowed: its record was disposed of; it is not made anew (RULES R44).
        StoreError, Damaged: the archive could not take the record, or the file was changed.
    """
    began = utc_now()
    read = judged(handed.path, account, archive)
    if read.faults or read.given is None:
        raise ExportFaults(handed.path.name, read.faults)
    digest = read.given.sha256
    order = Order(
        order_id=OrderId(f"import/{account.id}/{digest}"),
        account=account.id,
        reason=Reason.POSTS,
        ordered_by=handed.by,
        note=handed.note,
        ordered_at=began,
    )
    accepted = archive.accept(order, AccountRef.of(account), actor)
    if accepted.record is not None:
        return read, _known(accepted.record)
    with workroom(settings, "import") as room:
        page = Page(
            url=f"urn:sha256:{digest}",
            title=f"Kontots egen export från {read.platform}: {len(read.posts)} inlägg",
            at=began,
        )
        kept = write_kept(handed.path, digest, read, room)
        _write_parts(room / "parts", read, kept, page.url)
        package = room / "capture.wacz"
        write_package(room / "parts", package, page=page, software=f"insyn {version('insyn')}")
        description = describe_handed(
            accepted,
            account,
            OWN_POST,
            page,
            made_by=str(read.platform),
            facts=_facts(read, handed, kept),
            completeness=counts(read),
        )
        record = archive.deposit(description, package, actor, [kept.path])
    return read, Imported(record=record, anew=True, kept=kept)


def _known(record: Record) -> Imported:
    if record.status not in HERE:
        raise NotAllowed(
            f"This export was imported as record {record.record_id}, which is {record.status}: it "
            "is not made anew."
        )
    return Imported(record=record, anew=False, kept=None)


def _of_account(read: Understood, account: Account, place: str) -> Iterator[Finding]:
    """Whether the export is of this account, as far as it tells."""
    if read.platform is None:
        return
    wanted = _ALSO.get(account.platform, account.platform)
    if read.platform != wanted:
        yield finding("I014", place, found=read.platform, wanted=account.platform)
    elif read.handle and _bare(read.handle) != _bare(account.handle):
        yield finding("I015", place, found=read.handle, wanted=account.handle)


def _bare(handle: str) -> str:
    """A handle without its server: `ki@social.example` is `ki`."""
    return handle.casefold().lstrip("@").partition("@")[0]


def _disposed_of(read: Understood, account: Account, archive: Archive) -> Iterator[Finding]:
    """What was disposed of is not made anew by an export either (RULES R44)."""
    gone = {
        known.post
        for known in archive.posts.known(account.id)
        if archive.record(known.record_id).status in (Status.DESTROYING, Status.DISPOSED)
    }
    for post in read.posts:
        if f"{account.platform}:{post.id}" in gone:
            yield finding("I018", POSTS_PART, post=post.id)


def _write_parts(folder: Path, read: Understood, kept: Kept, url: str) -> None:
    for name in ("archive", "data", "text"):
        (folder / name).mkdir(parents=True)
    text = "\n\n".join(_shown(post) for post in read.posts)
    (folder / "text" / "visible.txt").write_text(text, "utf-8", "replace", "")
    (folder / POSTS_PART).write_bytes(posts_to_json(read.posts))
    told = json.dumps(report(read, kept), ensure_ascii=False, indent=2) + "\n"
    (folder / REPORT_PART).write_text(told, "utf-8", "replace", "")
    warc = WarcFile(folder / WARC, SecretReplacer(b""), {"software": f"insyn {version('insyn')}"})
    warc.add_resource(url, "text/plain; charset=utf-8", text.encode("utf-8", "replace"))
    warc.close()


def _shown(post: Post) -> str:
    """A post as text: when, what, what its pictures show, where it leads, and its comments."""
    at = post.published.at.isoformat() if post.published.at else post.published.shown or ""
    alts = [one.alt for one in post.media or () if one.alt]
    comments = [one.text for one in post.comments or () if one.text]
    return "\n".join(
        part for part in (at, post.text, *alts, *(post.links or ()), *comments) if part
    )


def _facts(read: Understood, handed: Handed, kept: Kept) -> dict[str, JsonValue]:
    """Where the export came from, what of it is kept; the newest post's time is the record's."""
    newest = max((p.published.at for p in read.posts if p.published.at), default=None)
    given = read.given
    return {
        "export_name": handed.path.name,
        "export_sha256": given.sha256 if given else None,
        "export_platform": read.platform,
        "export_bytes": given.size if given else None,
        "kept_sha256": kept.sha256,
        "kept_bytes": kept.size,
        "handed_over_by": handed.by,
        "fetched_on": handed.fetched_on.isoformat() if handed.fetched_on else None,
        "newest_post_at": newest.isoformat() if newest else None,
        "published_at": newest.isoformat() if newest else None,
    }
