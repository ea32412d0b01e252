"""A recipe's trial as a person reads it: verdict first, then what was read, then every selector."""

from rich.text import Text

from capture.consent import ConsentResult
from capture.recipe_trial import Trial
from desk.printer import Column, Printer, value_text

_FACTS = ("name", "handle", "bio", "links", "counts", "avatar_url", "cover_url")


def print_trial(printer: Printer, trial: Trial) -> None:
    """All of it; what does not match is dimmed."""
    judgement, extracted = trial.judgement, trial.extracted
    printer.title(f"{trial.platform} · {trial.final_url}")
    printer.facts(
        (
            ("verdict", printer.word(f"verdict.{judgement.verdict}")),
            ("evidence", "\n".join(judgement.evidence)),
            ("consent", _consent(printer, trial.consent)),
            ("recipe.drift", "\n".join(map(str, extracted.drift)) if extracted else ""),
        )
    )
    if extracted:
        printer.title(printer.word("recipe.facts"))
        facts = [(f"recipe.{name}", value_text(extracted.facts[name])) for name in _FACTS]
        told = [(name, value) for name, value in facts if value not in {"null", "[]", "{}"}]
        printer.facts([*told, ("recipe.posts", str(len(extracted.posts)))])
    if trial.matches:
        printer.title(printer.word("recipe.matches"))
        printer.table(
            (
                Column(name="field", whole=True),
                Column(name="matches", number=True),
                Column(name="selector"),
            ),
            (
                (
                    Text(match.field, style="" if match.count else "dim"),
                    Text(str(match.count), style="" if match.count else "dim"),
                    Text(match.selector, style="" if match.count else "dim"),
                )
                for match in trial.matches
            ),
        )


def _consent(printer: Printer, consent: ConsentResult | None) -> str:
    if consent is None:
        return ""
    if not consent.found:
        return printer.word("recipe.no_consent")
    key = "recipe.refused" if consent.gone else "recipe.stands"
    return printer.word(key, pressed=consent.pressed, rule=consent.rule)
