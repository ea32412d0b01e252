"""A recipe: what one platform's pages look like, as data. Reads no file and looks at no page."""

import re
from dataclasses import dataclass
from datetime import date

GENERIC = "generic"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """When the recipe was last tried, whether on the platform itself, and how."""

    live: bool
    on: date
    how: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a fact stands: an element, or a value of the page's JSON-LD (`Type.key`).

    `match` cuts it out of what stands there: the first group, or all that matched.
    """

    select: str
    json: str
    match: str

    def cut(self, told: str) -> list[str]:
        """What of a text is the fact: all of it without a pattern, else each match."""
        if not self.match:
            return [told] if told else []
        found = re.finditer(self.match, told, re.IGNORECASE)
        return [cut for one in found if (cut := one[one.re.groups and 1].strip())]


@dataclass(frozen=True, kw_only=True, slots=True)
class Posts:
    """Selectors of posts; `id` names the attribute that tells one post from another.

    Without such an attribute the permalink (`link`) tells. `id_match` is the pattern of the id in
    either: its groups together. Without `text` all of it is the text. `shared` and `pinned` are
    seen where they match. `more` is the button at the feed's end that brings more of it, where
    there is one.
    """

    each: str
    id: str
    id_match: str
    link: str
    time: str
    text: str
    more: str
    shared: str
    pinned: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """Selectors within a post or a comment on a post's own page; an empty one: there is none.

    `each` finds it. `id` and `id_match` tell its id as in the feed, so that both agree.
    """

    each: str
    id: str
    id_match: str
    link: str
    time: str
    text: str
    author: str
    handle: str
    edited: str
    reactions: str
    media: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PostFields(Writing):
    """A post. `owner` is a pattern of the handle in the addresses of its author and of the post.

    `shared` matches within what someone else has written and the account passes on.
    """

    owner: str
    shared: str
    pinned: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentFields(Writing):
    """`parent` names the attribute with the id of what is answered; `announced` their number.

    `thread` is what holds a comment together with the answers to it: its first comment is theirs.
    `flat`: comments and answers stand in one row, so that one of which nothing is told may answer
    the post or any other.
    """

    parent: str
    thread: str
    flat: bool
    hidden: str
    announced: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A button: `select` finds it, and its words must have the pattern `match`, if there is one."""

    select: str
    match: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """Keys of what the platform's interface gives the page as JSON, by which it tells what answers.

    Paths with dots between, within one object: its `id`, and the id of its `parent`. `match` cuts
    either down to what is the id on the page: its groups together, or all that matched.
    """

    id: str
    parent: str
    match: str

    def cut(self, told: str) -> str:
        """The id as the page has it; empty where there is none."""
        if not self.match:
            return told
        found = re.search(self.match, told)
        return "" if not found else "".join(found.groups("")) or found[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class PostPage:
    """A post's own page. `landmark` must be there.

    `texts` unfold cut texts, `buttons` comments and replies; `pages` are links to the post's
    further pages of comments. `answers`: what else tells the parents of comments, if anything does.
    """

    landmark: str
    post: PostFields
    comments: CommentFields
    answers: Answers | None
    texts: tuple[Press, ...]
    buttons: tuple[Press, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileFields:
    """Where the profile's facts stand, the surest place first; none: the platform has none."""

    name: tuple[Place, ...]
    handle: tuple[Place, ...]
    bio: tuple[Place, ...]
    links: tuple[Place, ...]
    counts: tuple[Place, ...]
    avatar: tuple[Place, ...]
    cover: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """The platform's own banner and its way to refuse; empty: the generic rule.

    `settings` opens a second layer, where the first offers no refusal.
    """

    banner: str
    reject: str
    settings: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Redirects:
    """Where a visitor is sent who does not get the page: steps of a path, or hosts."""

    login: tuple[str, ...]
    consent: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """Selectors whose visible match says that there is nothing to capture."""

    login: str
    private: str
    removed: str
    not_found: str
    bot: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """How to read one platform's pages. `landmark` must be there, or the page is not the page.

    `hosts` are the platform's own, where it has any. Without a `post_page` posts are seen in the
    feed alone. `offer` closes an invitation to sign in that
    every visitor may decline: it is no wall. `robots`: these are sites of their own, whose
    `robots.txt` is asked before their posts are looked at.
    """

    platform: str
    tried: Tried
    hosts: tuple[str, ...]
    robots: bool
    landmark: str
    offer: str
    redirects: Redirects
    posts: Posts
    post_page: PostPage | None
    profile: ProfileFields
    consent: Consent
    signs: Signs

    @property
    def checked_on(self) -> date:
        """The day on which it was last tried."""
        return self.tried.on
