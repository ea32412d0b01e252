"""Depositing what documents how records left: certificates of disposal, an e-archive's receipts.

No page was visited, so there is no package: the files lie as objects of their own, under the lock
of evidence, readable by anyone who has the bucket. A repeated try finds the same bytes or stops.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

from accounts.model import AccountId
from storage.entering import enter
from storage.errors import AlreadyThere, Damaged
from storage.journal import Act
from storage.keys import MANIFEST, record_prefix
from storage.manifests import read_manifest
from storage.people import Actor
from storage.proposals import ProposalId
from storage.record import (
    EVIDENCE,
    AccountRef,
    Description,
    Manifest,
    Order,
    OrderId,
    Provenance,
    Reason,
    RecipeUsed,
    Record,
    RecordId,
    StoredObject,
    utc_now,
)
from storage.vault import Vault

_LOG = logging.getLogger(__name__)
_TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "pem": "application/x-pem-file",
    "sha256": "text/plain",
    "sig": "application/octet-stream",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Files that document an act, by name; `began` and `ended` are the act's."""

    record_id: RecordId
    order: Order
    unit: str
    title: str
    began: datetime
    ended: datetime
    files: Mapping[str, bytes]


def evidence_order(order_id: OrderId, reason: Reason, actor: Actor) -> Order:
    """An order that no account gave: whoever acts has the act documented."""
    return Order(
        order_id=order_id,
        account=AccountId(""),
        reason=reason,
        ordered_by=str(actor),
        note="",
        ordered_at=utc_now(),
    )


def certificate_order(proposal_id: ProposalId) -> OrderId:
    """Under which order the certificate of a proposal is deposited."""
    return OrderId(f"certificate/{proposal_id}")


def supplement_order(proposal_id: ProposalId, number: int) -> OrderId:
    """Under which order a supplement to that certificate is deposited."""
    return OrderId(f"certificate/{proposal_id}/supplement/{number}")


def receipt_order(digest: str) -> OrderId:
    """Under which order an e-archive's receipt with this SHA-256 is deposited."""
    return OrderId(f"receipt/{digest}")


def deposit_evidence(vault: Vault, evidence: Evidence, actor: Actor) -> Record:
    """Store the files, then the manifest, then enter the record; all of it can be repeated.

    Raises:
        Damaged: other bytes lie where these belong.
    """
    account = AccountRef(
        id=AccountId(""),
        platform="insyn",
        handle=evidence.order.reason.value,
        name="",
        unit=evidence.unit,
    )
    prefix = record_prefix(evidence.record_id, account)
    objects = tuple(
        _put_once(vault, prefix + name, body) for name, body in sorted(evidence.files.items())
    )
    manifest = Manifest(
        manifest_version=1,
        description=_described(evidence, account),
        parts=(),
        objects=objects,
    )
    _put_once(vault, prefix + MANIFEST, manifest.to_bytes())
    _LOG.info("evidence: stored")
    written, stored = read_manifest(vault.reader, prefix + MANIFEST)
    return enter(vault, written, stored, actor, Act.DEPOSITED)


def _put_once(vault: Vault, key: str, body: bytes) -> StoredObject:
    """Put an object, or find the one that an earlier try put (DISPOSAL cases 5 and 27)."""
    try:
        stored = vault.capture.put(
            key,
            body,
            media_type=_TYPES[key.rpartition(".")[2]],
            retain_until=vault.lock_until(),
            mode=vault.settings.evidence_mode,
            only_if_absent=True,
        )
    except AlreadyThere:
        stored, found = vault.reader.fetch(key)
        if found != body:
            raise Damaged(
                f"Another object lies where this one belongs: {key}. Compare the two; nothing was "
                "overwritten."
            ) from None
    _LOG.info("evidence: file stored")
    return stored


def _described(evidence: Evidence, account: AccountRef) -> Description:
    return Description(
        record_id=evidence.record_id,
        record_type=EVIDENCE,
        account=account,
        order=evidence.order,
        started_at=evidence.began,
        ended_at=evidence.ended,
        requested_url="",
        final_url="",
        title=evidence.title,
        facts={},
        changes=(),
        previous=None,
        completeness={},
        provenance=Provenance(
            software={"insyn": version("insyn")},
            browser="",
            user_agent="",
            locale="sv-SE",
            timezone="Europe/Stockholm",
            login="public",
            viewports=(),
            recipe=RecipeUsed(platform="insyn", sha256="", checked_on=date(2026, 1, 1)),
            consent={},
            settle={},
            server={},
            warc="unavailable",
            secrets_replaced=(),
        ),
    )
