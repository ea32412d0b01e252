"""What lies in the bucket beside records and journal: plans and tombstones.

Looks; never mends. Part of `insyn verify --all` (docs/findings.md).
"""

from collections.abc import Iterator, Mapping

from accounts.findings import Finding
from storage.catalogue import find, planned
from storage.errors import ObjectMissing
from storage.journal import Act
from storage.keys import TOMBSTONES
from storage.plans import AdoptedPlan, adopted
from storage.record import GONE, HERE, Record, RecordId, sha256, utc_now
from storage.tombstone import purge_stone, tombstone_bytes
from storage.vault import Vault


def check_plans(vault: Vault) -> Iterator[Finding]:
    """Every adopted version of the plan is there, as the journal names it, and under lock."""
    with vault.catalogue.read() as connection:
        known = [adopted(row) for row in planned.plans(connection)]
    for plan in known:
        yield from _plan(vault, plan)


def check_tombstones(vault: Vault) -> Iterator[Finding]:
    """A tombstone stands for each record that is gone, and for no record that is here.

    One for a record that is here would keep it out of a rebuild after the journal's loss.
    """
    with vault.catalogue.read() as connection:
        records = {one.record_id: one for one in find.all_records(connection)}
    standing = {record_id: one.status for record_id, one in records.items()}
    stones = {_record_of(key): key for key in vault.reader.keys(TOMBSTONES)}
    for record_id, key in stones.items():
        if standing.get(record_id) in HERE:
            yield Finding.fault(
                "V020",
                key,
                "En gravsten står för en handling som finns kvar: någon har lagt den där.",
                "A tombstone stands for a record that is here: somebody put it there.",
            )
    for record_id, status in standing.items():
        if status in GONE and record_id not in stones:
            yield Finding.fault(
                "V021",
                record_id,
                "Handlingen är gallrad eller raderad, men gravstenen saknas i lagret.",
                "The record was disposed of, but its tombstone is missing from the store.",
            )
        elif status in GONE and not _is_ours(vault, records[record_id], stones):
            yield Finding.fault(
                "V025",
                stones[record_id],
                "Gravstenen är ändrad: den är inte den som journalens poster ger.",
                "The tombstone was changed: it is not the one that the journal's entries give.",
            )


def _is_ours(vault: Vault, record: Record, stones: Mapping[RecordId, str]) -> bool:
    """Whether the tombstone is that of the disposal or of the purge, byte for byte."""
    with vault.catalogue.read() as connection:
        entries = list(find.entries(connection, subject=record.record_id))
    ours = [tombstone_bytes(record, one) for one in entries if one.act is Act.WITHDRAWAL_BEGUN]
    ours += [purge_stone(record, one) for one in entries if one.act is Act.PURGE_BEGUN]
    return vault.reader.get(stones[record.record_id]) in ours


def _plan(vault: Vault, plan: AdoptedPlan) -> Iterator[Finding]:
    try:
        data = vault.reader.get(plan.key, plan.version_id)
        head = vault.reader.head(plan.key, plan.version_id)
    except ObjectMissing:
        yield Finding.fault(
            "V018",
            plan.key,
            f"Version {plan.number} av dokumenthanteringsplanen saknas i lagret.",
            f"Version {plan.number} of the plan is missing from the store.",
        )
        return
    if sha256(data) != plan.sha256:
        yield Finding.fault(
            "V019",
            plan.key,
            f"Version {plan.number} av dokumenthanteringsplanen är ändrad.",
            f"Version {plan.number} of the plan was changed.",
        )
    if head.retain_until is None or head.retain_until <= utc_now():
        yield Finding.fault(
            "V008",
            plan.key,
            "Objektet saknar lås (Object Lock) och kan tas bort av vem som helst.",
            "The object has no retention lock.",
        )


def _record_of(key: str) -> RecordId:
    return RecordId(key.rpartition("/")[2].removesuffix(".json"))
