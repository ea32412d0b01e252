"""How logins are shown. Opens nothing."""

from collections.abc import Sequence

from rich.text import Text

from accounts.stockholm import civil_date
from capture.login_standing import LoginStanding
from desk.printer import Column, Printer, day, local


def print_logins(printer: Printer, logins: Sequence[LoginStanding]) -> None:
    """One line a login; which accounts wait for somebody to sign in anew."""
    if not logins:
        printer.say("logins.none")
        return
    printer.table(
        (
            Column(name="account", least=14),
            Column(name="login_owner", least=14),
            Column(name="made_on", whole=True),
            Column(name="verified_on", whole=True),
            Column(name="state"),
        ),
        (
            (
                one.account,
                one.owner,
                day(civil_date(one.made_at)),
                local(one.verified_at),
                Text(printer.word("login.paused") if one.paused else "", style="bold red"),
            )
            for one in logins
        ),
    )
