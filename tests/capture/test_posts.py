"""Posts from the feed to records and through their days, against the platform's ground truth."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from PIL import Image, ImageChops

from accounts.model import Account, AccountId
from capture.due_looks import looks_due, looks_wanted
from capture.feed_finding import find_posts
from capture.post import POSTS_PART, Direction
from capture.post_batch import look_at_posts
from capture.post_history import Marks, Region, side_by_side, text_difference, versions
from capture.post_look import Look, Looked, Request
from capture.post_orders import opens_in
from capture.post_record import recorded_post
from examples.platform.server import Platform
from storage.archive import Archive
from storage.catalogue import Catalogue, stamp
from storage.catalogue.schema import posts as posts_table
from storage.people import service
from storage.posts import KnownPost, Seen
from storage.query import Query
from storage.record import OWN_POST, Reason, Record, RecordId, sha256, utc_now
from storage.settings import Settings

HANDLE = "ki_notiser"
ACTOR = service("post_capture")
SCHEMA = Draft202012Validator(json.loads(Path("docs/posts.schema.json").read_text("utf-8")))
MARKS = Marks(
    hidden="hidden", image="image", video="video", audio="audio", other="file", link="link"
)


class Killed(BaseException):
    """Stands in for the end of the process between two posts."""


@dataclass
class Scene:
    platform: Platform
    account: Account
    settings: Settings
    archive: Archive

    def look(self, looks: list[Look], told: Callable[[Looked], None]) -> list[Looked]:
        request = Request(account=self.account, reason=Reason.POSTS, ordered_by="schedule", note="")
        return look_at_posts(
            looks,
            request,
            settings=self.settings,
            archive=self.archive,
            actor=ACTOR,
            told=told,
        )

    def truth(self) -> dict[str, Any]:
        return {post["id"]: post for post in self.platform.truth(HANDLE)["posts"]}


@pytest.fixture
def scene(
    platform: Platform, settings: Settings, account_on: Callable[[str], Account]
) -> Iterator[Scene]:
    quick = replace(settings, post_pace_seconds=0)
    with Archive.open(quick) as archive:
        yield Scene(platform, account_on(HANDLE), quick, archive)
    platform.go_to(0)


def test_posts_are_found_captured_and_followed_through_their_days(
    scene: Scene, tmp_path: Path
) -> None:
    """R8, R10, R11, R12: each post once, true to the platform; then seen, changed, or gone."""
    before = scene.truth()
    feed = find_posts(scene.account, settings=scene.settings, archive=scene.archive)
    assert [found.post for found in feed.posts] == [f"torget:{name}" for name in before]
    looks = looks_wanted([], feed, scene.account, scene.settings, date(2026, 11, 23))[:4]
    _a_crash_is_resumed_at_the_next_post(scene, looks)
    for record in scene.archive.records():
        _agrees(scene, record, before)

    scene.platform.go_to(1)
    after = scene.truth()
    known = scene.archive.posts.known(scene.account.id)
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011  # the day after the capture
    due = list(looks_due(known, scene.settings, tomorrow))
    assert {look.post for look in due} == {look.post for look in looks}
    done = {one.look.post.partition(":")[2]: one for one in scene.look(due, lambda _: None)}
    for name, one in done.items():
        gone, same = name not in after, _content(before[name]) == _content(after.get(name))
        assert one.outcome == ("gone" if gone else "unchanged" if same else "changed"), name
        if one.record:
            _agrees(scene, one.record, after)
    assert {one.outcome for one in done.values()} == {"gone", "unchanged", "changed"}
    _history_tells_it(scene, done)
    _the_versions_differ_as_the_truth_does(scene, before, after, tmp_path)
    _behind_a_wall_nothing_is_gone(scene, done)
    _nothing_personal_is_journaled(scene)
    dumped = list(scene.archive.dump())
    scene.archive.rebuild(lambda *_: None)
    assert list(scene.archive.dump()) == dumped


def _the_versions_differ_as_the_truth_does(
    scene: Scene, before: dict[str, Any], after: dict[str, Any], folder: Path
) -> None:
    """Each changed post has two versions; words by lines, and one framed region at least."""
    changed = 0
    for known in scene.archive.posts.known(scene.account.id):
        found = versions(scene.archive, known)
        if len(found) < 2:
            continue
        first, second = found
        assert first.post is not None
        assert second.post is not None
        lines = text_difference(first.post, second.post, MARKS)
        name = first.post.id
        told = "\n".join(lines)
        new = {c["id"] for c in after[name]["dialogue"]} - {
            c["id"] for c in before[name]["dialogue"]
        }
        for comment in after[name]["dialogue"]:
            if comment["id"] in new:
                assert any(
                    line.startswith("+") and comment["text"] in line and comment["author"] in line
                    for line in lines
                )
        if before[name]["text"] != after[name]["text"]:
            assert "-" + before[name]["text"] in told
            assert "+" + after[name]["text"] in told
        path = folder / f"{name}.png"
        regions = side_by_side(scene.archive, first.record, second.record, path)
        with Image.open(path) as sheet:
            assert sheet.width > 2 * 1280
        left, right = (_pixels(scene, one.record) for one in found)
        _each_change_is_framed(left, right, regions)
        same = folder / "same.png"
        assert side_by_side(scene.archive, first.record, first.record, same) == []
        changed += 1
    assert changed


def _pixels(scene: Scene, record: Record) -> Image.Image:
    data = scene.archive.read_part(record, "pictures/desktop-0001.png")
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGB")


def _each_change_is_framed(left: Image.Image, right: Image.Image, regions: list[Region]) -> None:
    """Every region holds a pixel that differs plainly, and outside of them there is none."""
    size = (max(left.width, right.width), min(left.height, right.height))
    differs = ImageChops.difference(left.crop((0, 0, *size)), right.crop((0, 0, *size))).convert(
        "L"
    )
    plain = differs.point(lambda level: 255 if level > 40 else 0)
    assert regions
    for one in regions:
        if one.bottom < size[1]:
            assert plain.crop((one.left, one.top, one.right + 1, one.bottom + 1)).getbbox(), one
        plain.paste(0, (one.left, one.top, one.right + 1, one.bottom + 1))
    assert plain.getbbox() is None


def _behind_a_wall_nothing_is_gone(scene: Scene, done: dict[str, Looked]) -> None:
    """The account is not to be seen: its post is no less there for that; a gap says so (R9)."""
    there = next(one for one in done.values() if one.outcome == "unchanged")
    scene.platform.take_away(HANDLE)
    [one] = scene.look(
        [replace(there.look, again="another-day", planned_at=utc_now())], lambda _: None
    )
    feed = find_posts(scene.account, settings=scene.settings, archive=scene.archive)
    scene.platform.bring_back()
    assert (one.outcome, feed.judgement.verdict, feed.posts) == ("removed", "removed", ())
    [post] = [p for p in scene.archive.posts.known(scene.account.id) if p.post == one.look.post]
    assert post.gone_at is None
    assert [gap.gap_id for gap in scene.archive.gaps()] == [one.gap_id]


def _a_crash_is_resumed_at_the_next_post(scene: Scene, looks: list[Look]) -> None:
    def killed(_: Looked) -> None:
        if scene.archive.count(Query()) == 2:
            raise Killed

    with pytest.raises(Killed):
        scene.look(looks, killed)
    asked = len(scene.platform.log)
    done = scene.look(looks, lambda _: None)
    assert [one.outcome for one in done] == ["known", "known", "captured", "captured"]
    paths = {entry.path for entry in scene.platform.log[asked:]}
    assert not any(path.endswith(f"/p/{look.post[7:]}") for look in looks[:2] for path in paths)
    assert scene.archive.count(Query(record_type=OWN_POST)) == len(looks)


def _agrees(scene: Scene, record: Record, truths: dict[str, Any]) -> None:
    """Recall and precision 1.0 of comments, authors, times, parents; the picture by its pixels."""
    SCHEMA.validate(json.loads(scene.archive.read_part(record, POSTS_PART)))
    post, said = recorded_post(scene.archive, record), scene.archive.manifest(record).description
    truth = truths[post.id]
    assert (post.text, _time(post)) == (truth["text"], truth["at"])
    [medium] = post.media or ()
    original = scene.archive.read_part(record, medium.part or "")
    assert medium.sha256 == sha256(original) == truth["image_sha256"]
    assert post.direction is Direction.OWN
    shown = {one.id: one for one in post.comments or ()}
    assert shown.keys() == {comment["id"] for comment in truth["dialogue"]}
    for comment in truth["dialogue"]:
        one = shown[comment["id"]]
        assert (one.parent, one.hidden) == (comment["parent"] or post.id, comment["hidden"])
        if not comment["hidden"]:
            told = (one.text, one.author.name, one.author.handle, _time(one))
            assert told == tuple(comment[key] for key in ("text", "author", "handle", "at"))
            own = comment["handle"] == HANDLE
            assert one.direction is (Direction.OWN if own else Direction.OTHER)
    assert said.completeness["comments_announced"] == len(shown)
    assert said.completeness["dialogue_stopped_by"] == "end"
    assert said.provenance.warc == "complete"
    assert said.facts["published_at"] == truth["at"]
    code = tuple(bytes.fromhex(truth["colour"][1:]))
    with Image.open(io.BytesIO(scene.archive.read_part(record, "pictures/desktop-0001.png"))) as at:
        assert code in {colour for _, colour in at.convert("RGB").getcolors(1 << 24) or ()}


def _time(one: Any) -> str:
    return str(one.published.at.isoformat())


def _content(truth: dict[str, Any] | None) -> object:
    """What of a post counts: numbers of reactions drift from day to day."""
    said = truth and [(c["id"], c["text"], c["hidden"]) for c in truth["dialogue"]]
    return truth and (truth["text"], said)


def _history_tells_it(scene: Scene, done: dict[str, Looked]) -> None:
    for post in scene.archive.posts.known(scene.account.id):
        told = [seen.outcome for seen in scene.archive.posts.sightings(post)]
        outcome = done[post.post.partition(":")[2]].outcome
        assert told == [Seen.CAPTURED, Seen(outcome)]
        assert (post.gone_at is not None) == (outcome == "gone")
        if outcome == "changed":
            said = scene.archive.manifest(scene.archive.record(post.record_id)).description
            assert said.previous is not None
            assert said.changes
    once = scene.archive.posts.known(scene.account.id)
    assert all(
        one.post not in {p.post for p in once if p.gone_at}
        for one in looks_due(once, scene.settings, date(2027, 7, 2))
    )


def _nothing_personal_is_journaled(scene: Scene) -> None:
    journal = json.dumps([dict(entry.detail) for entry in scene.archive.journal()])
    for post in scene.truth().values():
        for comment in post["dialogue"]:
            assert comment["author"] not in journal
            assert comment["handle"] == HANDLE or comment["handle"] not in journal
            assert comment["text"] not in journal


def test_a_walk_passes_known_posts_until_nothing_was_lacking_below_them(
    scene: Scene, account_on: Callable[[str], Account]
) -> None:
    """A crawl that was cut off took the newest posts first: the walk goes past them to the rest."""
    account = account_on("ki_kurser")
    keys = [f"torget:{post['id']}" for post in scene.platform.truth("ki_kurser")["posts"]]
    rows = [
        {
            "account": account.id, "post": key, "record_id": key, "digest": "", "published_on": "",
            "first_at": stamp(utc_now()), "seen_at": stamp(utc_now()), "gone_at": "",
        }
        for key in keys[:30]
    ]  # fmt: skip
    catalogue = Catalogue(scene.settings.catalogue_url)
    with catalogue.write() as tx:
        tx.connection.execute(posts_table.insert(), rows)
    catalogue.close()
    feed = find_posts(account, settings=scene.settings, archive=scene.archive)
    assert ([one.post for one in feed.posts], feed.stopped_by) == (keys, "end")
    scene.archive.posts.note_whole(account.id, ACTOR)
    again = find_posts(account, settings=scene.settings, archive=scene.archive)
    assert ([one.post for one in again.posts], again.stopped_by) == (keys[:30], "known")


@pytest.mark.parametrize(
    ("first", "seen", "on", "due"),
    [
        ("2026-03-01", "2026-03-01", "2026-03-01", None),
        ("2026-03-01", "2026-03-01", "2026-03-02", "2026-03-02"),
        ("2026-03-01", "2026-03-02", "2026-03-07", None),
        ("2026-03-01", "2026-03-02", "2026-03-20", "2026-03-08"),  # a missed day heals itself
        ("2026-03-01", "2026-03-20", "2026-03-31", "2026-03-31"),
        ("2026-03-01", "2026-03-31", "2026-06-30", None),
        ("2026-03-01", "2026-03-31", "2026-07-01", "2026-07-01"),
        ("2026-06-28", "2026-06-29", "2026-07-01", None),  # the first month has days of its own
        ("2026-03-01", "2026-07-05", "2027-02-01", "2027-01-01"),
    ],
)
def test_a_post_is_looked_at_again_on_its_days(
    first: str, seen: str, on: str, due: str | None
) -> None:
    found = list(looks_due([_known(first, seen)], _settings(), date.fromisoformat(on)))
    assert [look.again for look in found] == ([due] if due else [])
    gone = replace(_known(first, seen), gone_at=_noon(seen))
    disposed = replace(_known(first, seen), url="")
    assert not list(looks_due([gone, disposed], _settings(), date.fromisoformat(on)))


def test_the_daily_run_keeps_to_its_hours() -> None:
    at_two, at_noon = _noon("2026-03-01").replace(hour=1), _noon("2026-03-01")
    night = replace(_settings(), post_hours=(22, 6))
    assert (opens_in(night, at_two), opens_in(night, at_noon)) == (0, 9 * 3600 + 1)
    assert opens_in(replace(_settings(), post_hours=(8, 18)), at_two) == 6 * 3600 + 1
    assert opens_in(_settings(), at_noon) == 0


def _known(first: str, seen: str) -> KnownPost:
    return KnownPost(
        account=AccountId("ki"),
        post="torget:1",
        record_id=RecordId("r"),
        digest="d",
        url="https://torget.example/1",
        published_on=first,
        first_at=_noon(first),
        seen_at=_noon(seen),
        gone_at=None,
    )


def _noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def _settings() -> Settings:
    return Settings.from_environment({})
