"""A recipe's trial as a person reads it: verdict first, then what was read, then every selector."""

from rich.text import Text

from capture.consent import ConsentResult
from capture.post import Writing
from capture.recipe_trial import PostTrial, Trial
from desk.printer import Column, Printer, value_text

_SHOWN, _LINE = 20, 60
"""How many comments are shown, and how many characters of each."""

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
            ("recipe.drift", "\n".join(map(str, trial.drift))),
        )
    )
    if extracted:
        printer.title(printer.word("recipe.facts"))
        facts = [(f"recipe.{name}", value_text(extracted.facts[name])) for name in _FACTS]
        told = [(name, value) for name, value in facts if value not in {"null", "[]", "{}"}]
        printer.facts([*told, ("recipe.posts", str(len(extracted.posts)))])
    if trial.post:
        _print_post(printer, trial.post)
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


def _print_post(printer: Printer, tried: PostTrial) -> None:
    """The post and its dialogue as a capture would read them, the first lines of each."""
    post, comments = tried.post, tried.post.comments or ()
    printer.title(printer.word("recipe.post"))
    printer.facts(
        (
            ("id", post.id),
            ("recipe.name", _by(post)),
            ("captured_at", _moment(post)),
            ("excerpt", _short(post.text)),
            ("recipe.announced", str(post.comments_announced)),
            ("recipe.comments", f"{len(comments)} ({tried.unfolded.stopped_by})"),
        )
    )
    printer.table(
        (
            Column(name="id", whole=True),
            Column(name="recipe.parent"),
            Column(name="recipe.name"),
            Column(name="recipe.time"),
            Column(name="excerpt", least=24),
        ),
        (
            (one.id, one.parent or "", _by(one), _moment(one), _short(one.text))
            for one in comments[:_SHOWN]
        ),
    )


def _by(one: Writing) -> str:
    return one.author.name or one.author.handle or ""


def _moment(one: Writing) -> str:
    return one.published.shown or (one.published.at.isoformat() if one.published.at else "")


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= _LINE else line[:_LINE] + "…"


def _consent(printer: Printer, consent: ConsentResult | None) -> str:
    if consent is None:
        return ""
    if not consent.found:
        return printer.word("recipe.no_consent")
    key = "recipe.refused" if consent.gone else "recipe.stands"
    return printer.word(key, pressed=consent.pressed, rule=consent.rule)
