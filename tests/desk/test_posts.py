"""`insyn post list` and `insyn history`: one post through its versions and the looks between."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from capture.post import Post, posts_to_json
from capture.post_change import changes_between, content_sha256
from storage import sighting
from storage.archive import Archive
from storage.package import Page, write_package
from storage.people import service
from storage.record import (
    OWN_POST,
    AccountRef,
    Description,
    Order,
    OrderId,
    Record,
    RecordId,
    today,
)
from tests.capture.test_post import AT, COMMENT, POST
from tests.desk.conftest import Insyn

ACTOR = service("post_capture")
MARK, GUTTER = (200, 0, 60), 24
LATE = replace(COMMENT, id="c2", text="Tack för svaret!", parent="c1")
Kept = Callable[[Post, Image.Image], Record]


@pytest.fixture
def kept(  # noqa: PLR0917  # fixtures
    archive: Archive,
    account: AccountRef,
    order: Order,
    describe: Callable[[RecordId, Order], Description],
    parts: Path,
    tmp_path: Path,
) -> Kept:
    """Deposits a post with its picture, each time as the next version of the one before."""
    before: list[tuple[Post, Record]] = []

    def made(post: Post, picture: Image.Image) -> Record:
        number = len(before) + 1
        mine = replace(order, order_id=OrderId(f"post/{order.account}/torget:p1/{number}"))
        accepted = archive.accept(mine, account, ACTOR)
        (parts / "data" / "posts.json").write_bytes(posts_to_json((post,)))
        picture.save(parts / "pictures/desktop-0001.png")
        package = tmp_path / f"{number}.wacz"
        page = Page(url=POST.permalink or "", title="KI", at=AT)
        write_package(parts, package, page=page, software="insyn test")
        facts = {"post_id": post.id, "content_sha256": content_sha256(post)}
        changes = changes_between(before[-1][0], post, whole=True) if before else ()
        said = replace(
            describe(accepted.record_id, accepted.order),
            record_type=OWN_POST,
            facts={**facts, "published_at": AT.isoformat()},
            changes=changes,
            previous=before[-1][1].record_id if before else None,
        )
        before.append((post, archive.deposit(said, package, ACTOR)))
        return before[-1][1]

    return made


def painted(*boxes: tuple[int, int, int, int], height: int = 300) -> Image.Image:
    """White, with these boxes (left, top, right, bottom; in pixels, edges in them) in green."""
    image = Image.new("RGB", (400, height), "white")
    for box in boxes:
        ImageDraw.Draw(image).rectangle(box, fill="green")
    return image


def test_a_post_is_shown_through_its_versions(
    insyn: Insyn, archive: Archive, order: Order, kept: Kept, tmp_path: Path
) -> None:
    """Each look stands in it; words by lines, pictures side by side with what changed framed."""
    picture = tmp_path / "both.png"
    first = kept(POST, painted())
    alone = insyn("history", "torget:p1", "--picture", str(picture))
    assert (alone.code, "only one version" in alone.out, picture.exists()) == (0, True, False)
    archive.posts.note_unchanged(order.account, {"torget:p1": first.record_id}, ACTOR)
    after = replace(POST, text="Ny kurs i vår", comments=(COMMENT, LATE))
    second = kept(after, painted(height=330))
    assert second.changed == ("text", "comments_added")
    assert archive.posts.named("p1").record_id == second.record_id
    listed = insyn("post", "list", str(order.account))
    assert (listed.code, "torget:p1" in listed.out) == (0, True)
    told = insyn("history", "torget:p1", "--picture", str(picture))
    assert told.code == 0, told.err
    for line in (
        "new",
        "unchanged",
        "changed",
        "-Ny kurs i höst ❤",
        "+Ny kurs i vår",
        "+    Besökare: Tack för svaret!",
        "1 changed regions",
    ):
        assert line in told.out
    with Image.open(picture) as sheet:
        assert sheet.size == (2 * 400 + GUTTER, 330)
    assert insyn("history", "nothing-like-it").code == 3
    assert "Tack" not in json.dumps([dict(entry.detail) for entry in archive.journal()])


ONE, TWO = (96, 48, 159, 111), (208, 208, 255, 239)


def test_any_two_versions_are_set_beside_each_other_with_what_changed_framed(
    insyn: Insyn, kept: Kept, tmp_path: Path
) -> None:
    """What is hidden, removed, or other media is told in words; pictures by pixels, both sides."""
    [medium] = POST.media or ()
    image, other = (
        replace(medium, alt=alt, sha256=digest * 32)
        for alt, digest in (("En bild", "cd"), ("En annan", "ab"))
    )
    shown, hidden = replace(POST, media=(image,)), replace(COMMENT, text=None, hidden=True)
    kept(replace(shown, comments=(COMMENT, LATE)), painted())
    kept(replace(shown, comments=(hidden, LATE)), painted(ONE))
    third = replace(POST, comments=(hidden,), media=(other,), links=("https://ki.se/ny",))
    kept(third, painted(ONE, TWO))
    told = insyn("history", "torget:p1").out.replace("\n", " ").split("Version 3")
    for line in ("-  Besökare: Hur söker man?", "+  Besökare: [hidden]"):
        assert line in told[0]
        assert line not in told[1]
    for line in (
        "-    Besökare: Tack för svaret!",
        "-[image: cdcdcdcd En bild]",
        "+[image: abababab En annan]",
        "+[link: https://ki.se/ny]",
    ):
        assert line in told[1]
    data = insyn("history", "torget:p1", "--json").json
    assert [one["changed"] for one in data["versions"]] == [
        [],
        ["comments_hidden"],
        ["media", "comments_removed"],
    ]
    for pair, framed in ((("1", "2"), [ONE]), (("2", "3"), [TWO]), (("1", "3"), [ONE, TWO])):
        path = tmp_path / "pair.png"
        words = ("--from", pair[0], "--to", pair[1], "--picture", str(path))
        ran = insyn("history", "torget:p1", *words)
        assert f"{len(framed)} changed regions" in ran.out
        with Image.open(path) as sheet:
            _is_framed(sheet.convert("RGB"), pair, framed)


def _is_framed(
    sheet: Image.Image, pair: tuple[str, str], framed: list[tuple[int, int, int, int]]
) -> None:
    """Both sheets are as they were but for the frames, which go round what changed and no more."""
    shows = {"1": painted(), "2": painted(ONE), "3": painted(ONE, TWO)}
    for side, version in enumerate(pair):
        expected = shows[version]
        for box in framed:
            ImageDraw.Draw(expected).rectangle(box, outline=MARK, width=4)
        left = side * (400 + GUTTER)
        assert sheet.crop((left, 0, left + 400, 300)).tobytes() == expected.tobytes()


@pytest.mark.parametrize("pair", [("2", "1"), ("2", "2"), ("1", "3"), ("2", "0")])
def test_a_pair_of_versions_that_there_is_not_is_refused_with_how_many_there_are(
    insyn: Insyn, kept: Kept, tmp_path: Path, pair: tuple[str, str]
) -> None:
    kept(POST, painted())
    kept(replace(POST, text="Annat"), painted(ONE))
    words = ("--from", pair[0], "--to", pair[1], "--picture", str(tmp_path / "none.png"))
    ran = insyn("history", "torget:p1", *words)
    assert (ran.code, "There are 2 versions" in ran.err) == (3, True)
    assert not (tmp_path / "none.png").exists()


def test_gone_once_and_gone_for_good_are_told_apart(
    insyn: Insyn, archive: Archive, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page may fail once; a second look, on a later day, confirms it, and one that is back."""
    first = kept(POST, painted())

    def told() -> tuple[int, int, bool]:
        out = insyn("history", "torget:p1").out
        confirmed = out.count("gone for good")
        data = insyn("history", "torget:p1", "--json").json
        return out.count("gone") - confirmed, confirmed, data["gone_for_good"]

    def gone() -> None:
        archive.posts.note_gone(archive.posts.named("p1"), ("404",), ACTOR)

    assert told() == (0, 0, False)
    gone()
    gone()
    assert told() == (1, 0, False)
    monkeypatch.setattr(sighting, "today", lambda: today() + timedelta(days=1))
    gone()
    assert told() == (1, 1, True)
    archive.posts.note_unchanged(first.account, {"torget:p1": first.record_id}, ACTOR)
    assert told() == (1, 1, False)
