"""Plans and previews as CSV that a Swedish Excel opens as it should (RULES R26)."""

from collections.abc import Sequence

from accounts.sheet import csv_sheet
from retention.phrases import term_said
from retention.plan import Plan, Rule
from retention.preview import Preview

RULE_COLUMNS = (
    "rule_id", "handlingstyp", "record_type_en", "id", "klassificeringskod", "verksamhet",
    "riktning", "atgard", "utgangspunkt", "frist", "fristens_slut", "i_ord", "tillkommen_fran",
    "tillkommen_till", "galler_fran", "galler_till", "instrument", "paragraf", "bilaga",
    "tillampningsbeslut", "beslutat", "villkor", "registrering", "sekretess", "ansvarig",
    "omprovas_av", "forskningsbedomning", "kalla", "anmarkning", "remarks",
)  # fmt: skip
SHIFT_COLUMNS = (
    "handling", "handlingstyp", "andring", "regel_fore", "mojlig_fore", "regel_efter",
    "stod_efter", "fristens_slut_efter", "mojlig_efter", "gallringsstopp",
)  # fmt: skip


def plan_csv(plan: Plan) -> str:
    """Every field of every rule."""
    return csv_sheet(RULE_COLUMNS, map(_rule, plan.rules))


def preview_csv(preview: Preview) -> str:
    """Each record whose day changes: rules, basis, end, first possible days, holds (R34)."""
    rows = (
        (
            one.record_id,
            one.record_type,
            one.shift,
            one.before.rule_id,
            one.before.possible_from,
            one.after.rule_id,
            one.after.basis("sv"),
            one.after.end,
            one.after.possible_from,
            " ".join(one.holds),
        )
        for one in preview.moved
    )
    return csv_sheet(SHIFT_COLUMNS, rows)


def _rule(rule: Rule) -> Sequence[object]:
    basis = rule.disposal_authority
    local = basis.local_decision
    return (
        rule.rule_id,
        rule.label.sv,
        rule.label.en,
        rule.record_type,
        rule.classification_code,
        rule.activity_class,
        rule.direction,
        rule.disposal_action,
        " ".join(rule.trigger),
        rule.retention_period,
        rule.period_end if rule.retention_period else None,
        term_said(rule, "sv"),
        rule.created_from,
        rule.created_to,
        rule.valid_from,
        rule.valid_to,
        basis.instrument,
        basis.section,
        basis.annex_item,
        local.dnr if local else None,
        local.decided_on if local else None,
        " ".join(rule.conditions),
        rule.registration,
        rule.secrecy_default,
        rule.responsible_role,
        rule.reviewer_role,
        "ja" if rule.research_review else "",
        rule.source,
        rule.remarks.sv,
        rule.remarks.en,
    )
