"""`insyn login`: a person signs in where a platform shows an account to signed-in visitors only."""

from typing import Annotated, Any

import typer

from desk.opening import open_register, read_settings


def login(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's id.")],
    owner: Annotated[
        str, typer.Option(metavar="NAME", help="Whose login it is: who answers for it.")
    ] = "",
    forget: Annotated[bool, typer.Option("--forget", help="Remove the account's login.")] = False,
) -> None:
    """Sign in to a platform that shows an account to members only.

    Without a login an account is captured as the public sees it.
    """
    import asyncio

    from capture.login import forget_login, sign_in, write_login
    from desk.printer import Printer, day

    settings = read_settings()
    known = open_register(settings).account(account)
    printer = Printer(settings.language)
    if forget:
        had = forget_login(settings, known.id)
        printer.say("login.forgotten" if had else "login.none", account=account)
        return
    if not owner.strip():
        raise typer.BadParameter("say whose login it is", param_hint="--owner")

    async def person(_: Any) -> None:
        printer.say("login.ask", url=known.url)
        await asyncio.to_thread(input)

    made = asyncio.run(sign_in(known, owner.strip(), settings, person))
    write_login(settings, made)
    printer.say("login.kept", account=account, owner=made.owner, day=day(made.made_at.date()))
