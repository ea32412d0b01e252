"""Facebook's and Instagram's "download your information", JSON form.

Both write UTF-8 bytes as latin-1 characters (`\\u00c3\\u00a5` for `å`), which is undone here. The
exports name no post's id: one is made of its time and text, so that the same post has the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from capture.imports.reading import Reader
from capture.post import Media, Moment, Post
from capture.untrusted import NotUnderstood, dicts, own_post, unix_moment
from storage.record import sha256

_FACEBOOK = (
    "posts/your_posts*.json",
    "posts/profile_posts*.json",
    "posts/your_posts__check_ins__photos_and_videos*.json",
)
_INSTAGRAM = ("content/posts*.json", "media/posts*.json", "media/reels.json", "content/reels.json")
_PROFILE = ("profile_information/profile_information.json", "personal_information.json")
_KEPT_BESIDE = (
    "comments_and_reactions/*.json", "comments/*.json", "stories.json", "profile_photos.json",
    "start_here.html", "no-data.txt",
)  # fmt: skip
"""Known, and no posts of the account: they are kept in the export and not read."""


def sources(reader: Reader) -> list[str]:
    """The files that posts are read from; none where the export is of neither."""
    return reader.named(*_FACEBOOK, *_INSTAGRAM)


def kind(reader: Reader) -> str:
    """Which of the two."""
    return "facebook" if reader.named(*_FACEBOOK) else "instagram"


def read(reader: Reader) -> tuple[str | None, list[Post]]:
    """The handle that the export tells, and its posts."""
    platform = kind(reader)
    handle, name = _owner(reader)
    reader.leave(*reader.named(*_KEPT_BESIDE))
    posts: list[Post] = []
    for file in reader.named(*(_FACEBOOK if platform == "facebook" else _INSTAGRAM)):
        for entry in _entries(reader, file):
            try:
                post = (_facebook if platform == "facebook" else _instagram)(reader, entry)
            except NotUnderstood:
                reader.missed[file] += 1
                continue
            reader.understood[file] += 1
            posts.append(_of(post, platform, handle, name))
    return handle, posts


def mended(value: Any) -> Any:
    """Texts as they were written; a text that is whole already stays as it is."""
    if isinstance(value, str):
        try:
            return value.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return value
    if isinstance(value, list):
        return [mended(one) for one in value]
    if isinstance(value, dict):
        return {mended(key): mended(one) for key, one in value.items()}
    return value


_Said = tuple[str, Moment, tuple[Media, ...], tuple[str, ...], bool]
"""Text, time, media, links, whether it was edited."""


def _entries(reader: Reader, file: str) -> Iterator[Mapping[str, Any]]:
    """A list, one entry alone, or a list under the only key (`ig_reels_media`)."""
    read = mended(reader.json(file))
    if read is None:
        return
    if isinstance(read, dict):
        lists = [value for value in read.values() if isinstance(value, list)]
        read = lists[0] if len(read) == 1 and lists else [read]
    yield from reader.entries(file, read, "a list of posts")


def _facebook(reader: Reader, entry: Mapping[str, Any]) -> _Said:
    parts = dicts(entry.get("data"))
    text = "\n\n".join(str(part["post"]) for part in parts if part.get("post"))
    held = [one for group in dicts(entry.get("attachments")) for one in dicts(group.get("data"))]
    outside = [one["external_context"] for one in held if "external_context" in one]
    links = tuple(str(one["url"]) for one in dicts(outside) if one.get("url"))
    media = tuple(
        reader.medium(str(one.get("uri") or ""), one.get("description"))
        for one in dicts([one.get("media") for one in held])
    )
    if not (text or media or links or entry.get("title")):
        raise NotUnderstood("empty")
    edited = any("update_timestamp" in part for part in parts)
    return text, unix_moment(entry.get("timestamp")), media, links, edited


def _instagram(reader: Reader, entry: Mapping[str, Any]) -> _Said:
    shown = dicts(entry.get("media"))
    if not shown:
        raise NotUnderstood("media")
    text = str(entry.get("title") or shown[0].get("title") or "")
    at = entry.get("creation_timestamp", shown[0].get("creation_timestamp"))
    media = tuple(reader.medium(str(one.get("uri") or ""), _alt(one)) for one in shown)
    return text, unix_moment(at), media, (), False


def _alt(medium: Mapping[str, Any]) -> object:
    told = medium.get("media_metadata")
    return told.get("alt_text") if isinstance(told, dict) else None


def _of(said: _Said, platform: str, handle: str | None, name: str | None) -> Post:
    text, at, media, links, edited = said
    shown = "\n".join((text, *(one.sha256 or "" for one in media), *links))
    return own_post(
        post_id=f"export-{at.shown}-{sha256(shown.encode('utf-8', 'replace'))[:12]}",
        platform=platform,
        account=handle,
        name=name,
        text=text,
        published=at,
        was_edited=edited or None,
        links=links,
        media=media,
    )


def _owner(reader: Reader) -> tuple[str | None, str | None]:
    """Handle and name: Facebook's `profile_v2`, Instagram's `profile_user`."""
    for file in reader.named(*_PROFILE):
        read = mended(reader.json(file))
        read = read if isinstance(read, dict) else {}
        reader.understood[file] += 1
        if isinstance(told := read.get("profile_v2"), dict):
            names = told.get("name")
            return _text(told.get("username")), _text(
                names.get("full_name") if isinstance(names, dict) else None
            )
        for user in dicts(read.get("profile_user")):
            said = user.get("string_map_data")
            said = said if isinstance(said, dict) else {}
            return _value(said, "Username"), _value(said, "Name")
    return None, None


def _value(said: Mapping[str, Any], key: str) -> str | None:
    one = said.get(key)
    return _text(one.get("value")) if isinstance(one, dict) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
