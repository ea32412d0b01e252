"""A rule in words: its period, what it does and when, and what it rests on."""

from collections.abc import Sequence

from retention.period import Period, PeriodEnd
from retention.plan import Rule
from retention.words import word
from storage.standing import CaseRule, Condition, Trigger


def period_said(period: Period, language: str) -> str:
    """`1 år 6 månader`; `ingen ytterligare tid` for none."""
    years, months = divmod(period.months, 12)
    counted = (("year", years), ("month", months), ("day", period.days))
    told = (
        f"{n} {word(language, f'unit.{unit}' if n == 1 else f'unit.{unit}s')}"
        for unit, n in counted
        if n
    )
    return " ".join(told) or word(language, "period.none")


def term_said(rule: Rule, language: str) -> str:
    """`Gallras 1 år efter inaktualitet, vid kalenderårets slut`."""
    action = word(language, f"action.{rule.disposal_action}")
    if rule.retention_period is None:
        return action
    triggers = joined([f"trigger.{one}" for one in rule.trigger], "say.or", language)
    year = rule.period_end is PeriodEnd.CALENDAR_YEAR
    if rule.retention_period == Period(months=0, days=0):
        said = word(language, "say.at_once", action=action, trigger=triggers)
    else:
        period = period_said(rule.retention_period, language)
        said = word(language, "say.after", action=action, period=period, trigger=triggers)
    return said + (word(language, "say.year") if year else "")


def basis_said(rule: Rule, language: str) -> str:
    """The legal basis, with the authority's own decision to use it."""
    basis = rule.disposal_authority
    if basis.local_decision is None:
        return str(basis)
    return word(
        language,
        "say.local_decision",
        basis=basis,
        dnr=basis.local_decision.dnr,
        decided_on=basis.local_decision.decided_on,
    )


def mandate_said(rule: Rule, case: CaseRule | None, language: str) -> str:
    """What a disposal rests on: the case's rule where that governs, else the plan's."""
    return case.basis if case else basis_said(rule, language)


def case_said(case: CaseRule, language: str) -> str:
    """`Enligt ärendet: gallras 5 år efter ärendets avslut`."""
    year = word(language, "say.year") if case.year_end else ""
    period = period_said(Period.parse(case.period), language)
    return word(language, "say.by_case", period=period) + year


def waits_said(waits: Sequence[Trigger | Condition], language: str) -> str:
    """What has not come about: any of the triggers, each of the conditions."""
    triggers = [f"trigger.{one}" for one in waits if isinstance(one, Trigger)]
    conditions = [f"condition.{one}" for one in waits if isinstance(one, Condition)]
    parts = (joined(triggers, "say.or", language), joined(conditions, "say.and", language))
    return "; ".join(part for part in parts if part)


def joined(keys: Sequence[str], between: str, language: str) -> str:
    """Words in a row."""
    return word(language, between).join(word(language, key) for key in keys)
