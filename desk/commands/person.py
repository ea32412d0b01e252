"""`insyn person`, `sign-in` and `sign-out`: who may act, and that it is they."""

from pathlib import Path
from typing import Annotated

import typer

from desk.acting import PasswordFile, acting, read_password
from desk.choices import ROLES, role_named
from desk.opening import open_archive, read_settings
from desk.options import JsonOption

app = typer.Typer(help="People: who may do what.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The person's name.")]
RolesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="ROLE...", parser=role_named, help=f"One or more of {', '.join(ROLES)}."
    ),
]


@app.command()
def add(name: NameArgument, roles: RolesArgument, password_file: PasswordFile = None) -> None:
    """Appoint a person, with a first password for them to change.

    While the archive knows nobody, who is appointed first appoints themself.
    """
    from desk.printer import Printer
    from storage.credential import set_credential
    from storage.people import Role, person

    settings = read_settings()
    with open_archive(settings) as archive:
        actor = acting(settings) if archive.people.all() else person(name)
        word = read_password(name, password_file, new=True)
        added = archive.people.add(name, map(Role, roles), actor)
    set_credential(settings, added.name, word)
    Printer(settings.language).say("person.added", name=added.name, roles=", ".join(roles))


@app.command("roles")
def change_roles(name: NameArgument, roles: RolesArgument) -> None:
    """Give a person other roles, in place of those they have."""
    from desk.printer import Printer
    from storage.people import Role

    settings = read_settings()
    with open_archive(settings) as archive:
        changed = archive.people.change_roles(name, map(Role, roles), acting(settings))
    Printer(settings.language).say("person.roles", name=changed.name, roles=", ".join(roles))


@app.command()
def remove(name: NameArgument) -> None:
    """Remove a person: they may nothing any more, and their session ends."""
    from desk.printer import Printer
    from storage.credential import forget_credential

    settings = read_settings()
    with open_archive(settings) as archive:
        gone = archive.people.remove(name, acting(settings))
    forget_credential(settings, gone.name)
    Printer(settings.language).say("person.removed", name=gone.name)


@app.command()
def password(
    name: NameArgument,
    password_file: PasswordFile = None,
    new_password_file: Annotated[
        Path | None,
        typer.Option("--new-password-file", metavar="FILE", help="Read the new one there."),
    ] = None,
) -> None:
    """Change your own password; sessions with the old one end.

    While nobody has one here, as after a loss of INSYN_HOME, a first one is set without the old.
    """
    from desk.printer import Printer
    from storage.credential import is_any_set, prove, set_credential

    settings = read_settings()
    with open_archive(settings) as archive:
        known = archive.people.named(name)
    if is_any_set(settings):
        prove(settings, known.name, read_password(name, password_file))
    set_credential(settings, known.name, read_password(name, new_password_file, new=True))
    Printer(settings.language).say("person.password", name=known.name)


@app.command("list")
def list_people(
    every: Annotated[bool, typer.Option("--all", help="Those who were removed, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the people and their roles."""
    from desk.printer import Column, Printer, day, print_json

    settings = read_settings()
    with open_archive(settings) as archive:
        people = [one for one in archive.people.all() if every or one.active]
    if as_json:
        print_json(people)
        return
    printer = Printer(settings.language)
    rows = (
        (
            one.name,
            ", ".join(printer.word(f"role.{role}") for role in sorted(one.roles)) or "–",
            day(one.added_at.date()),
        )
        for one in people
    )
    printer.table((Column(name="person"), Column(name="roles"), Column(name="since")), rows)


def sign_in(name: NameArgument, password_file: PasswordFile = None) -> None:
    """Sign in: commands act as this person."""
    from desk.printer import Printer, local
    from storage.credential import open_session, prove
    from storage.people import person
    from storage.record import utc_now

    settings = read_settings()
    prove(settings, name, read_password(name, password_file))
    with open_archive(settings) as archive:
        known = archive.people.named(name)
    until = open_session(settings, person(known.name), utc_now())
    Printer(settings.language).say("person.signed_in", name=known.name, until=local(until))


def sign_out() -> None:
    """Sign out."""
    from desk.printer import Printer
    from storage.credential import close_session

    settings = read_settings()
    was = close_session(settings)
    Printer(settings.language).say("person.signed_out" if was else "person.nobody")
