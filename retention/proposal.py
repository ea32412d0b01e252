"""Drawing up proposals for disposal: one for each rule and unit, of what is due (RULES R32, R34).

What is up for review, held or on another open list is left out. Draws; decides nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from accounts.stockholm import civil_date
from retention.assess import Term, reckon
from retention.due import Found, due
from retention.phrases import mandate_said
from retention.plan import Plan, Rule, RuleId
from retention.verdict import Due
from storage.archive import Archive
from storage.catalogue.standings import Closed
from storage.people import Actor
from storage.proposals import Candidate, Drawing, ProposalId


def draw_up(
    archive: Archive, plan: Plan, closed: Closed, now: datetime, actor: Actor
) -> list[ProposalId]:
    """A frozen proposal for each rule and unit that has records due and on no open list.

    What has expired, or was drawn by another plan, is ended first: its records are proposed anew.

    Raises:
        NotAllowed: the actor may not propose.
    """
    archive.disposals.lapse(now)
    found = due(plan, civil_date(now), lambda wanted: archive.reached(wanted, closed))
    listed = ((record, standing) for record, standing, verdict in found if isinstance(verdict, Due))
    drawn = (archive.disposals.draw(one, actor) for one in drawings(plan, listed))
    return [proposal_id for proposal_id in drawn if proposal_id is not None]


def drawings(plan: Plan, found: Iterable[Found]) -> Iterator[Drawing]:
    """What would be proposed of these records, by rule, unit and what it rests on, in order."""
    rules: dict[RuleId, Rule] = {rule.rule_id: rule for rule in plan.rules}
    groups: Mapping[tuple[RuleId, str, str], list[Candidate]] = defaultdict(list)
    for record, standing in found:
        term = reckon(record, standing, plan)
        if isinstance(term, Term):
            basis = mandate_said(term.rule, term.case, "sv")
            groups[term.rule.rule_id, record.unit, basis].append(
                Candidate(
                    record_id=record.record_id,
                    generation=record.generation,
                    period_start=term.event.on,
                    period_end=term.end,
                    since=term.since,
                )
            )
    for (rule_id, unit, basis), candidates in sorted(groups.items()):
        rule = rules[rule_id]
        yield Drawing(
            plan=plan.version,
            rule_id=rule_id,
            record_type=rule.record_type,
            unit=unit,
            basis=basis,
            candidates=tuple(candidates),
            ends_as=rule.ends_as,
        )
