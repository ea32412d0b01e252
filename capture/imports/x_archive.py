"""X's archive: `data/tweets.js` and its parts, each JSON behind `window.YTD.tweets.part0 = `.

Source: the README.txt that X puts into every archive. Deleted posts (`deleted-tweets.js`) are known
and not read; they remain in what is kept.
"""

import html
from collections.abc import Mapping
from typing import Any

from capture.imports.reading import Reader
from capture.post import Media, MediaKind, Post, Reaction
from capture.untrusted import NotUnderstood, count_of, dicts, formed_moment, own_post, text_at

KIND = "x"
_TWEETS = (
    "data/tweets.js", "data/tweet.js", "data/tweets-part*.js", "data/tweet-part*.js",
)  # fmt: skip
_FORM = "%a %b %d %H:%M:%S %z %Y"
_MEDIA = {"photo": MediaKind.IMAGE, "video": MediaKind.VIDEO, "animated_gif": MediaKind.VIDEO}


def sources(reader: Reader) -> list[str]:
    """The files that posts are read from; none where the export is not of X."""
    return reader.named(*_TWEETS)


def read(reader: Reader) -> tuple[str | None, list[Post]]:
    """The handle that the export tells, and its posts."""
    handle, name = _owner(reader)
    files = reader.named(*_TWEETS)
    reader.leave(*reader.named("data/*.js", "Your archive.html", "README.txt"))
    posts: list[Post] = []
    for file in files:
        read_in = reader.json(file, after=b"=")
        if read_in is None:
            continue
        for entry in reader.entries(file, read_in, "a list of posts"):
            tweet = entry.get("tweet", entry)
            try:
                post = _post(reader, tweet if isinstance(tweet, dict) else {}, handle, name)
            except NotUnderstood:
                reader.missed[file] += 1
                continue
            reader.understood[file] += 1
            posts.append(post)
    return handle, posts


def _post(reader: Reader, tweet: Mapping[str, Any], handle: str | None, name: str | None) -> Post:
    post_id = text_at(tweet, "id_str" if tweet.get("id_str") else "id")
    entities = tweet.get("entities")
    links = {
        str(one.get("url")): str(one.get("expanded_url") or one.get("url"))
        for one in dicts(entities.get("urls") if isinstance(entities, dict) else None)
    }
    text = str(tweet.get("full_text") or tweet.get("text") or "")
    for short, long in links.items():
        text = text.replace(short, long)
    parent = tweet.get("in_reply_to_status_id_str") or tweet.get("in_reply_to_status_id")
    return own_post(
        post_id=post_id,
        platform=KIND,
        account=handle,
        name=name,
        text=html.unescape(text),
        published=formed_moment(text_at(tweet, "created_at"), _FORM),
        permalink=f"https://x.com/{handle}/status/{post_id}" if handle else None,
        parent=str(parent) if parent else None,
        reactions=tuple(
            Reaction(name=word, count=count_of(tweet.get(key)))
            for word, key in (("like", "favorite_count"), ("repost", "retweet_count"))
        ),
        links=tuple(links.values()),
        media=_media(reader, tweet, post_id),
    )


def _media(reader: Reader, tweet: Mapping[str, Any], post_id: str) -> tuple[Media, ...]:
    """A file is named by the post and the last step of its address: `{post}-{step}`."""
    told = tweet.get("extended_entities") or tweet.get("entities")
    found = []
    for one in dicts(told.get("media") if isinstance(told, dict) else None):
        url = _best(one)
        step = url.partition("?")[0].rpartition("/")[2]
        held = reader.medium(f"tweets_media/{post_id}-{step}", one.get("ext_alt_text"))
        if held.sha256 is None:
            held = reader.medium(f"tweet_media/{post_id}-{step}", one.get("ext_alt_text"))
        found.append(
            Media(
                kind=_MEDIA.get(str(one.get("type")), held.kind),
                url=url or None,
                alt=held.alt,
                media_type=held.media_type,
                sha256=held.sha256,
                omitted=held.omitted,
            )
        )
    return tuple(found)


def _best(medium: Mapping[str, Any]) -> str:
    """The address of the picture, or of the film with the most bits a second."""
    film = medium.get("video_info")
    if isinstance(film, dict):
        films = [(count_of(one.get("bitrate")) or -1, str(one.get("url") or ""))
                 for one in dicts(film.get("variants"))]  # fmt: skip
        if films:
            return max(films)[1]
    return str(medium.get("media_url_https") or medium.get("media_url") or "")


def _owner(reader: Reader) -> tuple[str | None, str | None]:
    for file in reader.named("data/account.js"):
        for entry in dicts(reader.json(file, after=b"=")):
            told = entry.get("account")
            if isinstance(told, dict):
                reader.understood[file] += 1
                handle, name = told.get("username"), told.get("accountDisplayName")
                return (str(handle) if handle else None), (str(name) if name else None)
    return None, None
