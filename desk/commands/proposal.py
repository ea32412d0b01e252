"""`insyn proposal`: proposals for disposal drawn up, looked at, struck from, approved, ended."""

from typing import Annotated

import typer

from desk.acting import acting
from desk.opening import open_archive, open_register, read_settings
from desk.options import JsonOption

app = typer.Typer(help="Proposals for disposal, and their approval.", no_args_is_help=True)

ProposalArgument = Annotated[
    str, typer.Argument(metavar="PROPOSAL", help="A proposal's id, or the last characters of it.")
]
ReasonOption = Annotated[str, typer.Option(help="The reason in words.")]
_TEST = "the archivist's judgement in words, without personal data"


@app.command()
def draw() -> None:
    """Draw up one proposal for each rule and unit, of what is due today."""
    from desk.printer import Printer
    from retention.adopting import plan_in_force
    from retention.proposal import draw_up
    from storage.record import today, utc_now

    settings = read_settings()
    printer = Printer(settings.language)
    closed = open_register(settings).closed
    with open_archive(settings) as archive:
        plan = plan_in_force(archive, today())
        drawn = draw_up(archive, plan, closed, utc_now(), acting(settings)) if plan else []
    for proposal_id in drawn:
        printer.say("proposal.drawn", proposal=proposal_id)
    if not drawn:
        printer.say("proposal.none_drawn")


@app.command("list")
def list_proposals(
    every: Annotated[bool, typer.Option("--all", help="Those that ended, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the proposals that are open."""
    from desk.disposal_view import print_proposals
    from desk.printer import Printer, print_json
    from storage.proposals import OPEN, State
    from storage.record import utc_now

    settings = read_settings()
    with open_archive(settings) as archive:
        proposals = archive.disposals.all(frozenset(State) if every else OPEN)
    if as_json:
        print_json(proposals)
    else:
        print_proposals(Printer(settings.language), proposals, utc_now())


@app.command()
def show(proposal: ProposalArgument, as_json: JsonOption = False) -> None:
    """Show a proposal: rule, basis, approvals, every record with its dates and holds."""
    from desk.disposal_view import print_proposal
    from desk.printer import Printer, print_json
    from storage.record import utc_now

    settings = read_settings()
    with open_archive(settings) as archive:
        shown = archive.disposals.named(proposal)
        items = archive.disposals.items(shown.proposal_id)
        held = archive.disposals.held(shown.proposal_id)
    if as_json:
        print_json({"proposal": shown, "items": items, "held": held})
    else:
        print_proposal(Printer(settings.language), shown, items, held, utc_now())


@app.command()
def strike(
    proposal: ProposalArgument,
    records: Annotated[
        list[str], typer.Argument(metavar="RECORD...", help="Ids, or the last characters of them.")
    ],
    reason: ReasonOption,
) -> None:
    """Strike records off a list, where they stay as struck; approvals stand."""
    from desk.printer import Printer

    settings = read_settings()
    with open_archive(settings) as archive:
        shown = archive.disposals.named(proposal)
        struck = [archive.record(one).record_id for one in records]
        archive.disposals.strike(shown.proposal_id, struck, reason, acting(settings))
    Printer(settings.language).say("proposal.struck", count=len(struck), proposal=shown.proposal_id)


@app.command()
def approve(
    *,
    proposal: ProposalArgument,
    digest: Annotated[
        str, typer.Option(help="The list's digest as you saw it; else as it is now.")
    ] = "",
    insight: Annotated[str, typer.Option(help=f"Is insight not set aside? {_TEST}")] = "",
    justice: Annotated[str, typer.Option(help="No value for justice? The same.")] = "",
    administration: Annotated[
        str, typer.Option(help="No value for administration? The same.")
    ] = "",
    research: Annotated[str, typer.Option(help="No value for research? The same.")] = "",
    periods: Annotated[
        str, typer.Option(help="Are limitation and audit periods out? The same.")
    ] = "",
) -> None:
    """Approve a list: first its owner, then an archivist, over the cap a third person.

    The archivist answers the four tests and the question of periods, each in words.
    """
    from desk.printer import Printer, local
    from storage.proposals import Attestation
    from storage.proposing import Signature
    from storage.record import utc_now

    settings = read_settings()
    printer = Printer(settings.language)
    answered = Attestation(
        insight=insight,
        justice=justice,
        administration=administration,
        research=research,
        periods=periods,
    )
    with open_archive(settings) as archive:
        shown = archive.disposals.named(proposal)
        signature = Signature(digest=digest or shown.digest, attestation=answered)
        approved = archive.disposals.approve(
            shown.proposal_id, signature, acting(settings), utc_now()
        )
    state = printer.word(f"proposal_state.{approved.stored}")
    printer.say("proposal.approved", proposal=approved.proposal_id, state=state)
    if approved.ready_at is not None:
        printer.say("proposal.ready_at", at=local(approved.ready_at))


@app.command()
def reject(proposal: ProposalArgument, reason: ReasonOption) -> None:
    """Reject a proposal: its records are kept, and may be proposed anew."""
    from storage.proposals import State

    _end(proposal, State.REJECTED.value, reason)


@app.command()
def withdraw(proposal: ProposalArgument, reason: ReasonOption) -> None:
    """Take a proposal back before its execution has begun."""
    from storage.proposals import State

    _end(proposal, State.WITHDRAWN.value, reason)


@app.command()
def resume(proposal: ProposalArgument, reason: ReasonOption) -> None:
    """Let a disposal go on that was paused because too much went wrong."""
    from desk.printer import Printer

    settings = read_settings()
    with open_archive(settings) as archive:
        shown = archive.disposals.named(proposal)
        archive.disposals.resume(shown.proposal_id, reason, acting(settings))
    Printer(settings.language).say("proposal.resumed", proposal=shown.proposal_id)


def _end(proposal: str, to: str, reason: str) -> None:
    from desk.printer import Printer
    from storage.proposals import State

    settings = read_settings()
    printer = Printer(settings.language)
    with open_archive(settings) as archive:
        shown = archive.disposals.named(proposal)
        archive.disposals.end(shown.proposal_id, State(to), reason, acting(settings))
    state = printer.word(f"proposal_state.{to}")
    printer.say("proposal.ended", proposal=shown.proposal_id, state=state)
