"""The plan, and a preview of one, as whole pages with nothing fetched from elsewhere (R26, R34)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from accounts.sheet import html_page
from retention.chart import years_svg
from retention.explain import plan_said
from retention.phrases import basis_said, joined, term_said
from retention.plan import Action, Plan, Rule
from retention.preview import Moved, Preview
from retention.words import word
from storage.plans import AdoptedPlan

MOST_ROWS = 1000
"""Records that a page lists; the CSV file lists all."""

_STYLE = (
    "body{font:1rem/1.5 sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}h1{margin-bottom:.25rem}h2{margin-top:2rem}"
    ".draft{border:2px solid #8a2b06;background:#fdf1e7;padding:.6rem 1rem;font-weight:bold}"
    ".adopted{border-left:.4rem solid #0b4f8a;background:#eef4fa;padding:.6rem 1rem}"
    ".scroll{overflow-x:auto;margin-top:1.5rem}table{border-collapse:collapse;width:100%;font-size:.9rem}"
    "caption{text-align:left;font-weight:bold;padding:.5rem 0}"
    "th,td{border:1px solid #767676;padding:.4rem .6rem;text-align:left;vertical-align:top}"
    "thead th{background:#eee}tbody th{white-space:nowrap}td.number{text-align:right}"
    ".small{font-size:.85rem;font-weight:normal;color:#444}"
    ".plan td:nth-of-type(2){font-weight:bold}"
    ".asleep td:nth-of-type(3) .small{color:#8a2b06}"
    "svg{max-width:100%;height:auto}"
    "@media print{@page{size:A4 landscape;margin:12mm}body{margin:0;max-width:none;padding:0}"
    "thead{display:table-header-group}tr{break-inside:avoid}.scroll{overflow:visible}}"
)


def plan_html(plan: Plan, decision: AdoptedPlan | None, language: str) -> str:
    """The plan as an archivist reads it: one row a rule."""
    kind = "adopted" if decision else "draft"
    said = plan_said(plan, decision, language).removeprefix(f"{plan.title.said(language)}, ")
    note = "" if decision else " " + word(language, "page.draft")
    columns = ("rule", "type", "term", "basis", "register", "role", "remarks")
    body = (
        f'<p class="{kind}">{escape(said[:1].upper() + said[1:])}.{escape(note)}</p>'
        f'<p>{escape(_counts(plan, language))}</p><div class="plan">'
        + _table(
            word(language, "page.rules"),
            [word(language, f"page.{one}") for one in columns],
            (_row(rule, language) for rule in plan.rules),
        )
        + "</div>"
    )
    return html_page(f"{plan.title.said(language)}, {plan.authority}", body, language, _STYLE)


def preview_html(
    shown: Preview, before: Plan | None, after: Plan, names: tuple[str, str], language: str
) -> str:
    """What adopting a version would change: a chart, rule by rule and year, record by record."""
    summary = word(
        language,
        "preview.summary",
        before=names[0],
        after=names[1],
        today=shown.today,
        looked_at=shown.looked_at,
        moved=len(shown.moved),
    )
    shifts = [word(language, f"preview.{one}") for one in ("rule", "year", "before", "after")]
    records = [
        word(language, f"preview.{one}")
        for one in ("record", "shift", "from", "to", "basis", "end", "holds")
    ]
    rest = len(shown.moved) - MOST_ROWS
    more = f"<p>{escape(word(language, 'preview.more', count=rest))}</p>" if rest > 0 else ""
    body = (
        f"<p>{escape(summary)}</p><figure>{years_svg(shown, language)}</figure>"
        + _table(word(language, "preview.by_rule"), shifts, _years(shown, before, after, language))
        + _table(
            word(language, "preview.records"),
            records,
            (_moved(one, language) for one in shown.moved[:MOST_ROWS]),
        )
        + more
    )
    return html_page(word(language, "preview.title"), body, language, _STYLE)


def _counts(plan: Plan, language: str) -> str:
    counted = Counter(rule.disposal_action for rule in plan.rules)
    told = [
        f"{word(language, f'action.{action}')}: {counted[action]}"
        for action in Action
        if counted[action]
    ]
    asleep = sum(rule.is_inactive for rule in plan.rules)
    if asleep:
        told.append(word(language, "page.asleep", count=asleep))
    return f"{'. '.join(told)}."


def _row(rule: Rule, language: str) -> str:
    field = [f"activity.{rule.activity_class}", f"direction.{rule.direction}"]
    names = " · ".join(one for one in (rule.classification_code, rule.record_type) if one)
    basis = basis_said(rule, language).replace(" §", "\N{NO-BREAK SPACE}§")
    reviewer = _named("page.reviews", "role", rule.reviewer_role, language)
    cells = (
        (rule.label.said(language), joined(field, "say.comma", language), names),
        (term_said(rule, language), *_limits(rule, language)),
        (basis, word(language, "page.inactive") if rule.is_inactive else ""),
        (
            word(language, f"registration.{rule.registration}"),
            _named("page.secrecy", "secrecy", rule.secrecy_default, language),
        ),
        (word(language, f"role.{rule.responsible_role}"), reviewer if rule.reviewer_role else ""),
        (rule.remarks.said(language), rule.source),
    )
    data = "".join(f"<td>{_lines(cell)}</td>" for cell in cells)
    kind = ' class="asleep"' if rule.is_inactive else ""
    return f'<tr{kind}><th scope="row">{escape(rule.rule_id)}</th>{data}</tr>'


def _lines(lines: Sequence[str]) -> str:
    """The first line large, the others small below it; empty ones are left out."""
    first = [escape(one) for one in lines[:1] if one]
    small = [f'<span class="small">{escape(one)}</span>' for one in lines[1:] if one]
    return "<br>".join(first + small)


def _limits(rule: Rule, language: str) -> Iterable[str]:
    """Conditions, a review for research, and windows, each on a line of its own."""
    if rule.conditions:
        keys = [f"condition.{one}" for one in rule.conditions]
        yield f"{word(language, 'page.only')} {joined(keys, 'say.and', language)}"
    if rule.research_review:
        yield word(language, "page.research")
    for key, first, last in (
        ("page.created", rule.created_from, rule.created_to),
        ("page.valid", rule.valid_from, rule.valid_to),
    ):
        told = [
            word(language, f"page.{side}", day=day)
            for side, day in (("from", first), ("to", last))
            if day
        ]
        if told:
            yield f"{word(language, key)} {' '.join(told)}"


def _named(name: str, kind: str, value: str, language: str) -> str:
    return f"{word(language, name)}: {word(language, f'{kind}.{value}')}"


def _years(shown: Preview, before: Plan | None, after: Plan, language: str) -> Iterable[str]:
    labels = {
        str(rule.rule_id): rule.label.said(language)
        for plan in (before, after)
        if plan
        for rule in plan.rules
    }
    for rule_id, year in sorted({*shown.before, *shown.after}):
        name = f"{rule_id} {labels.get(rule_id, '')}"
        counts = (shown.before.get((rule_id, year), 0), shown.after.get((rule_id, year), 0))
        numbers = "".join(f'<td class="number">{count}</td>' for count in counts)
        yield f'<tr><th scope="row">{escape(name)}</th><td>{year}</td>{numbers}</tr>'


def _moved(one: Moved, language: str) -> str:
    cells = (
        word(language, f"shift.{one.shift}"),
        f"{one.before.rule_id} {one.before.possible_from or '–'}".strip(),
        f"{one.after.rule_id} {one.after.possible_from or '–'}".strip(),
        one.after.basis(language),
        str(one.after.end or ""),
        " ".join(one.holds),
    )
    data = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(one.record_id)}</th>{data}</tr>'


def _table(caption: str, columns: Sequence[str], rows: Iterable[str]) -> str:
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in columns)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>\n"
        + "\n".join(rows)
        + "\n</tbody></table></div>\n"
    )
