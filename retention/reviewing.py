"""Reviewing a record (omprövning): what a person may decide, and what they decide on.

Whether the record is up for review is judged here; the archive sees that the reviewer has the
rule's role and that nothing has changed.
"""

from dataclasses import replace
from datetime import date

from retention.assess import Term, reckon
from retention.explain import Case
from storage.errors import Malformed, NotAllowed
from storage.people import Role
from storage.reviewing import Judgement
from storage.standing import Condition, Outcome


def judgement(case: Case, outcome: Outcome, until: date | None, reason: str) -> Judgement:
    """What `archive.review` takes; a review that was made before can be made anew.

    Raises:
        NotAllowed: the record is not up for review. Malformed: it may not be disposed of yet.
    """
    term = _term(case)
    if outcome is Outcome.DISPOSE and (faults := _against(case, term)):
        raise Malformed(f"Record {case.record.record_id} may not go by a review", faults)
    return Judgement(
        outcome=outcome,
        until=until,
        reason=reason,
        role=Role(term.rule.reviewer_role or Role.ARCHIVIST),
        generation=case.record.generation,
        plan=case.plan.version if case.plan else 0,
        rule_id=term.rule.rule_id,
        end=term.end,
    )


def _term(case: Case) -> Term:
    """The term that has passed, as it is without an earlier review."""
    found = reckon(case.record, replace(case.standing, review=None), case.plan)
    passed = isinstance(found, Term) and found.since <= case.today
    if not isinstance(found, Term) or not (passed or case.standing.review):
        raise NotAllowed(
            f"Record {case.record.record_id} is not up for review: see `insyn explain`."
        )
    if not (found.needs_review or case.standing.review):
        raise NotAllowed(
            f"Record {case.record.record_id} needs no review by its rule: see `insyn due`."
        )
    return found


def _against(case: Case, term: Term) -> list[str]:
    faults = []
    if term.since > case.today:
        faults.append(f"period: it runs until {term.end}")
    if term.rule.disposal_authority.local_decision is None:
        faults.append("local_decision: the plan has none for this rule (tillämpningsbeslut)")
    unmet = [one for one in term.rule.demands if one not in case.standing.conditions]
    if Condition.RESEARCH_REVIEWED in unmet:
        faults.append("research_reviewed: judge it first (insyn declare RECORD research_reviewed)")
    return faults
