"""YouTube in Google Takeout: `videos.csv`, `channel.csv`, `comments.csv`; older: `videos/*.json`.

Films are posts. Own comments under own films are their comments; those under others' films are
counted and left out. Takeout names folders in the user's language, so files tell what they are.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from capture.imports.reading import Reader
from capture.post import Author, Comment, Direction, Post, Reaction
from capture.untrusted import NotUnderstood, count_of, dicts, iso_moment, own_post, text_at

KIND = "youtube"
_VIDEOS, _COMMENTS = ("videos.csv", "videos(*).csv"), ("comments.csv", "comments(*).csv")
_ID, _TITLE, _PRIVACY = "Video ID", "Video Title (Original)", "Privacy"
_LISTS = ("videos.json", "videos/*.json", "uploads.json")


def sources(reader: Reader) -> list[str]:
    """The files that films are read from; none where the export is not YouTube's of Takeout."""
    return reader.named(*_VIDEOS, *_LISTS)


def read(reader: Reader) -> tuple[str | None, list[Post]]:
    """The channel's handle is not told; its public films with its own comments."""
    name = _channel(reader)
    posts = {post.id: post for post in (*_tables(reader, name), *_resources(reader, name))}
    for video, comments in _comments(reader, posts.keys(), name).items():
        posts[video] = replace(posts[video], comments=tuple(comments))
    reader.leave(*reader.named("*.html", "*/playlists/*.csv"))
    return None, list(posts.values())


def _tables(reader: Reader, name: str | None) -> list[Post]:
    posts = []
    for file in reader.named(*_VIDEOS):
        for row in reader.rows(file, _ID, _TITLE):
            if row.get(_PRIVACY, "Public").casefold() not in {"public", "offentlig", "offentligt"}:
                reader.left_out[file] += 1
                continue
            try:
                when = row.get("Video Publish Timestamp") or row.get("Video Create Timestamp", "")
                post = _film(text_at(row, _ID), row[_TITLE], "", when, name)
            except NotUnderstood:
                reader.missed[file] += 1
                continue
            reader.understood[file] += 1
            posts.append(post)
    return posts


def _resources(reader: Reader, name: str | None) -> list[Post]:
    """The older form: resources of YouTube's own interface."""
    posts = []
    for file in reader.named(*_LISTS):
        told = reader.json(file)
        told = [told] if isinstance(told, dict) else told
        if told is None:
            continue
        for entry in reader.entries(file, told, "a list of films"):
            try:
                post = _resource(entry, name)
            except NotUnderstood:
                reader.missed[file] += 1
                continue
            (reader.understood if post else reader.left_out)[file] += 1
            posts += [post] if post else []
    return posts


def _resource(entry: Mapping[str, Any], name: str | None) -> Post | None:
    said, state = entry.get("snippet"), entry.get("status")
    if not isinstance(said, dict):
        raise NotUnderstood("snippet")
    if isinstance(state, dict) and state.get("privacyStatus") not in (None, "public"):
        return None
    counts = entry.get("statistics")
    counts = counts if isinstance(counts, dict) else {}
    film = _film(
        text_at(entry, "id"),
        str(said.get("title") or ""),
        str(said.get("description") or ""),
        text_at(said, "publishedAt"),
        str(said.get("channelTitle") or "") or name,
    )
    return replace(
        film,
        reactions=(Reaction(name="like", count=count_of(counts.get("likeCount"))),),
        comments_announced=count_of(counts.get("commentCount")),
    )


def _film(video: str, title: str, about: str, when: str, name: str | None) -> Post:
    return own_post(
        post_id=video,
        platform=KIND,
        account=None,
        name=name,
        text="\n\n".join(part for part in (title, about) if part),
        published=iso_moment(when),
        permalink=f"https://www.youtube.com/watch?v={video}",
        media=None,
    )


def _comments(
    reader: Reader, videos: Collection[str], name: str | None
) -> dict[str, list[Comment]]:
    found: dict[str, list[Comment]] = defaultdict(list)
    for file in reader.named(*_COMMENTS):
        for row in reader.rows(file, "Comment ID", _ID, "Comment Text"):
            if row[_ID] not in videos:
                reader.left_out[file] += 1
                continue
            try:
                comment = _comment(row, name)
            except NotUnderstood:
                reader.missed[file] += 1
                continue
            reader.understood[file] += 1
            found[row[_ID]].append(comment)
    return {video: sorted(said, key=lambda one: one.published.shown or "")
            for video, said in found.items()}  # fmt: skip


def _comment(row: dict[str, str], name: str | None) -> Comment:
    comment = text_at(row, "Comment ID")
    return Comment(
        id=comment,
        permalink=f"https://www.youtube.com/watch?v={row[_ID]}&lc={comment}",
        author=Author(handle=None, name=name),
        direction=Direction.OWN,
        text=_said(row["Comment Text"]),
        published=iso_moment(text_at(row, "Comment Create Timestamp")),
        edited=None,
        was_edited=None,
        parent=row.get("Parent Comment ID") or row[_ID],
        reactions=None,
        links=None,
        media=(),
        hidden=None,
    )


def _said(cell: str) -> str:
    """A cell holds runs of text as JSON objects in a row, `{"text":"Hej"},{"text":"!"}`."""
    try:
        runs = json.loads(f"[{cell}]")
    except ValueError:
        return cell
    return "".join(str(run.get("text") or "") for run in dicts(runs)) or cell


def _channel(reader: Reader) -> str | None:
    for file in reader.named("channel.csv", "channel(*).csv"):
        for row in reader.rows(file, "Channel ID", "Channel Title (Original)"):
            reader.understood[file] += 1
            return row["Channel Title (Original)"] or None
    return None
