"""A capture from order to record: visit, judge, package, deposit; or a gap that says why.

All or nothing, and idempotent: an order that has its record is answered with that record.
"""

import asyncio
import logging
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from accounts.model import Account
from capture.browser import DESKTOP, MOBILE
from capture.extract import changes
from capture.floors import below_floor
from capture.login import read_login
from capture.provenance import provenance_of
from capture.recipe import load_recipes
from capture.refusal import Refusal
from capture.viewing import write_thumbnail, write_viewing_copies
from capture.visit import Visit, visit
from capture.walls import Judgement, Verdict, partial
from capture.workroom import workroom
from storage.archive import Archive
from storage.deposit import Accepted
from storage.gap import GapId, GapReport
from storage.package import Page, write_package
from storage.people import Actor
from storage.record import (
    FINAL_CAPTURE,
    PROFILE_CAPTURE,
    AccountRef,
    Change,
    Description,
    Order,
    Provenance,
    Reason,
    Record,
    utc_now,
)
from storage.settings import Settings

_LOG = logging.getLogger(__name__)
PROFILE_TYPES = (PROFILE_CAPTURE, FINAL_CAPTURE)
"""The record types that show a whole profile."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Captured:
    """A record; `anew` is false when the order had it already."""

    record: Record
    anew: bool

    @property
    def verdict(self) -> Verdict:
        """A record is always a capture that was accepted."""
        return Verdict.OK


@dataclass(frozen=True, kw_only=True, slots=True)
class GapNoted:
    """A gap: the duty stays open. `retry_after_s` in seconds, where the platform told one."""

    gap_id: GapId
    judgement: Judgement

    @property
    def verdict(self) -> Verdict:
        """What stood in the way."""
        return self.judgement.verdict


Outcome = Captured | GapNoted


def capture_profile(
    order: Order, account: Account, *, settings: Settings, archive: Archive, actor: Actor
) -> Outcome:
    """Carry out an order for an account's profile page.

    Raises:
        NotAllowed: abuse material was reported there (RULES R48); nothing is visited.
        AddressRefused, BrowserMissing, BrowserBroken, RecipeFaults, LoginBroken, DiskFull: no gap
            is noted, as the fault is ours.
        StoreError, Damaged: the archive could not take the record.
    """
    ref = AccountRef.of(account)
    archive.require_clean(account.id, account.url)
    accepted = archive.accept(order, ref, actor)
    if accepted.record is not None:
        return Captured(record=accepted.record, anew=False)
    recipes = load_recipes(settings.recipes)
    login = read_login(settings, account.id)
    with workroom(settings, "capture") as room:
        parts = room / "parts"
        recipe = recipes.recipe_for(account.platform)
        visited = asyncio.run(visit(account.url, recipe, settings, parts, login))
        _LOG.info("capture: visited")
        if isinstance(visited, Visit) and (lacks := below_floor(visited.completeness, settings)):
            visited = _partial(visited, lacks, parts)
        if isinstance(visited, Refusal):
            return _note_gap(accepted.order, account, visited, archive, actor)
        _add_viewing_copies(parts / "pictures")
        package = room / "capture.wacz"
        page = Page(url=visited.final_url, title=visited.title, at=visited.started_at)
        write_package(parts, package, page=page, software=f"insyn {version('insyn')}")
        _LOG.info("capture: packaged")
        recipe_used = recipes.used_for(account.platform)
        provenance = provenance_of(visited, recipe_used, (DESKTOP, MOBILE), login)
        description = _describe(accepted, account, visited, archive, provenance)
        return Captured(record=archive.deposit(description, package, actor), anew=True)


def _add_viewing_copies(pictures: Path) -> None:
    for view in (DESKTOP, MOBILE):
        tiles = sorted(pictures.glob(f"{view.name}-[0-9]*.png"))
        write_viewing_copies(tiles, pictures / f"{view.name}-view")
    write_thumbnail(pictures / f"{DESKTOP.name}-0001.png", pictures / "thumbnail.webp")


def _partial(visited: Visit, evidence: tuple[str, ...], parts: Path) -> Refusal:
    """A visit that is not whole enough: the duty stays open."""
    main = visited.recording.main
    return Refusal(
        judgement=partial(*evidence),
        at=visited.ended_at,
        final_url=visited.final_url,
        status=main.status if main else None,
        headers=tuple(main.headers) if main else (),
        picture=(parts / "pictures" / "desktop-before-consent.png").read_bytes(),
    )


def _note_gap(
    order: Order, account: Account, refusal: Refusal, archive: Archive, actor: Actor
) -> GapNoted:
    report = GapReport(
        account=AccountRef.of(account),
        order=order,
        at=refusal.at,
        verdict=refusal.judgement.verdict.value,
        evidence=refusal.judgement.evidence,
        requested_url=account.url,
        final_url=refusal.final_url,
        status=refusal.status,
        headers=refusal.headers,
        retry_after_s=refusal.judgement.retry_after_s,
    )
    gap_id = archive.note_gap(report, refusal.picture, actor)
    return GapNoted(gap_id=gap_id, judgement=refusal.judgement)


def _describe(
    accepted: Accepted,
    account: Account,
    visited: Visit,
    archive: Archive,
    provenance: Provenance,
) -> Description:
    order = accepted.order
    previous = archive.latest(account.id, PROFILE_TYPES)
    return Description(
        record_id=accepted.record_id,
        record_type=FINAL_CAPTURE if order.reason is Reason.WIND_UP else PROFILE_CAPTURE,
        account=AccountRef.of(account),
        order=order,
        started_at=visited.started_at,
        ended_at=max(visited.ended_at, utc_now()),
        requested_url=account.url,
        final_url=visited.final_url,
        title=visited.title,
        facts=visited.extracted.facts,
        changes=_changes(archive, previous, visited),
        previous=previous.record_id if previous else None,
        completeness=visited.completeness,
        provenance=provenance,
    )


def _changes(archive: Archive, previous: Record | None, visited: Visit) -> tuple[Change, ...]:
    """What of the profile differs from the capture before (RULES R5)."""
    if previous is None:
        return ()
    before = archive.manifest(previous).description.facts
    now = visited.extracted.facts
    return tuple(
        Change(field=name, before=before.get(name), after=now.get(name))
        for name in changes(before, now)
    )
