"""Telling people by mail, each notice once: what was sent is journaled, so nobody is told twice.

What is told, and to whom, stands in the notices (`accounts.notices`); rooms above make them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.notices import Notice
from storage.archive import Archive
from storage.errors import MailRefused
from storage.mail import send
from storage.people import Actor
from storage.settings import Settings

SUBJECT = {"sv": "Insyn: något att göra", "en": "Insyn: something to do"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What came of telling: the notices that were sent, those for whom there is no address, and
    what the mail server refused, or an empty text.
    """

    sent: tuple[str, ...]
    nobody: tuple[str, ...]
    refused: str


def tell(settings: Settings, archive: Archive, found: Sequence[Notice], actor: Actor) -> Telling:
    """Send each notice and note that it was. A crash in between sends one a second time.

    Nothing is sent where no mail server is set; then all stays to be told.
    """
    server, sent, nobody, refused = settings.mail_server, list[str](), list[str](), set[str]()
    if server is None:
        return Telling(sent=(), nobody=(), refused="")
    for one in found:
        addresses = _addresses(settings, one)
        if not addresses:
            nobody.append(one.key)
            continue
        text = f"{one.sv}\n\n{one.en}\n\n{one.key}\n"
        try:
            not_taken = send(
                server, settings.mail_from, addresses, SUBJECT[settings.language], text
            )
        except MailRefused as error:
            return Telling(sent=tuple(sent), nobody=tuple(nobody), refused=str(error))
        refused |= not_taken
        if not_taken >= addresses:
            continue
        to = {office.value for office in one.offices} | {person.name for person in one.people}
        archive.notes.note_told(one.key, to, actor)
        sent.append(one.key)
    wrong = f"Refused by the mail server: {', '.join(sorted(refused))}." if refused else ""
    return Telling(sent=tuple(sent), nobody=tuple(nobody), refused=wrong)


def _addresses(settings: Settings, one: Notice) -> set[str]:
    offices = {address for office in one.offices for address in settings.mail_to[office]}
    return offices | {person.email for person in one.people}
