"""What was told and what was verified of an account, as the archive notes it (`Archive.notes`).

A notice that was sent, and a final capture that was read back whole: both journaled, so that a
rebuild knows them again and nobody is told twice.
"""

from collections.abc import Collection, Iterable
from datetime import date

from pydantic import JsonValue

from accounts.model import AccountId
from accounts.stockholm import civil_date
from storage import fixity, purging
from storage.catalogue import find
from storage.errors import Damaged, NotAllowed
from storage.journal import Act
from storage.people import Actor
from storage.record import Reason, Record, RecordId
from storage.vault import Vault


class Notes:
    """Notes of one archive; keeps nothing itself."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def told(self, keys: Iterable[str]) -> dict[str, date]:
        """Which of these notices were sent, and on which day."""
        return self._days(keys, Act.NOTICE_TOLD)

    def note_told(self, key: str, to: Collection[str], actor: Actor) -> None:
        """Note that a notice was sent; `to` names offices and staff, no addresses.

        Telling it twice is noted once.
        """
        detail: dict[str, JsonValue] = {"to": [*sorted(to)]}
        with self._vault.catalogue.write() as tx:
            if find.last_entry(tx.connection, key, Act.NOTICE_TOLD) is None:
                tx.append(actor, Act.NOTICE_TOLD, key, detail)
        self._vault.seal()

    def verified(self, records: Iterable[RecordId]) -> dict[str, date]:
        """Which of these final captures were verified, and on which day."""
        return self._days(records, Act.FINAL_VERIFIED)

    def verify_final(self, account: AccountId, record: Record, actor: Actor) -> None:
        """Read an account's final capture back whole, and note that it is (RULES R5).

        Raises:
            NotAllowed: it is no final capture of the account. Damaged: it is not whole.
        """
        if record.account != account or record.reason is not Reason.WIND_UP:
            raise NotAllowed(f"Record {record.record_id} is no final capture of {account}.")
        codes = sorted({finding.code for finding in fixity.verify_record(self._vault, record)})
        if codes:
            raise Damaged(
                f"The final capture {record.record_id} of {account} is damaged "
                f"({', '.join(codes)}): run `insyn verify {record.record_id}`."
            )
        detail: dict[str, JsonValue] = {"account": account}
        with self._vault.catalogue.write() as tx:
            if find.last_entry(tx.connection, record.record_id, Act.FINAL_VERIFIED) is None:
                tx.append(actor, Act.FINAL_VERIFIED, record.record_id, detail)
        self._vault.seal()

    def incidents(self) -> dict[str, date]:
        """The incidents that were noted, by the number of their entry, and on which day."""
        with self._vault.catalogue.read() as connection:
            entries = find.entries(connection, subject=purging.INCIDENTS)
            return {str(one.seq): civil_date(one.at) for one in entries}

    def unfinished_purges(self) -> list[RecordId]:
        """Records whose purge was begun and is not ended."""
        with self._vault.catalogue.read() as connection:
            return purging.unfinished(connection)

    def _days(self, subjects: Iterable[str], act: Act) -> dict[str, date]:
        with self._vault.catalogue.read() as connection:
            found = {one: find.last_entry(connection, one, act) for one in subjects}
        return {name: civil_date(entry.at) for name, entry in found.items() if entry}
