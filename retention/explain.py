"""Why a record is kept or may go, in words: rule, basis, trigger, arithmetic, holds, verdict."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from retention.assess import Term, assess, case_rule, may_go, reckon
from retention.period import Period, PeriodEnd, end_date
from retention.phrases import case_said, mandate_said, period_said, term_said, waits_said
from retention.plan import Plan, Rule
from retention.verdict import (
    Blocked,
    Due,
    Gone,
    Keep,
    Preserve,
    Review,
    Unclassified,
    Verdict,
)
from retention.words import word
from storage.plans import AdoptedPlan
from storage.record import Record, Status
from storage.standing import Event, Outcome, Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of an explanation: what it is about, and what is so."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """All that an explanation rests on."""

    record: Record
    standing: Standing
    plan: Plan | None
    decision: AdoptedPlan | None
    today: date


def explain(case: Case, language: str) -> tuple[Line, ...]:
    """The whole of it, line by line, in `sv` or `en`."""
    found = reckon(case.record, case.standing, case.plan)
    verdict = assess(case.record, case.standing, case.plan, case.today)
    rule = getattr(found, "rule", None)
    told = [
        ("record", f"{case.record.record_id} ({case.record.record_type or '–'})"),
        ("plan", plan_said(case.plan, case.decision, language)),
        *(_of_rule(case.standing, rule, language) if rule else ()),
        *(_of_term(found, language) if isinstance(found, Term) else ()),
        *_of_review(case, found, language),
        ("number", _number(case.standing, language)),
        ("holds", _holds(case.standing, language)),
    ]
    lines = [Line(heading=word(language, f"line.{key}"), text=text) for key, text in told]
    heading = word(language, "line.verdict", today=case.today)
    return (*lines, Line(heading=heading, text=verdict_said(case, verdict, language)))


def plan_said(plan: Plan | None, decision: AdoptedPlan | None, language: str) -> str:
    """Which plan and version, who decided it, when and under which number (RULES R20)."""
    if plan is None:
        return word(language, "say.no_plan")
    if decision is None:
        return f"{plan.title.said(language)}, {word(language, 'say.draft')}"
    version = word(
        language,
        "say.version",
        number=decision.number,
        decided_on=decision.decided_on,
        decided_by=decision.decided_by,
        dnr=decision.registration_number,
    )
    return f"{plan.title.said(language)}, {version}"


def verdict_said(case: Case, verdict: Verdict, language: str) -> str:
    """A verdict in a sentence."""
    facts: dict[str, object] = {}
    match verdict:
        case Preserve():
            key, facts = f"ground.{verdict.ground}", {"created": case.standing.created_on}
        case Keep(until=None):
            waits = waits_said(verdict.waits_for, language)
            key, facts = ("verdict.waits", {"waits": waits}) if waits else ("verdict.never", {})
        case Keep():
            key, facts = "verdict.keep", {"until": verdict.until}
        case Review():
            key, facts = "verdict.review", {"since": verdict.since}
        case Due():
            transfers = verdict.rule.ends_as is Status.TRANSFERRED
            key = "verdict.due_transferred" if transfers else "verdict.due"
            facts = {"since": verdict.since}
        case Blocked():
            otherwise = verdict_said(case, verdict.otherwise, language)
            key, facts = "verdict.blocked", {"count": len(verdict.holds), "otherwise": otherwise}
        case Unclassified():
            key, facts = f"doubt.{verdict.why}", {"record_type": case.record.record_type}
        case Gone():
            key = "verdict.gone"
            facts = {"status": word(language, f"gone.{verdict.status}")}
        case _:
            assert_never(verdict)
    return word(language, key, **facts)


def _of_rule(standing: Standing, rule: Rule, language: str) -> Iterator[tuple[str, str]]:
    yield "rule", f"{rule.rule_id} {rule.label.said(language)}"
    case = case_rule(standing, rule)
    yield "basis", mandate_said(rule, case, language)
    yield "term", case_said(case, language) if case else term_said(rule, language)
    yield "created", standing.created_on.isoformat()
    for condition in rule.demands:
        said = word(language, f"condition.{condition}")
        met = standing.conditions.get(condition)
        if met is None:
            yield "conditions", word(language, "say.unmet", condition=said)
        else:
            source = _source(met, language)
            yield "conditions", word(language, "say.met", condition=said, on=met.on, source=source)


def _of_term(term: Term, language: str) -> Iterator[tuple[str, str]]:
    trigger = word(language, f"trigger.{term.trigger}")
    yield "trigger", f"{trigger} {term.event.on}, {_source(term.event, language)}"
    exact = end_date(term.event.on, term.period, PeriodEnd.EXACT)
    year = term.period_end is PeriodEnd.CALENDAR_YEAR
    counted = word(
        language,
        "say.count",
        start=term.event.on,
        period=_added(term.period, language),
        day=exact,
        year=word(language, "say.year_end") if year else "",
        end=term.end,
    )
    yield "arithmetic", f"{counted} {word(language, 'say.first', since=term.since)}"


def _of_review(case: Case, found: object, language: str) -> Iterator[tuple[str, str]]:
    """What the last review came to, and whether that still counts."""
    review = case.standing.review
    if review is None or case.plan is None:
        return
    said = word(
        language,
        f"review.{review.outcome}",
        on=review.on,
        by=review.by.partition(":")[2],
        until=review.until,
        reason=review.reason,
    )
    lapsed = review.outcome is Outcome.DISPOSE and not (
        isinstance(found, Term) and may_go(found, review, case.plan)
    )
    yield "review", f"{said} {word(language, 'review.lapsed')}" if lapsed else said


def _added(period: Period, language: str) -> str:
    nothing = period == Period(months=0, days=0)
    return f"0 {word(language, 'unit.days')}" if nothing else period_said(period, language)


def _source(event: Event, language: str) -> str:
    by = event.by.partition(":")[2]
    return word(language, f"source.{event.source}", by=by, reason=event.reason)


def _number(standing: Standing, language: str) -> str:
    number = standing.registration_number or word(language, "say.missing")
    return f"{number} ({word(language, 'say.needs_case')})" if standing.needs_case else number


def _holds(standing: Standing, language: str) -> str:
    told = (
        f"{hold.hold_id} ({word(language, f'hold.{hold.ground}')}): {hold.reason}"
        for hold in standing.holds
    )
    return "; ".join(told) or word(language, "say.none")
