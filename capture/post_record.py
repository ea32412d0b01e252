"""A visited post as the record that it becomes: its package, its description, what is new in it.

Also read back: the post that a record holds. Visits nothing and decides nothing.
"""

from importlib.metadata import version
from pathlib import Path

from pydantic import JsonValue

from accounts.model import Account
from capture.browser import DESKTOP
from capture.login import Login
from capture.post import POSTS_PART, Direction, Post, posts_from_json
from capture.post_change import changes_between, content_sha256
from capture.post_visit import PostVisit
from capture.provenance import provenance_of
from capture.viewing import write_thumbnail, write_viewing_copies
from storage.archive import Archive
from storage.deposit import Accepted
from storage.package import Page, write_package
from storage.posts import KnownPost
from storage.record import (
    OWN_POST,
    AccountRef,
    Change,
    Description,
    RecipeUsed,
    Record,
    RecordId,
    Status,
    utc_now,
)


def package_post(visited: PostVisit, room: Path) -> Path:
    """The package of the parts in the room, with viewing copies and a thumbnail added.

    Raises:
        OSError: the disk is full or gone.
    """
    parts, package = room / "parts", room / "capture.wacz"
    pictures = parts / "pictures"
    tiles = sorted(pictures.glob(f"{DESKTOP.name}-[0-9]*.png"))
    write_viewing_copies(tiles, pictures / f"{DESKTOP.name}-view")
    write_thumbnail(tiles[0], pictures / "thumbnail.webp")
    page = Page(url=visited.final_url, title=visited.title, at=visited.started_at)
    write_package(parts, package, page=page, software=f"insyn {version('insyn')}")
    return package


def describe_post(
    visited: PostVisit,
    accepted: Accepted,
    account: Account,
    *,
    previous: RecordId | None,
    changes: tuple[Change, ...],
    recipe: RecipeUsed,
    login: Login | None,
) -> Description:
    """What the manifest says of a post's record."""
    return Description(
        record_id=accepted.record_id,
        record_type=OWN_POST,
        account=AccountRef.of(account),
        order=accepted.order,
        started_at=visited.started_at,
        ended_at=max(visited.ended_at, utc_now()),
        requested_url=visited.requested_url,
        final_url=visited.final_url,
        title=visited.title,
        facts=_facts(visited),
        changes=changes,
        previous=previous,
        completeness=visited.completeness,
        provenance=provenance_of(visited, recipe, (DESKTOP,), login),
    )


def changes_since(
    archive: Archive, known: KnownPost | None, visited: PostVisit
) -> tuple[Change, ...]:
    """What the post has changed since its last record; nothing where none can be compared with."""
    if known is None:
        return ()
    record = archive.record(known.record_id)
    if record.status is not Status.ACTIVE or record.restricted:
        return ()
    return changes_between(recorded_post(archive, record), visited.post, whole=visited.whole)


def is_unchanged(archive: Archive, known: KnownPost, visited: PostVisit) -> bool:
    """Whether the visit tells nothing new of a post that has a record.

    A visit that was not whole may show less than the record: that alone is no change.
    """
    if known.digest == content_sha256(visited.post):
        return True
    record = archive.record(known.record_id)
    if visited.whole or record.status is not Status.ACTIVE or record.restricted:
        return False
    return not changes_since(archive, known, visited)


def recorded_post(archive: Archive, record: Record) -> Post:
    """The post that a record holds.

    Raises:
        NotFound: the record has no posts. Damaged: its part was changed.
    """
    (post,) = posts_from_json(archive.read_part(record, POSTS_PART))
    return post


def readable_post(archive: Archive, record: Record) -> Post | None:
    """The post that a record holds; None where it is not here, or is kept apart for secrecy.

    Raises:
        As `recorded_post`.
    """
    is_open = record.status is Status.ACTIVE and not record.restricted
    return recorded_post(archive, record) if is_open else None


def comments_shown(post: Post) -> frozenset[int]:
    """How many comments are under a post: platforms count all of them, or those to it alone."""
    if post.comments is None:
        return frozenset()
    return frozenset({len(post.comments), sum(one.parent == post.id for one in post.comments)})


def recorded_comments(archive: Archive, known: KnownPost) -> frozenset[int]:
    """How many comments the newest record of a post shows; none where it is not to be read."""
    post = readable_post(archive, archive.record(known.record_id))
    return comments_shown(post) if post else frozenset()


def _facts(visited: PostVisit) -> dict[str, JsonValue]:
    """What the manifest says of a post: ids, times, numbers; no words and nobody's name."""
    post = visited.post
    facts: dict[str, JsonValue] = {
        "post_id": post.id,
        "content_sha256": content_sha256(post),
        "published_source": post.published.source,
        "published_precision": post.published.precision,
        "was_edited": post.was_edited,
        "comments_incoming": sum(one.direction is Direction.OTHER for one in post.comments or ()),
    }
    if post.published.at:
        facts["published_at"] = post.published.at.isoformat()
        facts["newest_post_at"] = post.published.at.isoformat()
    return facts
