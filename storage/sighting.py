"""Noting what was seen of posts, and reading it back: the archive's door for posts over time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from accounts.model import AccountId
from accounts.stockholm import civil_date
from storage.catalogue import find, posted, stamp
from storage.errors import NotFound
from storage.journal import Act
from storage.people import Actor
from storage.posts import KnownPost, Sighting, Unchanged, gone_for_good
from storage.record import today
from storage.vault import Vault


class Posts:
    """Posts over time, of one archive."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def known(self, account: AccountId) -> list[KnownPost]:
        """Every post of an account that the archive has or had."""
        with self._vault.catalogue.read() as connection:
            return posted.known(connection, account)

    def named(self, name: str) -> KnownPost:
        """A post by its key, its id, its address or its newest record's id.

        Raises:
            NotFound: none, or more than one, is so named.
        """
        with self._vault.catalogue.read() as connection:
            found = posted.named(connection, name)
        if len(found) != 1:
            told = f"{len(found)} posts" if found else "no post"
            raise NotFound(f"{name!r} names {told}: give platform:id (see `insyn post list`).")
        return found[0]

    def sightings(self, post: KnownPost) -> list[Sighting]:
        """When it was looked at and what was seen, oldest first."""
        with self._vault.catalogue.read() as connection:
            return posted.sightings(connection, post)

    def note_unchanged(self, account: AccountId, seen: Unchanged, actor: Actor) -> None:
        """Journal posts that were looked at and are as they were, in one entry."""
        if not seen:
            return
        posts: dict[str, JsonValue] = dict(seen)
        detail: dict[str, JsonValue] = {"account": account, "posts": posts}
        with self._vault.catalogue.write() as tx:
            tx.append(actor, Act.POSTS_SEEN, account, detail)
        self._vault.seal()

    def whole_at(self, account: AccountId) -> datetime | None:
        """When a walk of the account's feed last met no post that the archive lacked."""
        with self._vault.catalogue.read() as connection:
            entry = find.last_entry(connection, account, Act.FEED_WHOLE)
        return entry.at if entry else None

    def note_whole(self, account: AccountId, actor: Actor) -> None:
        """Journal that a walk met no post that the archive lacks."""
        with self._vault.catalogue.write() as tx:
            tx.append(actor, Act.FEED_WHOLE, account, {})
        self._vault.seal()

    def cut_since(self, account: AccountId) -> datetime | None:
        """Since when walks of the account's feed are cut off by a limit; None: they are not."""
        with self._vault.catalogue.read() as connection:
            cut = find.last_entry(connection, account, Act.FEED_CUT)
            whole = find.last_entry(connection, account, Act.FEED_WHOLE)
        return cut.at if cut and (whole is None or whole.seq < cut.seq) else None

    def note_cut(self, account: AccountId, detail: Mapping[str, JsonValue], actor: Actor) -> None:
        """Journal, once until one is whole, that walks are cut off: by which limit, how far on."""
        if self.cut_since(account) is None:
            with self._vault.catalogue.write() as tx:
                tx.append(actor, Act.FEED_CUT, account, dict(detail))
            self._vault.seal()

    def doubted(self, account: AccountId) -> list[KnownPost]:
        """Posts that were not there when they were last looked at, for the first time."""
        gone = [one for one in self.known(account) if one.gone_at]
        return [one for one in gone if not gone_for_good(self.sightings(one))]

    def note_gone(self, post: KnownPost, evidence: Sequence[str], actor: Actor) -> None:
        """Journal that a post is no longer there, with when it was last seen.

        Once a day, and twice in all: a second look confirms it.
        """
        detail: dict[str, JsonValue] = {
            "account": post.account,
            "record_id": post.record_id,
            "last_seen": stamp(post.seen_at),
            "evidence": list(evidence),
        }
        with self._vault.catalogue.write() as tx:
            known = posted.named(tx.connection, post.post)
            for one in known:
                if one.account != post.account or not one.gone_at:
                    continue
                if civil_date(one.gone_at) == today() or gone_for_good(
                    posted.sightings(tx.connection, one)
                ):
                    return
            tx.append(actor, Act.POST_GONE, post.post, detail)
        self._vault.seal()
