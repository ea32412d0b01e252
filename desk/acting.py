"""Who acts at the command line: the signed-in person, and a second who proves themself beside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from storage.people import Actor
    from storage.settings import Settings

PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", help="Read the password there; else asked."),
]
SecondOption = Annotated[
    str, typer.Option("--second", metavar="NAME", help="A second person, where two are needed.")
]
SecondPasswordFile = Annotated[
    Path | None,
    typer.Option("--second-password-file", metavar="FILE", help="The second person's; else asked."),
]


def acting(settings: "Settings") -> "Actor":
    """The person who is signed in.

    Raises:
        NotAllowed: nobody is.
    """
    from storage.credential import signed_in
    from storage.record import utc_now

    return signed_in(settings, utc_now())


def if_signed_in(settings: "Settings") -> "Actor | None":
    """The person who is signed in; None where nobody is, as for reading what is open."""
    from storage.errors import NotAllowed

    try:
        return acting(settings)
    except NotAllowed:
        return None


def second_person(settings: "Settings", name: str, file: Path | None) -> "Actor | None":
    """The second person, once they gave their own credential; None where none is named.

    Raises:
        NotAllowed: name and credential do not belong together.
    """
    from storage.credential import prove

    return prove(settings, name, read_password(name, file)) if name else None


def read_password(name: str, file: Path | None, *, new: bool = False) -> str:
    """A password from a file, without its last newline, or asked for and not shown.

    Raises:
        NotAllowed: the file cannot be read.
    """
    from storage.errors import NotAllowed

    if file is None:
        return str(typer.prompt(name, hide_input=True, confirmation_prompt=new, err=True))
    try:
        return file.read_text("utf-8").removesuffix("\n")
    except OSError as error:
        raise NotAllowed(f"The password in {file} cannot be read: {error.strerror}.") from error
