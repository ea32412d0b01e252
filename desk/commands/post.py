"""`insyn post`: an account's posts, captured now; `insyn history`: one post through its days."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from desk.opening import open_archive, read_settings
from desk.options import JsonOption

if TYPE_CHECKING:
    from capture.legs.missed import Missed
    from capture.post_history import Version
    from capture.post_session import Looked
    from desk.printer import Printer

PostReason = Literal["posts", "before_removal", "on_request"]

app = typer.Typer(help="Posts with the dialogue under them.", no_args_is_help=True)


@app.command("capture")
def capture(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
    ordered_by: Annotated[
        str, typer.Option("--ordered-by", metavar="NAME", help="The person who orders it.")
    ],
    post: Annotated[
        str, typer.Option(help="One post alone, by its address or id: always a new record.")
    ] = "",
    reason: Annotated[PostReason, typer.Option(help="Why it is captured.")] = "posts",
    note: Annotated[str, typer.Option(help="What it is for. No outsiders' names.")] = "",
) -> None:
    """Capture what is new among an account's posts, and look again at what is due.

    The platform's open interfaces and feeds are asked too: what they have and the page does not
    show is told and captured.

    Interrupted, it goes on at the next post when it is run again. Exit 1: a post was not to be
    seen, and a gap says why.
    """
    from capture.legs.missed import lost_meanwhile
    from capture.post_orders import find_looks, one_look, run_looks
    from desk.printer import Printer
    from desk.progress import counted, waiting
    from storage.people import person
    from storage.record import Reason

    settings = read_settings()
    printer = Printer(settings.language)
    legs: list[Missed] = []
    with waiting(printer.word("posts.finding", account=account)):
        looks = (
            [one_look(settings, account, post, Reason(reason))]
            if post
            else find_looks(settings, account, person(ordered_by), told=legs.append)
        )
    for missed in legs:
        _tell_legs(printer, missed)
    done: list[Looked] = []
    with counted(printer.word("posts.looking")) as tell:

        def told(looked: "Looked") -> None:
            done.append(looked)
            tell(len(done))

        run_looks(
            settings,
            account,
            looks,
            Reason(reason),
            ordered_by=ordered_by,
            note=note,
            actor=person(ordered_by),
            told=told,
        )
    _tell(printer, done)
    if lost := [one for missed in legs for one in lost_meanwhile(missed, done)]:
        printer.findings(lost)
    raise typer.Exit(1 if any(one.gap_id for one in done) else 0)


@app.command("compare")
def compare(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
    server: Annotated[
        str, typer.Option(metavar="URL", help="The interface's address; else the platform's own.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Compare what is captured with the platform's open interfaces and feeds.

    No secret is needed. Exit 1: one has posts that another lacks, or was not read to its end.
    """
    from accounts.model import AccountId
    from capture.legs.comparing import compare as compared
    from desk.opening import open_register
    from desk.printer import Printer, print_json

    settings = read_settings()
    known = open_register(settings).account(account)
    with open_archive(settings) as archive:
        captured = archive.posts.known(AccountId(account))
    found = compared(known, captured, settings, server=server)
    if as_json:
        print_json(found)
    else:
        printer = Printer(settings.language)
        if found.findings:
            printer.findings(found.findings)
        for read in found.reads:
            facts = {"leg": read.leg, "found": read.found, "captured": found.captured}
            printer.say("posts.compared", **facts, differences=len(found.findings))
        for read in found.unread:
            printer.say("posts.not_whole", leg=read.leg, why=read.evidence or read.stopped_by)
    if found.findings or found.unread:
        raise typer.Exit(1)


@app.command("list")
def list_(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
) -> None:
    """List the posts that are captured, with when each was last seen."""
    from accounts.model import AccountId
    from desk.printer import Column, Printer, local, short_ids

    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings) as archive:
        known = archive.posts.known(AccountId(account))
    if not known:
        printer.say("posts.none")
        return
    ends = short_ids([one.record_id for one in known])
    names = ("post", "record", "first_at", "seen_at", "gone_at")
    printer.table(
        [Column(name=name, whole=True) for name in names],
        [
            (
                one.post,
                ends[one.record_id],
                local(one.first_at),
                local(one.seen_at),
                local(one.gone_at) if one.gone_at else "",
            )
            for one in known
        ],
    )


def history(
    post: Annotated[
        str, typer.Argument(metavar="POST", help="Its address, platform:id, id, or record.")
    ],
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the last two versions' pictures side by side."),
    ] = None,
) -> None:
    """Show a post through its versions.

    Every look at it, and what each version says otherwise, in words and in pictures.
    """
    from capture.post_history import side_by_side, versions
    from desk.printer import Column, Printer, local, short_ids

    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings) as archive:
        known = archive.posts.named(post)
        seen = archive.posts.sightings(known)
        ends = short_ids([one.record_id for one in seen])
        printer.title(f"{known.post} · {known.url}")
        printer.table(
            [Column(name=name, whole=True) for name in ("looked", "outcome", "record")],
            [
                (local(one.at), printer.word(f"post.{one.outcome}"), ends[one.record_id])
                for one in seen
            ],
        )
        found = versions(archive, known)
        _differences(printer, found)
        if picture is None:
            return
        if len(found) < 2:
            printer.say("history.one")
            return
        count = side_by_side(archive, found[-2].record, found[-1].record, picture)
        printer.say("history.picture", path=picture, count=count)


def _differences(printer: "Printer", found: "list[Version]") -> None:
    from capture.post_history import text_difference
    from desk.printer import local, short_id

    for number, (before, after) in enumerate(pairwise(found), start=2):
        when = local(after.record.captured_at)
        record = short_id(after.record.record_id)
        printer.title(printer.word("history.version", number=number, when=when, record=record))
        if before.post is None or after.post is None:
            printer.say("history.disposed")
            continue
        lines = text_difference(before.post, after.post, printer.word("history.hidden"))
        for line in lines:
            printer.line(line, {"+": "green", "-": "red"}.get(line[:1], ""))
        if not lines:
            printer.say("history.same")


def _tell_legs(printer: "Printer", missed: "Missed") -> None:
    """Which leg saw what, and what the walk of the page did not."""
    from desk.printer import Column

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


def _tell(printer: "Printer", done: "list[Looked]") -> None:
    if not done:
        printer.say("posts.nothing")
        return
    counts = Counter(one.outcome for one in done)
    walls = {one.outcome for one in done if one.gap_id}
    told = ", ".join(
        f"{printer.word(f'verdict.{name}' if name in walls else f'post.{name}')} {count}"
        for name, count in sorted(counts.items())
    )
    printer.say("posts.done", count=len(done), told=told)
