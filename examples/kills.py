"""A disposal that is killed (SIGKILL) again and again while holds are placed from another process.

A child carries out what is ready and dies at a named point: the points are log lines of the
archive, so nothing in the product knows that it is being tested. After each kill: what is held is
whole, what is DISPOSED has no version left and a tombstone. At the end nothing is stuck.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Self

from examples.child import environment_of
from examples.disposal_kit import ARCHIVIST, decide, dispose, make_due, propose
from examples.kill_at import KillAt
from storage.archive import Archive
from storage.errors import ObjectMissing
from storage.holds import Ground, Placement
from storage.keys import prefix_of, tombstone_key
from storage.objects import Store
from storage.proposals import State
from storage.record import Record, RecordId, Status
from storage.settings import Identity, Settings

PROJECT = Path(__file__).resolve().parents[1]

POINTS = (
    ("withdrawal: intents written", 1),
    ("withdrawal: point of no return", 1),
    ("withdrawal: version removed", 1),
    ("withdrawal: version removed", 2),
    ("withdrawal: verified", 1),
    ("withdrawal: tombstone set", 1),
    ("withdrawal: done", 1),
    ("disposal: started", 1),
    ("disposal: item settled", 1),
    ("disposal: verified", 1),
    ("evidence: file stored", 1),
    ("evidence: file stored", 2),
    ("evidence: stored", 1),
    ("deposit: journaled", 1),
    ("deposit: sealed", 1),
    ("disposal: certified", 1),
    ("journal: segment stored", 1),
    ("journal: segment stored", 2),
    ("journal: segment stored", 3),
    ("journal: sealed", 2),
)
"""Log lines at which the child dies, and at their which occurrence."""

_TRIES = 4
"""A hold may end a run before it comes to its point: then it is tried again."""


@dataclass(kw_only=True, slots=True)
class Tally:
    """What a run of kills came to; `wrong` names each thing that must never be."""

    kills: dict[str, int] = field(default_factory=dict)
    held: list[RecordId] = field(default_factory=list)
    too_late: int = 0
    disposed: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """How often the child died where it was told to."""
        return sum(self.kills.values())


def kill_run(
    settings: Settings, deposit: Callable[[], Record], kills: int, chance: random.Random
) -> Tally:
    """Kill disposals `kills` times, then let them end; `deposit` gives a new record each time."""
    tally = Tally()
    with Archive.open(settings) as archive, _Child(settings) as child:
        for point in islice(cycle(POINTS), 2 * kills):
            for _ in range(_TRIES):
                _make_ready(archive, deposit)
                died = _kill_once(archive, child, point, tally, chance)
                tally.wrong += held_or_gone(archive, settings, tally)
                if died:
                    break
            if tally.killed >= kills:
                break
        dispose(archive)
        tally.wrong += held_or_gone(archive, settings, tally) + _stuck(archive)
        tally.disposed = sum(r.status is Status.DISPOSED for r in archive.records())
    return tally


def _kill_once(
    archive: Archive, child: "_Child", point: tuple[str, int], tally: Tally, chance: random.Random
) -> bool:
    """The child begins on what is ready; a hold comes at some moment; whether the child died."""
    listed = _listed(archive)
    child.begin(point)
    if listed and chance.random() < 0.5:
        time.sleep(chance.random() * 0.3)
        _hold(archive, chance.choice(listed), tally)
    died = child.ended() == -signal.SIGKILL
    if died:
        name = f"{point[0]} ({point[1]})"
        tally.kills[name] = tally.kills.get(name, 0) + 1
    return died


def _make_ready(archive: Archive, deposit: Callable[[], Record]) -> None:
    """Two records on an approved list, unless something is under way."""
    if not archive.disposals.all({State.COOLING, State.EXECUTING, State.VERIFIED}):
        for record in (deposit(), deposit()):
            make_due(archive, record)
        for proposal_id in propose(archive):
            decide(archive, proposal_id)


def _listed(archive: Archive) -> list[RecordId]:
    """What a hold could still come in time for."""
    under_way = archive.disposals.all({State.COOLING, State.EXECUTING})
    return [r for proposal in under_way for r in archive.disposals.pending(proposal.proposal_id)]


def _hold(archive: Archive, record_id: RecordId, tally: Tally) -> None:
    placement = Placement(
        ground=Ground.RESEARCH_VALUE,
        reason="Forskningsvärde",
        authority="Arkivet",
        records=(record_id,),
        query=None,
        review_by=None,
    )
    outcome = archive.place_hold(placement, ARCHIVIST)
    tally.held += outcome.accepted
    tally.too_late += len(outcome.too_late)


def held_or_gone(archive: Archive, settings: Settings, tally: Tally) -> list[str]:
    """What must be so at every moment, whatever was killed."""
    reader = Store.from_settings(settings, Identity.READER)
    wrong = []
    for record in archive.records():
        if record.record_id in tally.held and (
            record.status not in (Status.ACTIVE, Status.DISPOSING) or archive.verify(record)
        ):
            wrong.append(f"held, but {record.status} or damaged: {record.record_id}")
        if record.status is Status.DISPOSED:
            if list(reader.versions(prefix_of(record.manifest_key))):
                wrong.append(f"disposed of, but a version is there: {record.record_id}")
            try:
                reader.head(tombstone_key(record.record_id))
            except ObjectMissing:
                wrong.append(f"disposed of without a tombstone: {record.record_id}")
    return wrong


def _stuck(archive: Archive) -> list[str]:
    """What must be so when nothing was killed any more."""
    half = {Status.DISPOSING, Status.DESTROYING}
    wrong = [f"stuck: {r.record_id} {r.status}" for r in archive.records() if r.status in half]
    proposals = archive.disposals.all()
    wrong += [
        f"not certified: {p.proposal_id} is {p.stored} {p.why}".rstrip()
        for p in proposals
        if p.stored is not State.CERTIFIED
    ]
    certificates = [r for r in archive.records() if r.record_type == "retention_evidence"]
    if len(certificates) != len(proposals):
        wrong.append(f"{len(certificates)} certificates of {len(proposals)} disposals")
    wrong += [str(one) for _, found in archive.verify_all() for one in found]
    return wrong


class _Child:
    """A program that carries out disposals in forks of itself: no start-up time for each kill."""

    def __init__(self, settings: Settings) -> None:
        environ = environment_of(settings, INSYN_COOLING_DAYS="0", INSYN_CAP_PERCENT="100")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "examples.kills"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environ,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def begin(self, point: tuple[str, int]) -> None:
        """Let it carry out what is ready, and die at this point."""
        line = json.dumps(point) + "\n"
        os.write(self._process.stdin.fileno(), line.encode())  # type: ignore[union-attr]  # a pipe

    def ended(self) -> int:
        """How the one that was begun ended, once it has."""
        return int(self._process.stdout.readline())  # type: ignore[union-attr]  # a pipe


def main() -> None:
    """Read a point a line; carry out in a fork that dies there; answer with how it ended."""
    settings = Settings.from_environment(os.environ)
    for identity in (Identity.CAPTURE, Identity.DISPOSER, Identity.READER):
        Store.from_settings(settings, identity)  # made once, before the forks; no connection yet
    for line in sys.stdin:
        message, times = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _carry_out(settings, message, times)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _carry_out(settings: Settings, message: str, times: int) -> None:
    KillAt(message, times).listen()
    try:
        with Archive.open(settings) as archive:
            dispose(archive)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
