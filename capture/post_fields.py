"""Which selectors a post's own page is read by: a post's, its comments', and what unfolds them.

Looks at no page. An empty selector means that the platform has no such thing.
"""

from dataclasses import dataclass

from capture.errors import RecipeFaults
from capture.recipe import Recipe


@dataclass(frozen=True, kw_only=True, slots=True)
class WritingFields:
    """Selectors within a post or a comment; `each` finds it, `id` names its attribute."""

    each: str
    id: str
    link: str
    time: str
    text: str
    author: str
    handle: str
    edited: str
    reactions: str
    media: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentFields(WritingFields):
    """`parent` names the attribute with the id of what is answered; `announced` their number."""

    parent: str
    hidden: str
    announced: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """Everything that a post's page is read by; `landmark` must be there."""

    landmark: str
    post: WritingFields
    comments: CommentFields
    buttons: tuple[str, ...]
    """What unfolds more comments, more replies, and texts that are cut."""


TORGET = Fields(
    landmark='main[data-torget="post"]',
    post=WritingFields(
        each="article.post[data-post-id]",
        id="data-post-id",
        link="a:has(time)",
        time="time[datetime]",
        text="p.text",
        author=".who",
        handle="",
        edited=".edited",
        reactions=".reactions",
        media="img.picture",
    ),
    comments=CommentFields(
        each="article.comment[data-comment-id]",
        id="data-comment-id",
        link="",
        time="time[datetime]",
        text="p.text",
        author=".author b",
        handle=".author .at",
        edited=".edited",
        reactions=".likes",
        media="",
        parent="data-parent-id",
        hidden=".withheld",
        announced=".dialogue h2",
    ),
    buttons=("button.more-comments", "button.more-replies", "button.more-text"),
)


def fields_of(recipe: Recipe) -> Fields:
    """How the platform's posts are read.

    Raises:
        RecipeFaults: the recipe says nothing of posts' own pages.
    """
    if recipe.platform == "torget":
        return TORGET
    raise RecipeFaults([f"{recipe.platform}: the recipe says nothing of posts' own pages"])
