"""How records are shown: the list of what was found, and one record with all that is known of it.

Shows; opens nothing. The one act here is the check of a downloaded package against its digest.
"""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import JsonValue
from rich.text import Text

from desk.printer import Column, Printer, day, local, short_id, short_ids, size, value_text
from storage.catalogue import Hit
from storage.holds import Hold
from storage.record import (
    Description,
    Manifest,
    Part,
    Provenance,
    Record,
    RecordId,
    Status,
    StoredObject,
    today,
)
from storage.restricting import Restriction
from storage.tombstone import Tombstone

_ENDED_BEFORE = frozenset({"height", "posts", "time", "wall"})
"""What ends a picture before the page's own end."""


def print_hits(
    printer: Printer,
    hits: Sequence[Hit],
    count: int,
    stones: Mapping[RecordId, Tombstone],
    whole: Mapping[RecordId, Mapping[str, JsonValue]],
) -> None:
    """What was found, tombstones among it, how whole it is, and how many more there are."""
    if not hits:
        printer.say("found.none")
        return
    ends = short_ids([hit.record.record_id for hit in hits])
    printer.table(
        (
            Column(name="record", whole=True),
            Column(name="captured_at", whole=True),
            Column(name="account"),
            Column(name="reason"),
            Column(name="title", least=24),
            Column(name="changed"),
            Column(name="standing"),
            Column(name="shows"),
            Column(name="size", number=True),
        ),
        ((ends[hit.record.record_id], *_cells(printer, hit, stones, whole)) for hit in hits),
    )
    excerpts = [(ends[hit.record.record_id], hit.excerpt) for hit in hits if hit.excerpt]
    if excerpts:
        printer.table((Column(name="record", whole=True), Column(name="excerpt")), excerpts)
    printer.say("found.count", shown=len(hits), count=count, example=ends[hits[0].record.record_id])


def standing(printer: Printer, record: Record, stone: Tombstone | None = None) -> str:
    """Whether a record is kept, held or gone, in a word; by which rule it was disposed of."""
    if stone is not None and stone.purged:
        return printer.word("purged")
    if stone is not None and stone.handover is not None:
        handed = stone.handover
        return printer.word("transferred_to", name=handed.received_by, reference=handed.reference)
    if stone is not None and stone.rule_id:
        return printer.word("disposed_by", rule=stone.rule_id, plan=stone.plan)
    apart = [printer.word("apart")] if record.restricted else []
    if record.held:
        return ", ".join([*apart, printer.word("held")])
    if apart:
        return apart[0]
    return "" if record.status is Status.ACTIVE else printer.word(f"record.{record.status}")


def shows(printer: Printer, completeness: Mapping[str, JsonValue]) -> str:
    """How much of what the page had stands in the pictures, and what ended them before its end."""
    told = [
        printer.word(f"shows.{what}", part=completeness[part], whole=completeness[all_])
        for what, part, all_ in (
            ("posts", "posts_painted", "posts_seen"),
            ("comments", "comments_shown", "comments_announced"),
        )
        if completeness.get(part) is not None and completeness.get(all_)
    ]
    if (ended := completeness.get("stopped_by")) in _ENDED_BEFORE:
        told.append(printer.word(f"stopped.{ended}"))
    return ", ".join(told)


def print_record(
    printer: Printer,
    record: Record,
    manifest: Manifest | None,
    holds: Sequence[Hold],
    restriction: Restriction | None,
) -> None:
    """All that is known of a record; a disposed one has no manifest any more, and that of one that
    is kept apart is shown to few.
    """
    said = manifest.description if manifest is not None else None
    title, url = (said.title, said.final_url) if said else (record.title, record.url)
    printer.title(f"{title or record.handle} · {short_id(record.record_id)}")
    printer.facts(_identity(printer, record, url))
    if restriction is not None:
        printer.facts(_restricted(restriction))
    if manifest is None:
        printer.say("apart.closed" if record.restricted else "disposed")
    else:
        _described(printer, manifest)
    if holds:
        print_holds(printer, holds)
    if manifest is not None:
        _stored(printer, manifest)


def print_captured(printer: Printer, record: Record, manifest: Manifest, *, anew: bool) -> None:
    """What a capture gave: the record, its completeness, what changed, and where to look."""
    said = manifest.description
    pictures = [part.name for part in manifest.parts if part.name.startswith("pictures/")]
    printer.facts(
        (
            ("verdict", printer.word("verdict.ok" if anew else "capture.known")),
            ("record", record.record_id),
            ("title", record.title),
            ("captured_at", local(record.captured_at)),
            ("parts", f"{len(manifest.parts)}, {size(record.size)}"),
        )
    )
    _pairs(printer, "completeness", said.completeness.items())
    _changed(printer, said)
    printer.console.print()
    end = short_id(record.record_id)
    printer.say("look", record=end)
    if pictures:
        printer.say("look.picture", record=end, picture=min(pictures))


def person_name(actor: str) -> str:
    """Who acted, without saying that it is a person."""
    return actor.removeprefix("person:")


def _review(printer: Printer, hold: Hold) -> str:
    """When a hold is to be looked at again, and whether that is now."""
    if hold.review_due(today()):
        return printer.word("hold.review_due", day=hold.review_by)
    return day(hold.review_by)


def print_holds(printer: Printer, holds: Sequence[Hold]) -> None:
    """Holds, each with who placed it and why."""
    ends = short_ids([hold.hold_id for hold in holds])
    printer.title(printer.word("holds"))
    printer.table(
        (
            Column(name="hold", whole=True),
            Column(name="ground"),
            Column(name="why"),
            Column(name="placed_by"),
            Column(name="placed_at", whole=True),
            Column(name="review_by", whole=True),
            Column(name="records", number=True),
            Column(name="state"),
        ),
        (
            (
                ends[hold.hold_id],
                printer.word(f"ground.{hold.ground}"),
                hold.reason,
                person_name(hold.placed_by),
                local(hold.placed_at),
                _review(printer, hold),
                str(hold.members),
                printer.word("stands") if hold.active else _lifted(printer, hold),
            )
            for hold in holds
        ),
    )


def _cells(
    printer: Printer,
    hit: Hit,
    stones: Mapping[RecordId, Tombstone],
    whole: Mapping[RecordId, Mapping[str, JsonValue]],
) -> Iterable[str]:
    record = hit.record
    yield local(record.captured_at)
    yield record.account
    yield printer.word(f"reason.{record.reason}")
    yield record.title
    yield ", ".join(record.changed)
    yield standing(printer, record, stones.get(record.record_id))
    yield shows(printer, whole.get(record.record_id, {}))
    yield size(record.size)


def _lifted(printer: Printer, hold: Hold) -> str:
    by = person_name(hold.lifted_by)
    return printer.word("lifted", by=by, at=local(hold.lifted_at), why=hold.lift_reason)


def _identity(printer: Printer, record: Record, url: str) -> Iterable[tuple[str, str]]:
    yield "id", record.record_id
    yield "record_type", printer.word(f"type.{record.record_type}")
    yield "account", f"{record.account} ({record.platform} · {record.handle})"
    yield "unit", record.unit
    yield "reason", printer.word(f"reason.{record.reason}")
    yield "captured_at", local(record.captured_at)
    yield "address", url
    yield "state", printer.word(f"record.{record.status}")
    yield "size", size(record.size) if record.size else ""


def _restricted(said: Restriction) -> Iterable[tuple[str, str]]:
    yield "registration_number", said.number
    yield "provision", said.provision
    yield "why", said.reason


def _described(printer: Printer, manifest: Manifest) -> None:
    said = manifest.description
    printer.title(printer.word("order"))
    printer.facts(
        (
            ("id", said.order.order_id),
            ("ordered_by", said.order.ordered_by),
            ("ordered_at", local(said.order.ordered_at)),
            ("note", said.order.note),
        )
    )
    _pairs(printer, "facts", said.facts.items())
    _pairs(printer, "completeness", said.completeness.items())
    _changed(printer, said)
    printer.title(printer.word("provenance"))
    printer.facts(_provenance(said.provenance))


def _changed(printer: Printer, said: Description) -> None:
    if said.changes:
        printer.title(printer.word("changes_since", record=short_id(said.previous or "")))
        printer.table(
            (Column(name="fact"), Column(name="before"), Column(name="after")),
            ((c.field, value_text(c.before), value_text(c.after)) for c in said.changes),
        )


def _pairs(printer: Printer, title: str, pairs: Iterable[tuple[str, object]]) -> None:
    rows = [(name, value_text(value)) for name, value in pairs]
    if rows:
        printer.title(printer.word(title))
        printer.table((Column(name="fact", whole=True), Column(name="value")), rows)


def _provenance(made: Provenance) -> Iterable[tuple[str, str]]:
    views = (f"{v.name} {v.width} × {v.height}, {v.ratio:g}" for v in made.viewports)
    replaced = (f"{s.where} {s.name} × {s.count}" for s in made.secrets_replaced)
    yield "browser", made.browser
    yield "user_agent", made.user_agent
    yield "locale", f"{made.locale}, {made.timezone}"
    yield "login", made.login
    if by := made.signed_in:
        yield "login_owner", f"{by.owner}, {by.made_on}, {local(by.verified_at)}"
    yield "viewports", "\n".join(views)
    yield "recipe", f"{made.recipe.platform}, {made.recipe.checked_on}, {made.recipe.sha256}"
    yield "consent", value_text(dict(made.consent)) if made.consent else ""
    yield "settle", value_text(dict(made.settle)) if made.settle else ""
    yield "web_archive", made.warc
    yield "secrets_replaced", "\n".join(replaced)
    yield "software", ", ".join(f"{name} {told}" for name, told in made.software.items())


def _stored(printer: Printer, manifest: Manifest) -> None:
    columns = (Column(name="name"), Column(name="media_type"), Column(name="size", number=True))
    printer.title(printer.word("parts"))
    printer.table(columns, (_stored_row(part.name, part) for part in manifest.parts))
    printer.title(printer.word("objects"))
    printer.table(columns, (_stored_row(one.key, one) for one in manifest.objects))


def _stored_row(name: str, stored: Part | StoredObject) -> tuple[Text, str, str]:
    cell = Text(name)
    if isinstance(stored, StoredObject):
        cell.append(f"\nversion {stored.version_id}", style="dim")
    cell.append(f"\nsha256 {stored.sha256}", style="dim")
    return cell, stored.media_type, size(stored.size)
