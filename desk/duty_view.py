"""How duties and gaps are shown. Opens nothing."""

from collections.abc import Sequence

from rich.text import Text

from accounts.duty import Duty, DutyState
from desk.printer import Column, Printer, day, local, short_id
from storage.gap import Gap

_STYLES = {
    DutyState.OVERDUE: "bold red",
    DutyState.FINAL_CAPTURE_DUE: "bold red",
    DutyState.FINAL_CAPTURE_MISSED: "bold red",
    DutyState.WARNED: "yellow",
    DutyState.DUE: "yellow",
    DutyState.DONE: "green",
}


def print_duties(printer: Printer, duties: Sequence[Duty]) -> None:
    """One line an account, and how many captures are to be made now."""
    printer.table(
        (
            Column(name="account"),
            Column(name="half_year", whole=True),
            Column(name="window", whole=True),
            Column(name="state"),
            Column(name="closed_by", whole=True),
            Column(name="gaps"),
            Column(name="missed"),
            Column(name="next", whole=True),
        ),
        (
            (
                duty.account,
                str(duty.half),
                f"{duty.window.opens:%m-%d} – {duty.window.closes:%m-%d}",
                _state(printer, duty),
                _closed_by(duty),
                _gaps(printer, duty),
                ", ".join(map(str, duty.missed)),
                day(duty.next_on),
            )
            for duty in duties
        ),
    )
    printer.say("duties.due", count=sum(duty.due for duty in duties))


def print_gaps(printer: Printer, gaps: Sequence[Gap]) -> None:
    """Gaps, the oldest first, and where their evidence lies in the bucket."""
    if not gaps:
        printer.say("gaps.none")
        return
    printer.table(
        (
            Column(name="gap", whole=True),
            Column(name="time", whole=True),
            Column(name="account"),
            Column(name="verdict"),
            Column(name="met_by", whole=True),
            Column(name="evidence"),
        ),
        (
            (
                short_id(gap.gap_id),
                local(gap.at),
                gap.account,
                printer.word(f"verdict.{gap.verdict}"),
                short_id(gap.met_by) if gap.met_by else "",
                gap.key,
            )
            for gap in gaps
        ),
    )


def _state(printer: Printer, duty: Duty) -> Text:
    cell = Text(printer.word(f"duty.{duty.state}"), style=_STYLES.get(duty.state, ""))
    if duty.dormant_since:
        cell.append("\n" + printer.word("dormant", since=duty.dormant_since), style="dim")
    return cell


def _closed_by(duty: Duty) -> str:
    capture = duty.final_capture or duty.closed_by
    return f"{short_id(capture.record_id)}, {local(capture.at)}" if capture else ""


def _gaps(printer: Printer, duty: Duty) -> str:
    told = (f"{printer.word(f'verdict.{gap.verdict}')} {local(gap.at)}" for gap in duty.gaps)
    return "\n".join(told)
