"""How posts are shown: what was found and came of it, what is kept, one through its versions.

Opens nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import pairwise

from capture.legs.missed import Missed, lost_meanwhile
from capture.post_history import Marks, Version, text_difference
from capture.post_look import Look, Looked
from capture.post_orders import Finds
from desk.printer import Column, Printer, local, print_json, short_id, short_ids
from desk.progress import followed
from storage.archive import Archive
from storage.posts import KnownPost, Sighting, gone_for_good
from storage.record import HERE


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A post as it is listed; the numbers of comments are None where they were not read."""

    post: str
    record_id: str
    url: str
    first_at: datetime
    seen_at: datetime
    gone_at: datetime | None
    changed: tuple[str, ...]
    comments_shown: int | None
    comments_announced: int | None


def list_posts(archive: Archive, known: Sequence[KnownPost], *, comments: bool) -> list[Listed]:
    """Each post with what of it changed last, and with the numbers of its comments if wanted."""
    records = {one.record_id: one for one in archive.records()}
    things = followed(known, len(known), "") if comments else known
    listed = []
    for one in things:
        record = records[one.record_id]
        told = {}
        if comments and record.status in HERE:
            told = dict(archive.manifest(record).description.completeness)
        shown, announced = told.get("comments_shown"), told.get("comments_announced")
        listed.append(
            Listed(
                post=one.post,
                record_id=one.record_id,
                url=one.url,
                first_at=one.first_at,
                seen_at=one.seen_at,
                gone_at=one.gone_at,
                changed=record.changed,
                comments_shown=shown if isinstance(shown, int) else None,
                comments_announced=announced if isinstance(announced, int) else None,
            )
        )
    return listed


def print_posts(printer: Printer, listed: Sequence[Listed]) -> None:
    """A line a post."""
    ends = short_ids([one.record_id for one in listed])
    names = ("post", "record", "first_at", "seen_at", "gone_at", "posts.changed", "posts.comments")
    printer.table(
        [Column(name=name, whole=True) for name in names],
        [
            (
                one.post,
                ends[one.record_id],
                local(one.first_at),
                local(one.seen_at),
                local(one.gone_at),
                printer.word("post.changed") if one.changed else "",
                _comments(printer, one),
            )
            for one in listed
        ],
    )


def print_finds(printer: Printer, finds: Finds) -> None:
    """What stood before the feed, what cut the walk off, and what the legs saw."""
    if finds.gap_id:
        verdict = printer.word(f"verdict.{finds.feed.judgement.verdict}")
        printer.say("posts.wall", verdict=verdict, gap=finds.gap_id)
        for line in finds.feed.judgement.evidence:
            printer.line(f"  {line}")
    if finds.findings:
        printer.findings(finds.findings)
    _print_legs(printer, finds.missed)


def print_came_to(
    printer: Printer, finds: Finds | None, looks: Sequence[Look], done: Sequence[Looked]
) -> None:
    """What the looks came to, how many are left, and what was lost meanwhile."""
    if looks:
        walls = {one.outcome for one in done if one.gap_id}
        told = ", ".join(
            f"{printer.word(f'verdict.{name}' if name in walls else f'post.{name}')} {count}"
            for name, count in sorted(_counts(done).items())
        )
        printer.say("posts.done", count=len(done), told=told)
    elif not (finds and finds.gap_id):
        printer.say("posts.nothing")
    if left := len(looks) - len(done):
        printer.say("posts.left", count=left)
    if finds and (lost := lost_meanwhile(finds.missed, done)):
        printer.findings(lost)


def tell_captured(finds: Finds | None, looks: Sequence[Look], done: Sequence[Looked]) -> None:
    """The same as JSON."""
    missed = finds.missed if finds else None
    lost = lost_meanwhile(missed, done) if missed else ()
    print_json(
        {
            "verdict": finds.feed.judgement.verdict if finds else None,
            "gap": finds.gap_id if finds else None,
            "walk": {"posts": len(finds.feed.posts), "stopped_by": finds.feed.stopped_by}
            if finds
            else None,
            "legs": [
                {"leg": one.leg, "found": one.found, "stopped_by": one.stopped_by}
                for one in (missed.reads if missed else ())
            ],
            "findings": [
                *(finds.findings if finds else ()),
                *(missed.findings if missed else ()),
                *lost,
            ],
            "looks": [
                {
                    "post": one.look.post,
                    "url": one.look.url,
                    "outcome": one.outcome,
                    "record": one.record.record_id if one.record else None,
                    "gap": one.gap_id,
                }
                for one in done
            ],
            "counts": _counts(done),
            "left": len(looks) - len(done),
        }
    )


def print_sightings(printer: Printer, known: KnownPost, seen: Sequence[Sighting]) -> None:
    """A post's name and every look at it; what a second look found gone is gone for good."""
    ends = short_ids([one.record_id for one in seen])
    outcomes = [
        "gone_for_good" if gone_for_good(seen[: number + 1]) else one.outcome
        for number, one in enumerate(seen)
    ]
    printer.title(f"{known.post} · {known.url}")
    printer.table(
        [Column(name=name, whole=True) for name in ("looked", "outcome", "record")],
        [
            (local(one.at), printer.word(f"post.{outcome}"), ends[one.record_id])
            for one, outcome in zip(seen, outcomes, strict=True)
        ],
    )


def print_versions(printer: Printer, found: Sequence[Version]) -> None:
    """What each version says otherwise than the one before."""
    for number, (before, after) in enumerate(pairwise(found), start=2):
        when = local(after.record.captured_at)
        record = short_id(after.record.record_id)
        printer.title(printer.word("history.version", number=number, when=when, record=record))
        if before.post is None or after.post is None:
            printer.say("history.disposed")
            continue
        lines = text_difference(before.post, after.post, _marks(printer))
        for line in lines:
            printer.line(line, {"+": "green", "-": "red"}.get(line[:1], ""))
        if not lines:
            printer.say("history.same")


def tell_history(
    printer: Printer, known: KnownPost, seen: Sequence[Sighting], found: Sequence[Version]
) -> None:
    """A post's looks and versions as JSON; `difference` is None where a version is not here."""
    marks = _marks(printer)
    differences: list[list[str] | None] = [None]
    for before, after in pairwise(found):
        if before.post is None or after.post is None:
            differences.append(None)
        else:
            differences.append(text_difference(before.post, after.post, marks))
    print_json(
        {
            "post": known,
            "looks": seen,
            "gone_for_good": gone_for_good(seen),
            "versions": [
                {
                    "record": one.record.record_id,
                    "captured_at": one.record.captured_at,
                    "changed": one.record.changed,
                    "difference": lines,
                }
                for one, lines in zip(found, differences, strict=True)
            ],
        }
    )


def _counts(done: Sequence[Looked]) -> Counter[str]:
    return Counter(one.outcome for one in done)


def _comments(printer: Printer, one: Listed) -> str:
    if one.comments_shown is None:
        return ""
    if one.comments_announced is None:
        return str(one.comments_shown)
    return printer.word("posts.of", shown=one.comments_shown, announced=one.comments_announced)


def _marks(printer: Printer) -> Marks:
    names = [one.name for one in fields(Marks)]
    return Marks(**{name: printer.word(f"history.{name}") for name in names})


def _print_legs(printer: Printer, missed: Missed) -> None:
    """Which leg saw what, and what the walk of the page did not."""
    if not missed.reads:
        return
    counts = Counter(leg for one in missed.handed for leg in one.legs)
    printer.table(
        (
            Column(name="leg"),
            Column(name="posts.found", number=True),
            Column(name="posts.handed", number=True),
            Column(name="posts.end"),
        ),
        (
            (read.leg, str(read.found), str(counts[read.leg]), read.evidence or "")
            for read in missed.reads
        ),
    )
    if missed.findings:
        printer.findings(missed.findings)
