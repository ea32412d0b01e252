"""`insyn login`: a person signs in where a platform shows an account to signed-in visitors only."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.opening import open_archive, open_register, read_settings
from desk.options import JsonOption

if TYPE_CHECKING:
    from accounts.model import Account
    from accounts.register import Register
    from storage.settings import Settings


def login(  # noqa: PLR0917  # typer's way: one parameter an option
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")] = "",
    owner: Annotated[
        str, typer.Option(metavar="NAME", help="Whose login it is: who answers for it.")
    ] = "",
    email: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Where its owner is told that it is lost; else as the register has it.",
        ),
    ] = "",
    forget: Annotated[bool, typer.Option("--forget", help="Remove the account's login.")] = False,
    show: Annotated[
        bool, typer.Option("--list", help="List the logins: owner, made on, last verified.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Sign in to a platform that shows an account to members only.

    Without a login an account is captured as the public sees it.
    """
    settings = read_settings()
    register = open_register(settings)
    if show:
        _list(settings, as_json=as_json)
        return
    known = register.account(account)
    if forget:
        _forget(settings, known)
    else:
        _sign_in(settings, register, known, owner.strip(), email.strip())


def _list(settings: "Settings", *, as_json: bool) -> None:
    from capture.login_standing import login_standings
    from desk.login_view import print_logins
    from desk.printer import Printer, print_json

    with open_archive(settings) as archive:
        found = login_standings(settings, archive)
    if as_json:
        print_json(found)
    else:
        print_logins(Printer(settings.language), found)


def _forget(settings: "Settings", account: "Account") -> None:
    from capture.login import forget_login
    from desk.printer import Printer

    had = forget_login(settings, account.id)
    Printer(settings.language).say("login.forgotten" if had else "login.none", account=account.id)


def _sign_in(
    settings: "Settings", register: "Register", account: "Account", owner: str, email: str
) -> None:
    import asyncio

    from capture.login import Owner, sign_in, write_login
    from desk.printer import Printer, day

    if not owner:
        raise typer.BadParameter("say whose login it is", param_hint="--owner")
    known = {one.name.casefold(): one.email for one in register.people}
    told_at = email or known.get(owner.casefold(), "")
    if not told_at:
        raise typer.BadParameter(
            f"the register has no address of {owner}: say where the owner is told",
            param_hint="--email",
        )
    printer = Printer(settings.language)

    async def person(_: Any) -> None:
        printer.say("login.ask", url=account.url)
        await asyncio.to_thread(input)

    by = Owner(name=owner, email=told_at)
    made = asyncio.run(sign_in(account, by, settings, person))
    write_login(settings, made)
    printer.say("login.kept", account=account.id, owner=made.owner, day=day(made.made_at.date()))
