"""From order to record against the platform's ground truth: a real browser, a real store."""

import gzip
import io
import json
import resource
from collections.abc import Callable, Iterator
from dataclasses import replace

import psutil
import pytest
from PIL import Image

from accounts.model import Account
from capture.errors import AddressRefused, DiskFull
from capture.picture import Photographer, PictureSet
from capture.session import Captured, GapNoted, Outcome, capture_profile
from capture.sight import Bounds
from examples.platform.server import Platform
from storage.archive import Archive
from storage.objects import Store
from storage.package import WARC
from storage.people import service
from storage.query import Query
from storage.record import Order, OrderId, Reason, Record, new_id, utc_now
from storage.settings import Identity, Settings
from tests.capture import warcs
from tests.capture.reading import as_read

Account_ = Callable[[str], Account]
Run = Callable[[str], Outcome]


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with Archive.open(settings) as opened:
        yield opened


@pytest.fixture
def run(settings: Settings, archive: Archive, account_on: Account_) -> Callable[..., Outcome]:
    """Captures a handle of Torget's once, with little patience."""

    def made(handle: str, order_id: str = "") -> Outcome:
        account = account_on(handle)
        order = Order(
            order_id=OrderId(order_id or new_id()),
            account=account.id,
            reason=Reason.HALF_YEAR,
            ordered_by="schedule",
            note="",
            ordered_at=utc_now(),
        )
        patient = replace(settings, capture_seconds=60 if handle != "_langsam" else 3)
        return capture_profile(
            order, account, settings=patient, archive=archive, actor=service("test")
        )

    return made


def test_a_profile_becomes_one_record_that_agrees_with_the_truth(
    platform: Platform, archive: Archive, run: Run
) -> None:
    """R7, R8, R11: picture, text and facts agree with the platform's own; no secret is stored."""
    outcome = run("kibiblioteket")
    assert isinstance(outcome, Captured)
    record, truth = outcome.record, platform.truth("kibiblioteket")
    said = archive.manifest(record).description
    assert said.facts["name"] == truth["name"]
    assert said.facts["bio"] == truth["bio"]
    assert said.facts["links"] == truth["links"]
    assert said.facts["avatar_sha256"] == truth["avatar_sha256"]
    assert said.facts["cover_sha256"] == truth["cover_sha256"]
    shown = {"inlägg": "posts", "följare": "followers", "följer": "following"}
    assert said.facts["counts"] == {sv: truth["counts"][en] for sv, en in shown.items()}
    assert said.provenance.consent["pressed"] == "Endast nödvändiga"
    assert said.provenance.warc == "complete"
    _posts_agree(archive, record, truth)
    _pictures_agree(archive, record, truth)
    _web_archive_agrees(archive, record, said.final_url)
    _tree_agrees(archive, record, truth)
    read = b"".join(as_read(archive, record)) + archive.manifest(record).to_bytes()
    assert truth["name"].encode() in read
    assert [secret for secret in platform.secrets if secret.encode() in read] == []
    assert archive.verify(record) == ()
    assert [hit.record for hit in archive.find(Query(text="universitetsbibl"))] == [record]
    assert not any(entry.path == "/track.gif" for entry in platform.log)


def _posts_agree(archive: Archive, record, truth) -> None:  # type: ignore[no-untyped-def]
    posts = json.loads(archive.read_part(record, "data/posts.json"))["posts"]
    told = [(p["id"], p["text"], p["at"]) for p in posts]
    assert told == [(p["id"], p["text"], p["at"]) for p in truth["posts"]]


def _web_archive_agrees(archive: Archive, record: Record, url: str) -> None:
    """C28: the window's first sight stands in it, pixel for pixel as in the first tile; the phone's
    traffic stands in it too.
    """
    kept = warcs.read_bytes(archive.read_part(record, WARC))
    [view] = [each for each in kept if each.kind == "resource"]
    assert view.url == f"urn:view:{url}"
    with (
        Image.open(io.BytesIO(view.body)) as window,
        Image.open(io.BytesIO(archive.read_part(record, "pictures/desktop-0001.png"))) as tile,
    ):
        assert window.size == (1280, 900)
        of_tile = tile.convert("RGB").crop((0, 0, *window.size))
        assert window.convert("RGB").tobytes() == of_tile.tobytes()
    said = archive.manifest(record).description.completeness
    phone = json.loads(archive.read_part(record, "data/traffic.json"))["mobile"]
    assert said["mobile_requests_seen"] == phone["requests_seen"] > 0
    assert said["mobile_requests_not_recorded"] == len(phone["not_recorded"])
    assert phone["status"] == "complete"
    agents = [dict(each.headers)["User-Agent"] for each in kept if each.kind == "request"]
    assert sum("Mobile" in agent for agent in agents) == phone["records"] / 2 > 10


def _tree_agrees(archive: Archive, record: Record, truth) -> None:  # type: ignore[no-untyped-def]
    """The page's tree is kept with where everything stood."""
    data = archive.read_part(record, "dom/snapshot.json")
    tree = json.loads(data)
    texts, (document, *_) = tree["strings"], tree["documents"]
    shown = {texts[at] for at in document["layout"]["text"] if at >= 0}
    assert any(truth["name"] in text for text in shown)
    assert len(document["layout"]["bounds"]) == len(document["layout"]["nodeIndex"]) > 50
    assert tree["styles"][0] == "display"
    assert len(data) < 1 << 20


def _pictures_agree(archive: Archive, record, truth) -> None:  # type: ignore[no-untyped-def]
    """Each post's colour code is painted, in both views."""
    for view in ("desktop", "mobile"):
        colours: set[tuple[int, ...]] = set()
        for part in archive.manifest(record).parts:
            if part.name.startswith(f"pictures/{view}-0"):
                with Image.open(io.BytesIO(archive.read_part(record, part.name))) as tile:
                    found = tile.convert("RGB").getcolors(1 << 24) or []
                colours |= {colour for _, colour in found}
        codes = {tuple(bytes.fromhex(p["colour"][1:])) for p in truth["posts"]}
        assert codes <= colours, view


@pytest.mark.usefixtures("old_chromium")
def test_without_a_recorder_the_capture_is_made_and_says_so(
    platform: Platform, archive: Archive, run: Run
) -> None:
    """C01: pictures, text and data all the same; the web archive has the page as it stood."""
    outcome = run("ki_odontologi")
    assert isinstance(outcome, Captured)
    record, truth = outcome.record, platform.truth("ki_odontologi")
    said = archive.manifest(record).description
    assert said.provenance.warc == "unavailable"
    assert said.completeness["requests_seen"] == 0
    _posts_agree(archive, record, truth)
    _pictures_agree(archive, record, truth)
    assert archive.verify(record) == ()
    traffic = json.loads(archive.read_part(record, "data/traffic.json"))
    assert "Install Chromium 156 or later" in traffic["faults"][0]
    web = gzip.decompress(archive.read_part(record, WARC)).decode("utf-8", "replace")
    assert f"WARC-Target-URI: {said.final_url}\r\n" in web
    assert truth["name"] in web
    assert [secret for secret in platform.secrets if secret in web] == []
    dumped = list(archive.dump())
    archive.rebuild(lambda *_: None)
    assert list(archive.dump()) == dumped


@pytest.mark.parametrize(
    ("handle", "verdict"),
    [
        ("ki_alumn", "login_wall"),
        ("ki_karriar", "removed"),
        ("finns_inte", "not_found"),
        ("_alltid429", "rate_limited"),
        ("_503", "unreachable"),
        ("_403", "bot_wall"),
        ("_bot", "bot_wall"),
        ("_blank", "blank"),
        ("_privat", "private"),
        ("_trasig", "partial"),
        ("_langsam", "unreachable"),
    ],
)
def test_a_wall_is_a_gap_and_never_a_record(  # noqa: PLR0917  # fixtures
    settings: Settings,
    archive: Archive,
    run: Run,
    handle: str,
    verdict: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R9: each wall and broken page becomes its own dated gap with evidence."""
    monkeypatch.setattr("capture.waiting._LANDMARK_MS", 1500)
    outcome = run(handle)
    assert isinstance(outcome, GapNoted)
    assert outcome.verdict == verdict
    assert archive.count(Query()) == 0
    [gap] = archive.gaps()
    evidence = json.loads(Store.from_settings(settings, Identity.READER).get(gap.key))
    assert evidence["verdict"] == verdict
    assert evidence["evidence"]
    assert gap.met_by is None
    if verdict == "rate_limited":
        assert outcome.judgement.retry_after_s == 30


def test_a_change_of_the_profile_is_detected_and_journaled(
    platform: Platform, archive: Archive, run: Run
) -> None:
    """R5: name, avatar, cover, bio and links are compared with the capture before."""
    first = run("ki_forskning")
    platform.change("ki_forskning", bio="Nu med ny text om tänder.", avatar_seed=9)
    second = run("ki_forskning")
    assert isinstance(first, Captured)
    assert isinstance(second, Captured)
    assert first.record.changed == ()
    assert second.record.changed == ("bio", "avatar_sha256")
    said = archive.manifest(second.record).description
    assert said.previous == first.record.record_id
    assert said.changes[0].after == "Nu med ny text om tänder."
    assert archive.journal()[-1].detail["changed"] == ["bio", "avatar_sha256"]


def test_a_full_disk_leaves_no_half_and_the_order_is_carried_out_once_when_there_is_room(
    platform: Platform,
    settings: Settings,
    archive: Archive,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R12: the fault is ours and is told; an order that has its record is answered with it."""
    work = settings.home / "work"
    photograph, free = Photographer.photograph, resource.getrlimit(resource.RLIMIT_FSIZE)

    async def no_room(self: Photographer, bounds: Bounds, *, virtualised: bool) -> PictureSet:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, free[1]))  # the browser runs already
        return await photograph(self, bounds, virtualised=virtualised)

    monkeypatch.setattr(Photographer, "photograph", no_room)
    before = {p.pid for p in psutil.Process().children(recursive=True)}
    try:
        with pytest.raises(DiskFull, match=f"No room for a capture in {work}"):
            run("ki_forskning", "change-1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, free)
    assert (archive.count(Query()), archive.gaps()) == (0, [])
    assert list(work.iterdir()) == []
    assert {p.pid for p in psutil.Process().children(recursive=True)} <= before
    monkeypatch.undo()
    first = run("ki_forskning", "change-1")
    visits = len(platform.log)
    second = run("ki_forskning", "change-1")
    assert isinstance(first, Captured)
    assert isinstance(second, Captured)
    assert second.record == first.record
    assert not second.anew
    assert len(platform.log) == visits


def test_a_private_address_is_refused(
    settings: Settings, archive: Archive, account_on: Account_
) -> None:
    """R13: without the setting, a loopback address is no page of the public's."""
    account = account_on("kibiblioteket")
    order = Order(
        order_id=OrderId("o"),
        account=account.id,
        reason=Reason.ON_REQUEST,
        ordered_by="Eva Ek",
        note="",
        ordered_at=utc_now(),
    )
    closed = replace(settings, allow_private=False)
    with pytest.raises(AddressRefused, match="not a public address"):
        capture_profile(order, account, settings=closed, archive=archive, actor=service("t"))
    assert archive.gaps() == []
