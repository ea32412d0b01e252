"""The demo's disposal: a plan adopted, records due, holds that stop three of them, proposals with
two approvals each, their execution by the DAG and by command, the certificate and the tombstone.
"""

import subprocess
import sys
from pathlib import Path
from secrets import token_urlsafe

from rich.console import Console
from rich.table import Table

from examples.airflow_client import AirflowClient
from examples.disposal_kit import (
    ARCHIVIST,
    OWNER,
    RULE,
    adopt,
    decide,
    dispose,
    make_due,
    propose,
)
from retention.adopting import plan_in_force
from retention.due import due
from retention.verdict import Blocked
from storage.archive import Archive
from storage.credential import close_session, open_session, set_credential
from storage.errors import NotAllowed, StoreRefused
from storage.holds import Ground, Placement
from storage.objects import Bucket
from storage.people import Role, person
from storage.proposals import ProposalId, State
from storage.query import Query
from storage.record import Record, Status, today, utc_now
from storage.settings import SERVING, Identity, Settings

PROJECT = Path(__file__).resolve().parents[1]
_DAG, _RUN_SECONDS = "disposal", 240
_OPERATOR = person("Driftansvarig Disa")
FILES = tuple(
    f"certificate.{end}" for end in ("json", "json.sig", "pdf", "pdf.sig", "pem", "sha256")
)


def disposal(
    archive: Archive, settings: Settings, console: Console, held: Record, airflow: AirflowClient
) -> list[str]:
    """Run it, by Airflow and by command; gives back what did not go as it should."""
    plan = adopt(archive)
    console.print(f"  plan {plan.number} adopted, number {plan.registration_number}")
    early, late, gone, last = _unheld(archive, held)
    for record in (early, late, gone):
        make_due(archive, record)
    _hold(
        archive,
        early,
        Ground.RESEARCH_VALUE,
        "Visar hur universitetet informerade under ombyggnaden",
    )
    _show_due(archive, console)
    proposed = propose(archive)
    for proposal_id in proposed:
        decide(archive, proposal_id)
    refused = all(_refused(archive, proposal_id) for proposal_id in proposed)
    console.print(
        f"  proposals, one a unit: {len(proposed)}; each approved by {OWNER.name}, then "
        f"{ARCHIVIST.name}"
    )
    _hold(archive, late, Ground.PUBLIC_INSIGHT, "Efterfrågad av en journalist")
    _by_airflow(airflow)
    console.print("  the DAG disposal has run:")
    _show_items(archive, proposed, console)
    proposed += _by_command(archive, settings, last, console)
    stone = archive.tombstone(archive.record(gone.record_id))
    if stone is None or stone.certificate is None:
        return ["the record without a hold is disposed of"]
    console.print(f"  tombstone of {gone.record_id[-8:]}: gallrad enligt {stone.basis}")
    certificate = archive.record(stone.certificate)
    verified = _copied_and_verified(archive, certificate, settings.home / "look", console)
    now = {one.record_id: archive.record(one.record_id).status for one in (early, late, last, gone)}
    checks = {
        "who decided cannot carry it out": refused,
        "only the record without a hold is disposed of": list(now.values())
        == [Status.ACTIVE, Status.ACTIVE, Status.ACTIVE, Status.DISPOSED],
        "the held records are whole": not any(
            archive.verify(archive.record(one.record_id)) for one in (early, late, last)
        ),
        "the tombstone names the rule": stone.rule_id == RULE,
        "every disposal has its certificate": all(
            archive.disposals.named(one).stored is State.CERTIFIED for one in proposed
        ),
        "the certificate is verified by the script": verified,
        "a second run finds nothing to do": dispose(archive) == [],
    }
    return [what for what, holds in checks.items() if not holds]


def lifecycle_attempts(settings: Settings) -> list[tuple[str, str, bool]]:
    """Everyone who works here tries to have the bucket expire its records by itself."""
    rule = {"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    tried = []
    for identity in SERVING:
        if identity is not Identity.SETUP:
            try:
                Bucket.from_settings(settings, identity).set_lifecycle([rule])
                refused = False
            except StoreRefused:
                refused = True
            tried.append((identity.value, "put a lifecycle rule", refused))
    return tried


def _by_airflow(airflow: AirflowClient) -> None:
    """The DAG disposal, at once; by itself it would run at night."""
    airflow.unpause(_DAG)
    for _ in airflow.follow(_DAG, airflow.trigger(_DAG, {}), _RUN_SECONDS):
        pass


def _by_command(
    archive: Archive, settings: Settings, record: Record, console: Console
) -> list[ProposalId]:
    """A record that was decided on and is then held, and `insyn dispose` by who runs the system."""
    make_due(archive, record)
    proposed = propose(archive)
    for proposal_id in proposed:
        decide(archive, proposal_id)
    _hold(archive, record, Ground.OPEN_CASE, "Ärende 1-77/2026 är öppet")
    archive.people.add(_OPERATOR.name, [Role.OPERATOR], ARCHIVIST)
    set_credential(settings, _OPERATOR.name, token_urlsafe())
    archive.people.note_password(_OPERATOR, proven=True)
    open_session(settings, _OPERATOR, utc_now())
    insyn = Path(sys.executable).with_name("insyn")
    subprocess.run([insyn, "dispose"], cwd=PROJECT, capture_output=True, check=True)
    close_session(settings)
    console.print(f"  insyn dispose has run, by {_OPERATOR.name}:")
    _show_items(archive, proposed, console)
    return proposed


def _unheld(archive: Archive, held: Record) -> list[Record]:
    """One record of each of four accounts, none of them held."""
    by_account: dict[str, Record] = {}
    for hit in archive.find(Query(held=False), limit=100):
        if hit.record.account != held.account:
            by_account.setdefault(hit.record.account, hit.record)
    return [by_account[account] for account in sorted(by_account)][:4]


def _hold(archive: Archive, record: Record, ground: Ground, reason: str) -> None:
    placement = Placement(
        ground=ground,
        reason=reason,
        authority="Arkivet",
        records=(record.record_id,),
        query=None,
        review_by=None,
    )
    archive.place_hold(placement, ARCHIVIST)


def _show_due(archive: Archive, console: Console) -> None:
    plan = plan_in_force(archive, today())
    if plan is None:
        return
    for record, _, verdict in due(plan, today(), lambda wanted: archive.reached(wanted, {})):
        told = "held, kept" if isinstance(verdict, Blocked) else "due"
        console.print(
            f"  {record.record_id[-8:]} {record.account:<22}{verdict.rule.rule_id} {told}"
        )


def _refused(archive: Archive, proposal_id: ProposalId) -> bool:
    """Whether an approver who wants to carry it out is refused (RULES R33)."""
    try:
        archive.disposals.start(proposal_id, OWNER, utc_now())
    except NotAllowed:
        return True
    return False


def _show_items(archive: Archive, proposed: list[ProposalId], console: Console) -> None:
    table = Table("Record", "Account", "Outcome", "Why", box=None, pad_edge=False)
    for item in [one for which in proposed for one in archive.disposals.items(which)]:
        table.add_row(item.record_id[-8:], item.account, item.state, item.why)
    console.print(table)


def _copied_and_verified(
    archive: Archive, certificate: Record, folder: Path, console: Console
) -> bool:
    """The certificate where anyone can open it, and what the script says of it."""
    for name in FILES:
        (folder / name).write_bytes(archive.read_part(certificate, name))
    script = PROJECT / "docs" / "verify-certificate"
    done = subprocess.run(
        [sys.executable, str(script), str(folder)], capture_output=True, text=True, check=False
    )
    console.print(f"  certificate {certificate.record_id[-8:]}: {done.stdout.strip()[:60]}")
    return done.returncode == 0
