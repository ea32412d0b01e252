"""The command `insyn`: every noun's commands under one name.

Holds no command itself. What a command works with is imported when it runs, so that
`insyn --help` answers at once.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from desk.commands import (
    account,
    capture,
    diary,
    dispose,
    duty,
    filing,
    hold,
    importing,
    journal,
    login,
    moderate,
    person,
    plan,
    post,
    proposal,
    purge,
    recipe,
    record,
    retention,
    secrecy,
    services,
    store,
    transfer,
    upkeep,
    wind_up,
)
from desk.exits import expected_errors, tell

if TYPE_CHECKING:
    from typer._click.core import Context

ORDER = (
    "account", "duties", "capture", "post", "import", "file", "gap", "login", "recipe",
    "find", "show", "history", "get", "hold", "verify", "journal",
    "plan", "explain", "due", "worklist", "review", "declare", "classify", "register", "diary",
    "secrecy", "moderate", "transfer", "proposal", "dispose", "purge",
    "person", "sign-in", "sign-out",
    "store", "up", "down", "doctor", "rebuild", "dump", "sweep",
)  # fmt: skip
"""The commands as `insyn --help` lists them: by the day's work, not by how they are made."""


class InOrder(TyperGroup):
    """Lists the commands in ORDER."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """Names, in order."""
        return sorted(super().list_commands(ctx), key=ORDER.index)


app = typer.Typer(
    name="insyn",
    cls=InOrder,
    help="Insyn keeps a public authority's social media as public records.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
account.app.command("wind-up")(wind_up.wind_up)
app.add_typer(account.app, name="account")
app.command("capture")(capture.capture)
app.add_typer(post.app, name="post")
app.command("import")(importing.import_)
app.command("file")(filing.file)
app.command("duties")(duty.duties)
app.add_typer(duty.gaps, name="gap")
app.command("login")(login.login)
app.add_typer(recipe.app, name="recipe")
app.command("find")(record.find)
app.command("show")(record.show)
app.command("history")(post.history)
app.command("get")(record.get)
app.add_typer(hold.app, name="hold")
app.add_typer(secrecy.app, name="secrecy")
app.command("verify")(record.verify)
app.command("journal")(journal.journal)
app.add_typer(plan.app, name="plan")
app.command("explain")(retention.explain)
app.command("due")(retention.due)
app.command("worklist")(retention.worklist)
app.command("review")(retention.review)
app.command("declare")(retention.declare)
app.command("classify")(retention.classify)
app.command("register")(retention.register)
app.command("diary")(diary.diary)
app.command("moderate")(moderate.moderate)
app.add_typer(transfer.app, name="transfer")
app.add_typer(proposal.app, name="proposal")
app.command("dispose")(dispose.dispose)
app.command("purge")(purge.purge)
app.add_typer(person.app, name="person")
app.command("sign-in")(person.sign_in)
app.command("sign-out")(person.sign_out)
app.add_typer(store.app, name="store")
app.command("up")(services.up)
app.command("down")(services.down)
app.command("doctor")(services.doctor)
app.command("rebuild")(upkeep.rebuild)
app.command("dump")(upkeep.dump)
app.command("sweep")(upkeep.sweep)


def print_version(asked: bool) -> None:
    """Print the version and end."""
    if asked:
        from importlib.metadata import version

        typer.echo(f"insyn {version('insyn')}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and end.", callback=print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Insyn keeps a public authority's social media as public records."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code (docs/commands.md)."""
    try:
        app(args=arguments, prog_name="insyn")
    except SystemExit:
        raise
    except expected_errors() as error:
        sys.exit(tell(error))
