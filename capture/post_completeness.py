"""How whole a look at a post is: what was counted, what it lacks, where the recipe has grown old.

Pure: decides from what was seen. A counter that a platform shows may be stale, so the share of the
announced comments that must be shown is a setting.
"""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from capture.completeness import Look, painted
from capture.dialogue import Opened, Seen
from capture.extract import Drift
from capture.post import Post
from capture.recipe_model import PostPage
from storage.settings import Settings


def counted(post: Post, opened: Opened, look: Look) -> dict[str, JsonValue]:
    """What the page had and what the pictures show; hidden comments are shown as such."""
    comments = post.comments or ()
    return {
        "comments_announced": post.comments_announced,
        "comments_shown": len(comments),
        "comments_hidden": sum(bool(each.hidden) for each in comments),
        "comments_elsewhere": opened.elsewhere,
        "comments_without_text": sum(not each.text and not each.hidden for each in comments),
        "dialogue_stopped_by": opened.stopped_by,
        "dialogue_folded": opened.folded,
        "dialogue_pressed": opened.pressed,
        "media_held": sum(one.sha256 is not None for one in post.media or ()),
        "media_omitted": sum(one.sha256 is None for one in post.media or ()),
        **painted(look),
    }


def texts_cut(seen: Seen) -> int:
    """How many texts the page still shows cut, for all that was pressed."""
    return sum(bool(one["cut"]) for one in (seen.post, *seen.comments))


def is_whole(numbers: Mapping[str, JsonValue]) -> bool:
    """Whether the look went to the end: only then is what it lacks gone from the post."""
    announced, shown = numbers["comments_announced"], numbers["comments_shown"]
    short = isinstance(announced, int) and isinstance(shown, int) and shown < announced
    return numbers["dialogue_stopped_by"] == "end" and not short and not numbers["texts_cut"]


def lacks(seen: Seen, opened: Opened, settings: Settings) -> tuple[str, ...]:
    """What a look lacks below its floor, in words; a stated cap is excused, and what is hidden."""
    shown, announced = len(seen.comments), seen.announced or 0
    if opened.stopped_by == "comments" or shown * 100 >= announced * settings.floor_comments:
        return ()
    told = f"{shown} of {announced} comments shown ({opened.stopped_by})"
    return (f"{told}; at least {settings.floor_comments} % are asked for",)


def drifted(seen: Seen, post: Post, fields: PostPage) -> tuple[Drift, ...]:
    """Where the recipe matches nothing though something must be there.

    A post has an author and a time, and a text unless it is a picture or a film. Of comments it
    counts what not one of them has.
    """
    return (*_of_post(seen.post, post, fields), *_of_comments(seen, fields))


def _of_post(said: Mapping[str, object], post: Post, fields: PostPage) -> Iterator[Drift]:
    there = {
        "author": said["name"],
        "handle": said["handle"],
        "time": said["at"] or said["at_shown"] or said["at_told"],
        "text": said["text"] or post.media,
    }
    for name, value in there.items():
        if (selector := getattr(fields.post, name)) and not value:
            yield Drift(field=f"post_page.post.{name}", selector=selector)


def _of_comments(seen: Seen, fields: PostPage) -> Iterator[Drift]:
    told = fields.comments
    if not seen.comments:
        if seen.announced and told.each:
            yield Drift(field="post_page.comments.each", selector=told.each)
        return
    readable = [one for one in seen.comments if not one["hidden"]]
    there = {
        "author": any(one["name"] for one in readable),
        "time": any(one["at"] or one["at_shown"] or one["at_told"] for one in readable),
        "text": any(one["text"] for one in readable),
    }
    for name, found in there.items():
        if readable and (selector := getattr(told, name)) and not found:
            yield Drift(field=f"post_page.comments.{name}", selector=selector)
    if told.announced and not seen.counted:
        yield Drift(field="post_page.comments.announced", selector=told.announced)
