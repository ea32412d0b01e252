"""`insyn post`: an account's posts, captured now; `insyn history`: one post through its days."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from desk.opening import open_archive, read_settings
from desk.options import JsonOption

if TYPE_CHECKING:
    from capture.post_look import Looked
    from capture.post_orders import Asked, Finds
    from desk.printer import Printer
    from storage.settings import Settings

PostReason = Literal["posts", "before_removal", "on_request"]

app = typer.Typer(help="Posts with the dialogue under them.", no_args_is_help=True)


@app.command("capture")
def capture(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
    ordered_by: Annotated[
        str, typer.Option("--ordered-by", metavar="NAME", help="The person who orders it.")
    ],
    *,
    post: Annotated[
        str, typer.Option(help="One post alone, by its address or id: always a new record.")
    ] = "",
    reason: Annotated[PostReason, typer.Option(help="Why it is captured.")] = "posts",
    note: Annotated[str, typer.Option(help="What it is for. No outsiders' names.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Capture what is new among an account's posts, and look again at what is due.

    The platform's open interfaces and feeds are asked too: what they have and the page does not
    show is told and captured. Before a removal the post must be named (--post).

    Interrupted, it goes on at the next post when it is run again. Exit 1: a post was not to be
    seen, and a gap says why; 10 to 19: the account's page was not (docs/walls.md).
    """
    from capture.post_orders import Asked, names_a_post, one_look, run_looks
    from capture.walls import EXIT_CODES
    from desk.post_view import print_came_to, print_finds, tell_captured
    from desk.printer import Printer
    from desk.progress import counted
    from storage.people import person
    from storage.record import Reason

    settings = read_settings()
    printer = Printer(settings.language)
    names_a_post(Reason(reason), post)
    asked = Asked(account=account, reason=Reason(reason), ordered_by=ordered_by, note=note)
    finds = None if post else _found(printer, settings, asked)
    looks = finds.looks if finds else (one_look(settings, asked, post),)
    if finds and not as_json:
        print_finds(printer, finds)
    done: list[Looked] = []
    with counted(printer.word("posts.looking"), len(looks)) as tell:

        def told(looked: "Looked") -> None:
            done.append(looked)
            tell(len(done))

        run_looks(settings, asked, looks, person(ordered_by), told=told)
    if as_json:
        tell_captured(finds, looks, done)
    else:
        print_came_to(printer, finds, looks, done)
    if finds and finds.gap_id:
        raise typer.Exit(EXIT_CODES[finds.feed.judgement.verdict])
    raise typer.Exit(1 if any(one.gap_id for one in done) else 0)


def _found(printer: "Printer", settings: "Settings", asked: "Asked") -> "Finds":
    from capture.post_orders import find_looks
    from desk.progress import waiting
    from storage.people import person

    with waiting(printer.word("posts.finding", account=asked.account)):
        return find_looks(settings, asked, person(asked.ordered_by))


@app.command("compare")
def compare(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
    server: Annotated[
        str, typer.Option(metavar="URL", help="The interface's address; else the platform's own.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Compare what is captured with the platform's open interfaces and feeds.

    Posts by their ids, and of each how many comments there are. No secret is needed. Exit 1: one
    has posts that another lacks, or another number of comments, or was not read to its end.
    """
    from accounts.model import AccountId
    from capture.legs.comparing import compare as compared
    from capture.post_record import recorded_comments
    from desk.opening import open_register
    from desk.printer import Printer, print_json

    settings = read_settings()
    known = open_register(settings).account(account)
    with open_archive(settings) as archive:
        captured = archive.posts.known(AccountId(account))
        shown = partial(recorded_comments, archive)
        found = compared(known, captured, settings, shown, server=server)
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
    *,
    comments: Annotated[
        bool,
        typer.Option("--comments", help="With comments shown and announced: reads each record."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the posts that are captured, with when each was last seen."""
    from accounts.model import AccountId
    from desk.opening import open_register
    from desk.post_view import list_posts, print_posts
    from desk.printer import Printer, print_json

    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings) as archive:
        known = archive.posts.known(AccountId(account))
        if not known:
            open_register(settings).account(account)
        listed = list_posts(archive, known, comments=comments)
    if as_json:
        print_json(listed)
    elif not listed:
        printer.say("posts.none")
    else:
        print_posts(printer, listed)


def history(
    post: Annotated[
        str, typer.Argument(metavar="POST", help="Its address, platform:id, id, or record.")
    ],
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write two versions' pictures side by side: the last two, or else."
        ),
    ] = None,
    before: Annotated[
        int, typer.Option("--from", metavar="N", help="The picture's left version, counted from 1.")
    ] = 0,
    after: Annotated[
        int, typer.Option("--to", metavar="N", help="Its right version; else the newest.")
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Show a post through its versions.

    Every look at it, and what each version says otherwise, in words and in pictures.
    """
    from capture.post_history import pair_of, side_by_side, versions
    from desk.post_view import print_sightings, print_versions, tell_history
    from desk.printer import Printer

    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings) as archive:
        known = archive.posts.named(post)
        seen, found = archive.posts.sightings(known), versions(archive, known)
        if as_json:
            tell_history(printer, known, seen, found)
        else:
            print_sightings(printer, known, seen)
            print_versions(printer, found)
        if picture is None:
            return
        if len(found) < 2:
            printer.say("history.one")
            return
        left, right = pair_of(found, before, after)
        changed = side_by_side(archive, left.record, right.record, picture)
    if not as_json:
        printer.say("history.picture", path=picture, count=len(changed))
