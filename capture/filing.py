"""A file that a person made or fetched, kept as a record: a block list, a list of hidden items.

The file lies beside the package as it was given (`media/{sha256}.csv`); the package has what was
said of it (`data/file.json`) and the text that is searched, which is that and no name in the list.
The same file for the same account and type is one record (RULES R12, R50).
"""

import json
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pydantic import JsonValue

from accounts.model import Account
from capture.handed import describe_handed
from capture.secrets import SecretReplacer
from capture.warc import WarcFile
from capture.workroom import workroom
from storage.archive import Archive
from storage.errors import Malformed, NotAllowed
from storage.package import WARC, Page, write_package
from storage.people import Actor
from storage.record import (
    HERE,
    AccountRef,
    Order,
    OrderId,
    Reason,
    Record,
    RecordType,
    file_sha256,
    utc_now,
)
from storage.settings import Settings

FILE_PART = "data/file.json"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A file to be kept, its record type, and what it is in words that name no outsider."""

    path: Path
    record_type: RecordType
    note: str


def file_record(
    paper: Paper, account: Account, *, settings: Settings, archive: Archive, actor: Actor
) -> Record:
    """Make a file a record of the account, as its owner hands it over; all of it or nothing.

    Raises:
        NotAllowed: the actor may not, the record is disposed of, or abuse material was reported at
            the account (RULES R48). Malformed: no note, no file, or a type that has no rule.
        StoreError, Damaged: the archive could not take it.
    """
    archive.demand_fileable(paper.record_type, actor)
    if faults := _faults(paper):
        raise Malformed(f"{paper.path.name} cannot be filed", faults)
    digest = file_sha256(paper.path)
    accepted = archive.accept(_order(paper, account, digest, actor), AccountRef.of(account), actor)
    if accepted.record is not None:
        return _known(accepted.record)
    with workroom(settings, "file") as room:
        page = Page(url=f"urn:sha256:{digest}", title=paper.note.strip(), at=utc_now())
        _write_parts(room / "parts", _facts(paper, digest), page)
        package = room / "capture.wacz"
        write_package(room / "parts", package, page=page, software=f"insyn {version('insyn')}")
        given = room / f"file{_suffix(paper.path)}"
        given.write_bytes(paper.path.read_bytes())
        if file_sha256(given) != digest:
            raise Malformed(f"{paper.path.name} cannot be filed", ["it changed while it was read"])
        description = describe_handed(
            accepted,
            account,
            paper.record_type,
            page,
            made_by=account.platform,
            facts=_facts(paper, digest),
            completeness={},
        )
        return archive.deposit(description, package, actor, [given])


def _faults(paper: Paper) -> list[str]:
    faults = [] if paper.note.strip() else ["note: say what it is"]
    if not paper.path.is_file():
        faults.append(f"file: {paper.path} is no file")
    elif not paper.path.stat().st_size:
        faults.append(f"file: {paper.path} is empty")
    return faults


def _known(record: Record) -> Record:
    if record.status not in HERE:
        raise NotAllowed(
            f"This file was filed as record {record.record_id}, which is {record.status}: it is "
            "not made anew."
        )
    return record


def _order(paper: Paper, account: Account, digest: str, actor: Actor) -> Order:
    return Order(
        order_id=OrderId(f"file/{account.id}/{paper.record_type}/{digest}"),
        account=account.id,
        reason=Reason.FILED,
        ordered_by=actor.name,
        note=paper.note.strip(),
        ordered_at=utc_now(),
    )


def _facts(paper: Paper, digest: str) -> dict[str, JsonValue]:
    return {
        "file_name": paper.path.name,
        "file_sha256": digest,
        "file_bytes": paper.path.stat().st_size,
    }


def _write_parts(folder: Path, facts: dict[str, JsonValue], page: Page) -> None:
    for name in ("archive", "data", "text"):
        (folder / name).mkdir(parents=True)
    text = f"{page.title}\n{facts['file_name']}\n"
    (folder / "text" / "visible.txt").write_text(text, "utf-8")
    told = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
    (folder / FILE_PART).write_text(told, "utf-8")
    warc = WarcFile(folder / WARC, SecretReplacer(b""), {"software": f"insyn {version('insyn')}"})
    warc.add_resource(page.url, "text/plain; charset=utf-8", text.encode())
    warc.close()


def _suffix(path: Path) -> str:
    """The file's own, where it is a plain one."""
    suffix = path.suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ".bin"
