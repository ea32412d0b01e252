"""From a plan's text to what the archive adopts, and back from what it adopted.

The archive keeps text and decision; which rules they are, and what they shorten, is found here.
"""

from dataclasses import dataclass
from datetime import date

from retention.compare import shortened
from retention.plan import Plan
from retention.reading import read_plan
from storage.archive import Archive
from storage.plans import AdoptedPlan, Adoption


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Who decided the plan, when, under which number, in force from when, and why it may shorten.

    `transition` is needed only where retention is shortened (RULES R23).
    """

    decided_by: str
    decided_on: date
    registration_number: str
    in_force_from: date
    transition: str


def adoption(text: bytes, name: str, decision: Decision, archive: Archive) -> Adoption:
    """What `archive.adopt_plan` takes: the plan, compared with all that it takes the place of.

    That is the version which governs on its first day, and every one that was to govern later.

    Raises:
        PlanFaults: the plan cannot be used.
    """
    plan = read_plan(text, name, decision.decided_on)
    overtaken = archive.plans_governing_from(decision.in_force_from)
    before = [adopted_plan(archive, version) for version in overtaken]
    versions = archive.plans()
    decided = {
        str(rule.rule_id): (local.dnr, local.decided_on)
        for rule in plan.rules
        if (local := rule.disposal_authority.local_decision) is not None
    }
    return Adoption(
        plan_id=plan.plan_id,
        text=text,
        decided_by=decision.decided_by,
        decided_on=decision.decided_on,
        registration_number=decision.registration_number,
        in_force_from=decision.in_force_from,
        follows=versions[-1].number if versions else 0,
        compared=tuple(version.number for version in overtaken),
        rules={rule.record_type: rule.rule_id for rule in plan.rules},
        local_decisions=decided,
        shortened=shortened(before, plan),
        transition=decision.transition,
    )


def adopted_plan(archive: Archive, version: AdoptedPlan) -> Plan:
    """The plan of an adopted version, read from the bucket as it was decided."""
    return plan_of(version, archive.plan_text(version))


def plan_of(version: AdoptedPlan, text: bytes) -> Plan:
    """The plan of an adopted version whose text is at hand."""
    name = f"{version.plan_id} {version.number}"
    return read_plan(text, name, version.decided_on, version=version.number)


def plan_in_force(archive: Archive, today: date) -> Plan | None:
    """The plan that governs on a day; None before the first was adopted."""
    version = archive.plan_in_force(today)
    return adopted_plan(archive, version) if version else None
