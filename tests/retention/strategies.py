"""Random plans, histories and days, for the laws that must always hold."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from accounts.model import AccountId
from retention.period import Period, PeriodEnd
from retention.plan import (
    Action,
    ActivityClass,
    Authority,
    Direction,
    Label,
    LocalDecision,
    Plan,
    Registration,
    Rule,
    RuleId,
    Secrecy,
)
from storage.holds import Ground, HoldId
from storage.record import Reason, Record, RecordId, RecordType, Status
from storage.standing import (
    CaseAction,
    CaseRule,
    Condition,
    Event,
    Outcome,
    Reviewed,
    Source,
    Standing,
    StandingHold,
    Trigger,
)

NO_WORDS = Label(sv="", en="")
HOLD = StandingHold(hold_id=HoldId("H1"), ground=Ground.RESEARCH_VALUE, reason="Unik")

RECORD = Record(
    record_id=RecordId("01KTESTRECORD0000000000000"),
    record_type=RecordType("spam"),
    account=AccountId("ki"),
    platform="torget",
    handle="ki",
    unit="Kommunikationsavdelningen",
    reason=Reason.POSTS,
    captured_at=datetime(2024, 2, 29, 10, 0, tzinfo=UTC),
    title="",
    url="",
    changed=(),
    size=1,
    status=Status.ACTIVE,
    generation=0,
    held=False,
    restricted=False,
    manifest_key="",
    manifest_version="",
    manifest_sha256="",
)

RULE = Rule(
    rule_id=RuleId("SM-11"),
    record_type=RecordType("spam"),
    label=Label(sv="Skräp", en="Spam"),
    classification_code="SM.11",
    activity_class=ActivityClass.SUPPORT,
    direction=Direction.INCOMING,
    disposal_action=Action.DESTROY,
    trigger=(Trigger.MODERATED,),
    retention_period=Period(months=12, days=0),
    period_end=PeriodEnd.EXACT,
    created_from=None,
    created_to=None,
    valid_from=None,
    valid_to=None,
    disposal_authority=Authority(
        instrument="RA-FS 2021:6",
        section="",
        annex_item="",
        local_decision=LocalDecision(dnr="1-1/2026", decided_on=date(2026, 1, 7)),
    ),
    conditions=(),
    registration=Registration.NONE,
    secrecy_default=Secrecy.OPEN,
    responsible_role="owner",
    reviewer_role="archivist",
    research_review=False,
    source="",
    remarks=NO_WORDS,
)

STANDING = Standing(
    record_id=RECORD.record_id,
    events={Trigger.CREATED: Event(on=date(2024, 2, 29), source=Source.CAPTURE)},
    conditions={},
    holds=(),
    registration_number="",
    needs_case=False,
    case=None,
    review=None,
)


def plan_of(*rules: Rule) -> Plan:
    return Plan(plan_id="test", title=NO_WORDS, authority="KI", rules=rules, version=1)


def with_event(trigger: Trigger, on: str, standing: Standing = STANDING) -> Standing:
    event = Event(on=date.fromisoformat(on), source=Source.DECLARED, by="person:Eva", reason="r")
    return replace(standing, events={**standing.events, trigger: event})


DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2040, 12, 31)) | st.sampled_from(
    [
        date(2024, 2, 29),
        date(2028, 2, 29),
        date(2026, 3, 29),
        date(2026, 10, 25),
        date(2025, 12, 31),
    ]
)
MAYBE_DAY = st.none() | DAYS
TRIGGERS = st.lists(st.sampled_from(Trigger), min_size=1, max_size=3, unique=True).map(tuple)
CONDITIONS = st.lists(st.sampled_from(Condition), max_size=2, unique=True).map(tuple)
CASES = st.sampled_from(
    [
        CaseRule(action=CaseAction.PRESERVE, period="", year_end=False, basis=""),
        CaseRule(action=CaseAction.DISPOSE, period="P0D", year_end=False, basis="b"),
        CaseRule(action=CaseAction.DISPOSE, period="P2Y", year_end=True, basis="b"),
    ]
)


@st.composite
def reviewed(draw: st.DrawFn) -> Reviewed:
    """The outcome of a review; one that lets the record go may be of another term."""
    outcome = draw(st.sampled_from(Outcome))
    return Reviewed(
        on=draw(DAYS),
        by="person:Eva",
        reason="r",
        outcome=outcome,
        until=draw(DAYS) if outcome is Outcome.KEEP_UNTIL else None,
        plan=1,
        rule_id="SM-11",
        end=draw(DAYS),
    )


REVIEWS = reviewed()
EVENTS = st.builds(Event, on=DAYS, source=st.just(Source.DECLARED))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A lawful rule for the one type: actions that end oftener than not."""
    action = draw(st.sampled_from([Action.DESTROY, Action.DESTROY, Action.REVIEW, *Action]))
    ends = action in (Action.DESTROY, Action.REVIEW, Action.TRANSFER)
    transfers = action is Action.TRANSFER
    months, days = st.sampled_from([0, 1, 6, 12, 24, 60]), st.integers(0, 40)
    decision = draw(st.sampled_from([RULE.disposal_authority.local_decision] * 4 + [None]))
    return replace(
        RULE,
        disposal_action=action,
        trigger=(Trigger.TRANSFERRED,) if transfers else draw(TRIGGERS),
        retention_period=draw(st.builds(Period, months=months, days=days)) if ends else None,
        period_end=draw(st.sampled_from(PeriodEnd)),
        created_from=draw(MAYBE_DAY),
        created_to=draw(st.none() | st.none() | DAYS),
        valid_from=draw(st.none() | st.none() | DAYS),
        valid_to=draw(st.none() | st.none() | DAYS),
        disposal_authority=replace(RULE.disposal_authority, local_decision=decision),
        conditions=draw(CONDITIONS),
        registration=draw(st.sampled_from(Registration)),
        research_review=draw(st.booleans()),
    )


@st.composite
def standings(draw: st.DrawFn, record_id: RecordId = RECORD.record_id) -> Standing:
    """A history: when it came to be, what came about, what was seen to, what number it has."""
    events = draw(st.dictionaries(st.sampled_from(Trigger), EVENTS, max_size=4))
    created = Event(on=draw(DAYS), source=Source.CAPTURE)
    needs_case = draw(st.sampled_from([False, False, True]))
    return Standing(
        record_id=record_id,
        events={**events, Trigger.CREATED: created},
        conditions=draw(st.dictionaries(st.sampled_from(Condition), EVENTS)),
        holds=(),
        registration_number=draw(st.sampled_from(["", "1-1/2026"])),
        needs_case=needs_case,
        case=draw(CASES) if needs_case and draw(st.booleans()) else None,
        review=draw(st.none() | REVIEWS),
    )
