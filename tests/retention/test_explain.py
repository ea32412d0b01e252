"""A verdict explained: rule and version, basis, trigger and source, arithmetic, holds, verdict."""

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest

from retention.compare import Effect
from retention.explain import Case, explain
from retention.period import Period, PeriodEnd
from retention.phrases import period_said, term_said
from retention.plan import (
    Action,
    ActivityClass,
    Direction,
    Label,
    Registration,
    Rule,
    Secrecy,
)
from retention.verdict import Doubt, Ground
from retention.words import WORDS
from storage import holds
from storage.plans import AdoptedPlan
from storage.record import RecordType, Status
from storage.standing import Condition, Event, Source, Standing, Trigger
from tests.retention.strategies import HOLD, RECORD, RULE, STANDING, plan_of, with_event

ADOPTED = AdoptedPlan(
    number=3,
    plan_id="test",
    decided_by="Rektor",
    decided_on=date(2026, 1, 7),
    registration_number="1-9/2026",
    in_force_from=date(2026, 1, 7),
    adopted_by="person:Eva Ek",
    second="",
    adopted_at=datetime(2026, 1, 8, tzinfo=UTC),
    shortened=(),
    transition="",
    key="",
    version_id="",
    sha256="",
)
YEARLY = replace(
    RULE,
    trigger=(Trigger.MODERATED, Trigger.CASE_CLOSED),
    retention_period=Period(months=24, days=0),
    period_end=PeriodEnd.CALENDAR_YEAR,
    conditions=(Condition.ORIGINAL_VERIFIED, Condition.PROFILE_CAPTURED),
)
MODERATED = with_event(Trigger.MODERATED, "2022-03-05")
VERIFIED = replace(
    MODERATED,
    conditions={
        Condition.ORIGINAL_VERIFIED: Event(
            on=date(2022, 5, 1),
            source=Source.DECLARED,
            by="person:Ali Alm",
            reason="Finns på ki.se",
        ),
        Condition.PROFILE_CAPTURED: Event(on=date(2024, 4, 1), source=Source.LATER_CAPTURE),
    },
    holds=(HOLD,),
    registration_number="1-7/2022",
)


def case(standing: Standing, *rules: Rule, kind: str = "spam", adopted: bool = True) -> Case:
    plan = replace(plan_of(*rules), title=Label(sv="Plan för sociala medier", en="Plan"))
    return Case(
        record=replace(RECORD, record_type=RecordType(kind)),
        standing=standing,
        plan=plan if rules else None,
        decision=ADOPTED if adopted and rules else None,
        today=date(2026, 11, 23),
    )


def told(one: Case, language: str) -> str:
    return "\n".join(f"{line.heading}: {line.text}" for line in explain(one, language))


def test_an_explanation_says_all_that_it_rests_on() -> None:
    """R20, R25, R27: rule and version, basis, trigger and source, arithmetic, holds, verdict."""
    assert (
        told(case(VERIFIED, YEARLY), "sv")
        == """\
Handling: 01KTESTRECORD0000000000000 (spam)
Plan: Plan för sociala medier, version 3, beslutad 2026-01-07 av Rektor, dnr 1-9/2026
Regel: SM-11 Skräp
Rättsligt stöd: RA-FS 2021:6; tillämpningsbeslut 1-1/2026, 2026-01-07
Åtgärd och frist: Gallras 2 år efter moderering eller ärendets avslut, \
vid kalenderårets slut
Kom till: 2024-02-29
Villkor: att originalet är återfunnet och kontrollerat: uppfyllt 2022-05-01, \
angivet av Ali Alm: Finns på ki.se
Villkor: att kontots nästa profilbild är tagen: uppfyllt 2024-04-01, enligt en senare fångst
Fristen räknas från: moderering 2022-03-05, angivet av Eva: r
Beräkning: 2022-03-05 + 2 år = 2024-03-05; räknat till årets slut. Sista dagen är 2024-12-31. \
Första möjliga dag: 2025-01-01.
Diarienummer: 1-7/2022
Gallringsstopp: H1 (forskningsvärde): Unik
Bedömning 2026-11-23: Spärrad av gallringsstopp (1). Annars: Kan gallras sedan 2025-01-01."""
    )


def test_an_explanation_is_given_in_english_too() -> None:
    """R65."""
    english = told(case(VERIFIED, YEARLY), "en")
    assert "Arithmetic: 2022-03-05 + 2 years = 2024-03-05" in english
    assert "Blocked by holds (1). Otherwise: May be disposed of since 2025-01-01." in english
    assert not re.search("[åäöÅÄÖ]", english.replace("Plan för", "").replace("på ki.se", ""))


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (case(STANDING), "ingen plan är antagen"),
        (case(STANDING, RULE, kind=""), "oklassad"),
        (case(STANDING, RULE, kind="tweet"), "ingen regel för handlingstypen tweet"),
        (case(STANDING, RULE), "Väntar på: moderering"),
        (case(MODERATED, YEARLY), "Väntar på: att originalet är återfunnet"),
        (case(with_event(Trigger.MODERATED, "2026-11-01"), RULE), "till och med 2027-11-01"),
        (case(MODERATED, replace(RULE, disposal_action=Action.REVIEW)), "omprövas sedan"),
        (case(MODERATED, replace(RULE, created_from=date(2025, 1, 1))), "2024-02-29, utanför"),
        (case(MODERATED, replace(RULE, retention_period=Period.parse("P9999Y"))), "inte slut"),
        (case(replace(STANDING, needs_case=True), RULE), "ska diarieföras"),
        (case(MODERATED, RULE, adopted=False), "utkast, inte antaget"),
    ],
)
def test_every_verdict_is_said_in_a_sentence(one: Case, said: str) -> None:
    """R19, R22, R25: what keeps a record is told."""
    assert said in told(one, "sv")


def test_what_is_gone_is_said_to_be() -> None:
    """A tombstone."""
    gone = case(MODERATED, RULE)
    gone = replace(gone, record=replace(gone.record, status=Status.DISPOSED))
    assert "Finns inte kvar i arkivet: gallrad." in told(gone, "sv")


@pytest.mark.parametrize(
    ("text", "sv", "en"),
    [
        ("P1Y", "1 år", "1 year"),
        ("P2Y1M3D", "2 år 1 månad 3 dagar", "2 years 1 month 3 days"),
        ("P0D", "ingen ytterligare tid", "no further time"),
    ],
)
def test_a_period_is_said_in_words(text: str, sv: str, en: str) -> None:
    """R24."""
    period = Period.parse(text)
    assert (period_said(period, "sv"), period_said(period, "en")) == (sv, en)


def test_a_rule_without_further_time_says_so_plainly() -> None:
    """R25."""
    rule = replace(RULE, retention_period=Period.parse("P0D"))
    assert term_said(rule, "sv") == "Gallras vid moderering"


def test_every_choice_has_a_word_in_both_languages() -> None:
    """R26, R65: and no word is there for nothing."""
    kinds: dict[str, Iterable[StrEnum]] = {
        "action": Action,
        "activity": ActivityClass,
        "direction": Direction,
        "registration": Registration,
        "secrecy": Secrecy,
        "trigger": Trigger,
        "condition": Condition,
        "source": Source,
        "period_end": PeriodEnd,
        "effect": Effect,
        "ground": Ground,
        "doubt": Doubt,
        "hold": holds.Ground,
    }
    for kind, choices in kinds.items():
        words = {key.partition(".")[2] for key in WORDS if key.startswith(f"{kind}.")}
        assert words == {str(one) for one in choices}, kind
    named = {key.partition(".")[2] for key in WORDS if key.startswith("field.")}
    assert named == {field.name for field in fields(Rule)}
    assert all(text.sv and text.en for text in WORDS.values())
