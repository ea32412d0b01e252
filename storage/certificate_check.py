"""Certificates and what vouches for them: their signatures and their time stamps.

Looks; never mends. Part of `insyn verify` (docs/findings.md).
"""

from collections.abc import Iterator, Mapping

from accounts.findings import Finding
from storage.errors import Damaged, ObjectMissing
from storage.record import Manifest, Record, StoredObject, sha256
from storage.signing import demand_signature
from storage.timestamps import stamp_of
from storage.vault import Vault

_SIGNED = (".json", ".pdf")


def check_signatures(vault: Vault, manifest: Manifest) -> Iterator[Finding]:
    """Data and page of a certificate are each signed by the key that lies beside them."""
    stored = {one.key: one for one in manifest.objects}
    for key in stored:
        if key.endswith(_SIGNED):
            why = _fault(vault, stored, key)
            if why:
                yield Finding.fault(
                    "V024",
                    key,
                    f"Protokollets underskrift stämmer inte: {why}.",
                    f"The certificate's signature does not hold: {why}.",
                )


def check_timestamp(vault: Vault, record: Record) -> Iterator[Finding]:
    """A record's time stamp, if it has one."""
    stamp = stamp_of(vault, record)
    if stamp is None:
        return
    try:
        same = sha256(vault.reader.get(stamp.key, stamp.version_id)) == stamp.sha256
    except ObjectMissing:
        same = False
    if not same:
        yield Finding.fault(
            "V022",
            stamp.key,
            "Protokollets tidsstämpel saknas eller är ändrad.",
            "The certificate's time stamp is missing or was changed.",
        )


def _fault(vault: Vault, stored: Mapping[str, StoredObject], key: str) -> str:
    public = key.rpartition(".")[0] + ".pem"
    beside = [stored.get(name) for name in (public, key, f"{key}.sig")]
    if None in beside:
        return "signature or key missing"
    pem, data, signature = (
        vault.reader.get(one.key, one.version_id) for one in beside if one is not None
    )
    try:
        demand_signature(pem, data, signature)
    except Damaged as error:
        return str(error)
    return ""
