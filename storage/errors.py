"""The archive's error tree. Each error says what, which, and what to do.

ArchiveError
├── SettingsError          a setting is missing or malformed (all of them told at once)
├── CatalogueUnreachable   the catalogue's database gives no answer
├── StoreError             the object store
│   ├── StoreUnreachable   no answer, or not ready yet
│   ├── StoreRefused       the store denied the act to this identity
│   ├── AlreadyThere       If-None-Match: the key has an object
│   ├── ObjectMissing      no such key or version
│   └── StoreUnfit         it ignores locks, has no versioning, or expires objects
├── Busy                   another process is at what only one may do at a time
├── NotFound               no such record, part, hold or order
├── Damaged                bytes do not agree with their digest or their form
├── Held                   an active hold stops the removal
│   └── Locked             the store has a lock that the journal does not know of
├── MailRefused            a notice could not be sent
├── NotAllowed             this actor may not do this
│   └── Outdated           what was decided on is not so any more
└── Malformed              input that cannot be read, with every fault in it
"""

from collections.abc import Sequence
from typing import Self

from pydantic import ValidationError


class ArchiveError(Exception):
    """Root of all errors of the archive."""


class SettingsError(ArchiveError):
    """One or more settings are missing or malformed."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("The settings cannot be used:\n" + "\n".join(f"  {f}" for f in faults))


class CatalogueUnreachable(ArchiveError):
    """The catalogue's database gave no answer, or refused us."""


class Busy(ArchiveError):
    """Another process is at what only one may do at a time."""


class StoreError(ArchiveError):
    """The object store did not do what was asked."""


class StoreUnreachable(StoreError):
    """The store gave no answer, or is not ready."""


class StoreRefused(StoreError):
    """The store denied the act to this identity (403)."""


class AlreadyThere(StoreError):
    """The key already has an object and the put asked for none (412)."""


class ObjectMissing(StoreError):
    """There is no such key or version (404)."""


class StoreUnfit(StoreError):
    """The store or bucket cannot protect records; nothing may be written to it."""


class NotFound(ArchiveError):
    """There is no such record, part, hold or order."""


class Damaged(ArchiveError):
    """Bytes that do not agree with their digest or their form."""


class Held(ArchiveError):
    """An active hold (gallringsstopp) stops the removal."""


class Locked(Held):
    """The store refused a removal: it has a legal hold that the journal does not know of."""


class MailRefused(ArchiveError):
    """The mail server gave no answer, or did not take a notice."""


class NotAllowed(ArchiveError):
    """This actor may not do this."""


class Outdated(NotAllowed):
    """What was decided on is not so any more; `why` names what differs."""

    def __init__(self, told: str, why: str) -> None:
        self.why = why
        super().__init__(told)


class Malformed(ArchiveError):
    """Input that cannot be read; `faults` names each place."""

    def __init__(self, what: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{what}:\n" + "\n".join(f"  {f}" for f in faults))

    @classmethod
    def by(cls, error: ValidationError, what: str) -> Self:
        """What does not have its form, each fault with its path."""
        return cls(what, [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()])
