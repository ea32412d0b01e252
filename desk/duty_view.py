"""How duties and gaps are shown. Opens nothing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from rich.text import Text

from accounts.duty import Duty, DutyState
from accounts.notices import Notice
from accounts.stockholm import civil_date
from accounts.wind_up import WindUp
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


def print_duties(printer: Printer, duties: Sequence[Duty], paused: Collection[str]) -> None:
    """One line an account, which are paused, and how many captures are to be made now."""
    printer.table(
        (
            Column(name="account", least=14),
            Column(name="half_year", whole=True),
            Column(name="state", least=14),
            Column(name="closed_by", whole=True),
            Column(name="gaps", least=14),
            Column(name="missed"),
        ),
        (
            (
                duty.account,
                _half(duty),
                _state(printer, duty),
                _closed_by(duty),
                _gaps(printer, duty),
                ", ".join(map(str, duty.missed)),
            )
            for duty in duties
        ),
    )
    for account in sorted({duty.account for duty in duties} & set(paused)):
        printer.say("duties.paused", account=account)
    printer.say("duties.due", count=sum(duty.due for duty in duties))


def print_notices(printer: Printer, notices: Sequence[Notice], told: Mapping[str, date]) -> None:
    """What people have to do, and on which day they were told by mail."""
    if not notices:
        return
    printer.title(printer.word("notices"))
    for one in notices:
        text = one.sv if printer.language == "sv" else one.en
        day_told = told.get(one.key)
        when = printer.word("notice.told", day=day_told) if day_told else ""
        printer.line(f"• {text} {when}".rstrip())


def print_wind_ups(printer: Printer, wind_ups: Sequence[WindUp]) -> None:
    """Each wind-up, its steps with their days, and the next."""
    if not wind_ups:
        printer.say("wind_ups.none")
        return
    printer.table(
        (
            Column(name="account", least=14),
            Column(name="wind_up_declared_on", whole=True),
            Column(name="final_capture", whole=True),
            Column(name="verified_on", whole=True),
            Column(name="closed_on", whole=True),
            Column(name="told_on", whole=True),
            Column(name="next_step"),
        ),
        (
            (
                one.account,
                day(one.declared_on),
                short_id(one.final_capture.record_id) if one.final_capture else "",
                day(one.verified_on),
                day(one.closed_on),
                day(one.told_on),
                Text(
                    printer.word(f"wind_up.{one.step}"),
                    style="bold red" if one.too_early else "",
                ),
            )
            for one in wind_ups
        ),
    )
    for one in wind_ups:
        if one.too_early:
            printer.say("wind_up.too_early", account=one.account)


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
            Column(name="met_by", whole=True),
            Column(name="verdict", least=24),
        ),
        (
            (
                short_id(gap.gap_id),
                local(gap.at),
                gap.account,
                short_id(gap.met_by) if gap.met_by else "",
                Text.assemble(printer.word(f"verdict.{gap.verdict}"), "\n", (gap.key, "dim")),
            )
            for gap in gaps
        ),
    )


def _half(duty: Duty) -> Text:
    window = f"{duty.window.opens:%m-%d} – {duty.window.closes:%m-%d}"
    return Text.assemble(str(duty.half), "\n", (window, "dim"))


def _state(printer: Printer, duty: Duty) -> Text:
    cell = Text(printer.word(f"duty.{duty.state}"), style=_STYLES.get(duty.state, ""))
    if duty.next_on and not duty.due:
        cell.append("\n" + printer.word("next", day=duty.next_on), style="dim")
    if duty.dormant_since:
        cell.append("\n" + printer.word("dormant", since=duty.dormant_since), style="dim")
    return cell


def _closed_by(duty: Duty) -> Text:
    capture = duty.final_capture or duty.closed_by
    if capture is None:
        return Text()
    return Text.assemble(short_id(capture.record_id), "\n", (day(civil_date(capture.at)), "dim"))


def _gaps(printer: Printer, duty: Duty) -> Text:
    """The verdicts, each with the gaps of it: the day, the id, and the record that met it."""
    found: dict[str, list[str]] = {}
    for gap in duty.gaps:
        met = f" → {short_id(gap.met_by)}" if gap.met_by else ""
        told = f"{day(civil_date(gap.at))} {short_id(gap.gap_id)}{met}"
        found.setdefault(gap.verdict, []).append(told)
    return Text("\n").join(
        Text.assemble(printer.word(f"verdict.{verdict}"), "\n", ("\n".join(of), "dim"))
        for verdict, of in found.items()
    )
