"""`insyn post list` and `insyn history`: one post through two versions and a look between."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from capture.post import Post, posts_to_json
from capture.post_change import changes_between, content_sha256
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
)
from tests.capture.test_post import AT, COMMENT, POST
from tests.desk.conftest import Insyn

ACTOR = service("post_capture")
Describe = Callable[[RecordId, Order], Description]


def test_a_post_is_shown_through_its_versions(  # noqa: PLR0917  # fixtures
    insyn: Insyn,
    archive: Archive,
    account: AccountRef,
    order: Order,
    describe: Describe,
    parts: Path,
    tmp_path: Path,
) -> None:
    """Each look stands in it; words by lines, pictures side by side with what changed framed."""

    def kept(number: int, post: Post, before: Record | None) -> Record:
        mine = replace(order, order_id=OrderId(f"post/{order.account}/torget:p1/{number}"))
        accepted = archive.accept(mine, account, ACTOR)
        (parts / "data" / "posts.json").write_bytes(posts_to_json((post,)))
        Image.new("RGB", (40, 30 * number), "#4f0433").save(parts / "pictures/desktop-0001.png")
        package = tmp_path / f"{number}.wacz"
        write_package(
            parts,
            package,
            page=Page(url=POST.permalink or "", title="KI", at=AT),
            software="insyn test",
        )
        facts = {"post_id": post.id, "content_sha256": content_sha256(post)}
        said = replace(
            describe(accepted.record_id, accepted.order),
            record_type=OWN_POST,
            facts={**facts, "published_at": AT.isoformat()},
            changes=changes_between(POST, post, whole=True),
            previous=before.record_id if before else None,
        )
        return archive.deposit(said, package, ACTOR)

    first = kept(1, POST, None)
    archive.posts.note_unchanged(order.account, {"torget:p1": first.record_id}, ACTOR)
    late = replace(COMMENT, id="c2", text="Tack för svaret!", parent="c1")
    after = replace(POST, text="Ny kurs i vår", comments=(COMMENT, late))
    second = kept(2, after, first)
    assert second.changed == ("text", "comments_added")
    assert archive.posts.named("p1").record_id == second.record_id
    listed = insyn("post", "list", str(order.account))
    assert (listed.code, "torget:p1" in listed.out) == (0, True)
    picture = tmp_path / "both.png"
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
        assert sheet.size == (2 * 40 + 24, 60)
    assert insyn("history", "nothing-like-it").code == 3
    assert "Tack" not in json.dumps([dict(entry.detail) for entry in archive.journal()])
