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


UnitOption = Annotated[
    list[str] | None,
    typer.Option("--unit", metavar="UNIT", help="An owner's unit; again for more. None is all."),
]


@app.command()
def add(
    name: NameArgument,
    roles: RolesArgument,
    unit: UnitOption = None,
    password_file: PasswordFile = None,
) -> None:
    """Appoint a person, with a first password that lets them choose their own and nothing else.

    While the archive knows nobody, who is appointed first appoints themself.
    """
    from desk.printer import Printer
    from storage.credential import set_credential
    from storage.people import Role, person

    settings = read_settings()
    with open_archive(settings) as archive:
        actor = acting(settings) if archive.people.all() else person(name)
        word = read_password(name, password_file, new=True)
        added = archive.people.add(name, map(Role, roles), actor, unit or ())
    set_credential(settings, added.name, word)
    printer = Printer(settings.language)
    printer.say("person.added", name=added.name, roles=", ".join(roles))
    if not added.own_password:
        printer.say("person.choose")


@app.command("roles")
def change_roles(name: NameArgument, roles: RolesArgument, unit: UnitOption = None) -> None:
    """Give a person other roles and units, in place of those they have."""
    from desk.printer import Printer
    from storage.people import Role

    settings = read_settings()
    with open_archive(settings) as archive:
        changed = archive.people.change_roles(name, map(Role, roles), acting(settings), unit or ())
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
    """Change your own password, first of all the one that you were given; the journal notes that.

    Sessions with the old one end. While nobody has one here, as after a loss of INSYN_HOME, a
    first one is set without the old.
    """
    from desk.printer import Printer
    from storage.credential import change_credential, is_any_set, set_credential
    from storage.people import person

    settings = read_settings()
    with open_archive(settings) as archive:
        known = archive.people.named(name)
        proven = is_any_set(settings)
        old = read_password(name, password_file) if proven else ""
        new = read_password(name, new_password_file, new=True)
        if proven:
            change_credential(settings, known.name, old, new)
        else:
            set_credential(settings, known.name, new)
        archive.people.note_password(person(known.name), proven=proven)
    Printer(settings.language).say("person.password", name=known.name)


@app.command("list")
def list_people(
    every: Annotated[bool, typer.Option("--all", help="Those who were removed, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the people and their roles."""
    from desk.printer import Column, Printer, day, print_json
    from storage.people import actor_named

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
            ", ".join(sorted(one.units)) or "–",
            day(one.added_at.date()),
            actor_named(one.added_by).name + ("" if one.own_password else " *"),
        )
        for one in people
    )
    names = ("person", "roles", "units", "since", "appointed_by")
    printer.table(tuple(Column(name=name) for name in names), rows)
    if not all(one.own_password for one in people):
        printer.say("person.not_chosen")


def sign_in(name: NameArgument, password_file: PasswordFile = None) -> None:
    """Sign in: commands act as this person."""
    from desk.printer import Printer, local
    from storage.credential import open_session, prove
    from storage.errors import NotAllowed
    from storage.people import person
    from storage.record import utc_now

    settings = read_settings()
    prove(settings, name, read_password(name, password_file))
    with open_archive(settings) as archive:
        known = archive.people.named(name)
    if not known.own_password:
        raise NotAllowed(
            f"{known.name} was given this password by another: choose your own first (`insyn "
            "person password`)."
        )
    until = open_session(settings, person(known.name), utc_now())
    Printer(settings.language).say("person.signed_in", name=known.name, until=local(until))


def sign_out() -> None:
    """Sign out."""
    from desk.printer import Printer
    from storage.credential import close_session

    settings = read_settings()
    was = close_session(settings)
    Printer(settings.language).say("person.signed_out" if was else "person.nobody")
