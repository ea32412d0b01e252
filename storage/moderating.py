"""Moderation: what was removed from a page, on what ground, by whom, and the capture taken before.

Child sexual abuse material is the opposite case: nothing of it is kept, only four facts (RULES
R47, R48). It may not be saved, not even to report it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.model import AccountId
from accounts.stockholm import civil_date
from storage.catalogue import find, stamp
from storage.entering import shown_in
from storage.errors import Malformed, NotAllowed, NotFound
from storage.journal import Act, Entry
from storage.manifests import manifest_of
from storage.people import DECIDERS, Actor
from storage.record import HERE, Record, RecordId, utc_now
from storage.roles import demand_role
from storage.standing import Trigger
from storage.vault import Vault


class Category(StrEnum):
    """What the content was: the crimes of BBS-lagen 5 §, or a breach of the authority's rules."""

    INCITEMENT = "incitement"
    AGITATION = "agitation"
    UNLAWFUL_THREAT = "unlawful_threat"
    UNLAWFUL_VIOLENCE = "unlawful_violence"
    PRIVACY_BREACH = "privacy_breach"
    COPYRIGHT = "copyright"
    PERSONAL_ATTACK = "personal_attack"
    SPAM = "spam"
    OTHER = "other"
    CSAM = "csam"


CRIMES = frozenset(
    {
        Category.INCITEMENT,
        Category.AGITATION,
        Category.UNLAWFUL_THREAT,
        Category.UNLAWFUL_VIOLENCE,
        Category.PRIVACY_BREACH,
        Category.COPYRIGHT,
    }
)
"""What BBS-lagen 5 § has a service remove; all else rests on the authority's own rules."""


class Basis(StrEnum):
    """What a removal rests on: lag (1998:112) 5 § (BBS-lagen), or the authority's own rules."""

    BBS_ACT = "bbs_act"
    OWN_RULES = "own_rules"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moderation:
    """A removal from a page: of which post or comment (its id, or `platform:id`), and why.

    `reason` is in words and names no outsider.
    """

    post: str
    category: Category
    basis: Basis
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AbuseNotice:
    """The four facts that may be kept of child sexual abuse material (RULES R48)."""

    address: str
    seen_at: datetime
    account: AccountId
    police_reference: str


def moderate(vault: Vault, record_id: RecordId, said: Moderation, actor: Actor) -> Entry:
    """Journal a removal from a page, which the record shows as it was before (RULES R47).

    Periods that count from `moderated` begin today.

    Raises:
        NotAllowed: the actor may not; the category is CSAM, of which no record may be; or the
            record is disposed of, or too old to show what was removed (INSYN_MODERATION_HOURS).
        NotFound: there is no such record. Malformed: no reason, a post that the record does not
            show, or a ground that does not carry the category. Damaged: the record was changed.
    """
    if said.category is Category.CSAM:
        raise NotAllowed(
            "Nothing of child sexual abuse material is captured or kept: leave the record out and "
            "give address, time, account and police reference."
        )
    shown = _shown(vault, record_id)
    faults = [] if said.reason.strip() else ["reason: say why, in words"]
    name = said.post.strip()
    if not name:
        faults.append("post: say which post or comment")
    elif name.rpartition(":")[2] not in shown and name not in shown:
        faults.append(f"post: the record does not show {name}; it shows {_listed(shown)}")
    if said.basis is Basis.BBS_ACT and said.category not in CRIMES:
        faults.append(f"basis: 5 § is no ground for {said.category}; it takes the own rules")
    if faults:
        raise Malformed("The removal cannot be noted", faults)
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, DECIDERS, "moderate")
        record = find.record(tx.connection, record_id)
        if record is None:
            raise NotFound(f"There is no record {record_id}: capture before you remove.")
        if record.status not in HERE:
            raise NotAllowed(f"Record {record_id} is {record.status}: capture before you remove.")
        _demand_recent(record, vault.settings.moderation_hours)
        detail = {
            "post": name,
            "category": said.category.value,
            "basis": said.basis.value,
            "reason": said.reason.strip(),
            "event": Trigger.MODERATED.value,
            "on": civil_date(utc_now()).isoformat(),
        }
        entry = tx.append(actor, Act.MODERATED, record_id, detail)
    vault.seal()
    return entry


def _shown(vault: Vault, record_id: RecordId) -> frozenset[str]:
    """What a record shows; nothing where it is not there any more."""
    with vault.catalogue.read() as connection:
        record = find.record(connection, record_id)
    if record is None or record.status not in HERE:
        return frozenset()
    store = vault.reader_of(record.manifest_key)
    return shown_in(store, manifest_of(store, record))


def _listed(shown: frozenset[str]) -> str:
    few = sorted(shown)[:10]
    return ", ".join(few) + (" …" if len(shown) > len(few) else "") if few else "none"


def _demand_recent(record: Record, hours: int) -> None:
    """What was captured long ago does not show what stood there before the removal."""
    if record.captured_at < utc_now() - timedelta(hours=hours):
        raise NotAllowed(
            f"Record {record.record_id} was captured more than {hours} hours ago: capture anew "
            "before you remove (insyn post capture --reason before_removal)."
        )


def note_abuse(vault: Vault, notice: AbuseNotice, actor: Actor) -> Entry:
    """Journal the four facts, and nothing else: no picture, text or digest of content.

    Raises:
        NotAllowed: the actor may not. Malformed: a fact is missing, each of them named.
    """
    facts = ("address", "account", "police_reference")
    faults = [f"{name}: give it" for name in facts if not str(getattr(notice, name)).strip()]
    if notice.seen_at > utc_now():
        faults.append("seen_at: it lies ahead")
    if faults:
        raise Malformed("The finding cannot be noted", faults)
    detail = {
        "address": notice.address.strip(),
        "seen_at": stamp(notice.seen_at),
        "police_reference": notice.police_reference.strip(),
    }
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, DECIDERS, "moderate")
        entry = tx.append(actor, Act.ABUSE_NOTED, notice.account, detail)
    vault.seal()
    return entry
