"""What is private in an export is not kept; what is kept is always the same, and is read alike."""

import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from capture.imports.export import Understood, read_export
from capture.imports.private import NAMED, Private, private_members
from capture.imports.remainder import Kept, write_kept
from capture.imports.telling import report
from storage.errors import Damaged
from storage.plain_zip import odd_places, read_members
from storage.record import file_sha256, sha256
from tests.capture.imports import samples
from tests.capture.imports.samples import SECRET, tarred, zipped

Pack = Callable[[Path, samples.Files], Path]
packed = pytest.mark.parametrize("pack", [zipped, tarred])
every_kind = pytest.mark.parametrize("kind", samples.ALL)


def _kept(given: Path, room: Path) -> tuple[Understood, Kept]:
    read = read_export(given)
    assert not read.faults
    assert read.given
    room.mkdir()
    return read, write_kept(given, read.given.sha256, read, room)


def _contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


@every_kind
@packed
def test_what_is_private_is_not_kept_and_all_else_is(tmp_path: Path, kind: str, pack: Pack) -> None:
    """R13: no follower list; no message, search or login; every public member byte for byte."""
    files = samples.with_private(kind)
    read, kept = _kept(pack(tmp_path / "e", files), tmp_path / "room")
    held = _contents(kept.path)
    private = {*samples.PRIVATE[kind]}
    if kind == "mastodon":
        private.add("media_attachments/files/2/original/b.jpg")
    assert {*held} == {*files} - private
    changed = {name for name in held if held[name] != files[name]}
    assert changed == ({"outbox.json"} if kind == "mastodon" else set())
    assert SECRET.encode() not in kept.path.read_bytes()
    assert {one.sha256: one.what.value for one in read.left_out}.keys() == {
        sha256(files[name]) for name in private
    }


@every_kind
def test_what_is_left_out_is_told_by_kind_size_and_digest_and_never_by_content(
    tmp_path: Path, kind: str
) -> None:
    files = samples.with_private(kind)
    read, kept = _kept(zipped(tmp_path / "e.zip", files), tmp_path / "room")
    told = json.loads(json.dumps(report(read, kept)))
    by_name = {one["name"]: one for one in told["left_out"]}
    for name, what in samples.PRIVATE[kind].items():
        if "inbox" in name:
            continue
        data = files[name]
        assert by_name[name] == {
            "name": name, "what": what, "bytes": len(data), "sha256": sha256(data)
        }  # fmt: skip
    assert told["given"]["sha256"] == file_sha256(tmp_path / "e.zip")
    assert told["kept"] == {"sha256": kept.sha256, "bytes": kept.size}
    counted = [one for one in read.findings if one.code == "I106"]
    for what in {one.what for one in read.left_out}:
        count = sum(one.what is what for one in read.left_out)
        assert any(f"{NAMED[what].en} are not kept ({count})" in one.en for one in counted)
    text = json.dumps(told, ensure_ascii=False)
    assert SECRET not in text
    assert "bodilbesokare" not in text, "threads are named after who wrote"


def test_every_kind_of_what_is_private_has_its_words_and_is_in_a_sample() -> None:
    assert NAMED.keys() == {*Private}
    shown = {what for members in samples.PRIVATE.values() for what in members.values()}
    assert shown == {*Private} - {Private.NOT_PUBLIC}


@every_kind
@packed
def test_the_same_export_always_leaves_the_same_bytes(
    tmp_path: Path, kind: str, pack: Pack
) -> None:
    """R12: a plain ZIP, whatever it was packed by and whenever."""
    given = pack(tmp_path / "e", samples.with_private(kind))
    _, first = _kept(given, tmp_path / "one")
    _, second = _kept(given, tmp_path / "two")
    assert first.path.read_bytes() == second.path.read_bytes()
    assert not list(odd_places(first.path, read_members(first.path)))
    other = zipped if pack is tarred else tarred
    _, third = _kept(other(tmp_path / "f", samples.with_private(kind)), tmp_path / "three")
    assert third.sha256 == first.sha256


@every_kind
def test_what_is_kept_is_read_as_the_whole_was_and_nothing_more_is_left_out(
    tmp_path: Path, kind: str
) -> None:
    read, kept = _kept(zipped(tmp_path / "e.zip", samples.with_private(kind)), tmp_path / "room")
    again = read_export(kept.path)
    assert (again.posts, again.handle, again.platform) == (read.posts, read.handle, kind)
    assert again.whole
    assert not {"I103", "I106", "I107"} & {one.code for one in again.findings}


def test_an_export_without_anything_private_is_kept_as_it_was_given(tmp_path: Path) -> None:
    files = {name: data for name, data in samples.x().items() if "direct" not in name}
    given = tarred(tmp_path / "e.tar.gz", files)
    read, kept = _kept(given, tmp_path / "room")
    assert read.whole
    assert kept.path.read_bytes() == given.read_bytes()
    assert kept.path.name == "export.tar.gz"


def test_posts_to_some_are_taken_out_of_the_outbox_and_media_that_others_show_stay(
    tmp_path: Path,
) -> None:
    read, kept = _kept(zipped(tmp_path / "e.zip", samples.mastodon()), tmp_path / "room")
    box = json.loads(_contents(kept.path)["outbox.json"])
    given = json.loads(samples.mastodon()["outbox.json"])
    assert box["orderedItems"] == [given["orderedItems"][n] for n in (0, 1, 3)]
    assert box["totalItems"] == 3
    assert [(name, one.entries) for name, one in read.rewritten.items()] == [("outbox.json", 1)]
    assert [(one.name, one.what) for one in read.left_out] == [
        ("likes.json", Private.HISTORY),
        ("media_attachments/files/2/original/b.jpg", Private.NOT_PUBLIC),
    ]
    assert "I107" in {one.code for one in read.findings}


def test_a_pages_report_is_read_though_it_is_called_as_messages_are(tmp_path: Path) -> None:
    files = samples.linkedin()
    files["page_messages.csv"] = files.pop("ki_content.csv")
    read, kept = _kept(zipped(tmp_path / "e.zip", files), tmp_path / "room")
    assert "7003" in {post.id for post in read.posts}
    assert "page_messages.csv" in _contents(kept.path)


def test_a_name_is_known_in_capitals_too() -> None:
    """Who packs an export anew may write them otherwise."""
    names = ["LinkedIn/CONNECTIONS.CSV", "LinkedIn/verifications/1.csv", "LinkedIn/Shares.csv"]
    found = private_members("linkedin", names, names[2:])
    assert found == {names[0]: Private.CONTACTS, names[1]: Private.SETTINGS}


def test_an_album_of_posts_is_kept_whatever_it_is_called(tmp_path: Path) -> None:
    files = samples.facebook()
    files["facebook-ki/your_facebook_activity/posts/media/messages/1.jpg"] = b"an album"
    read, _ = _kept(zipped(tmp_path / "e.zip", files), tmp_path / "room")
    assert not read.left_out


@packed
def test_a_large_export_is_taken_apart_as_a_stream(tmp_path: Path, pack: Pack) -> None:
    """Neither its films nor its messages are held in memory, nor unpacked beside it."""
    size = 24 * 1024 * 1024
    film = random.Random(7).randbytes(size)  # a film that does not shrink
    files = {
        **samples.x(),
        "data/tweets_media/1-f.mp4": film,
        "data/direct_messages_media/1.mp4": film,
    }
    given = pack(tmp_path / "e", files)
    read = read_export(given)
    assert read.given
    room = tmp_path / "room"
    room.mkdir()
    tracemalloc.start()
    kept = write_kept(given, read.given.sha256, read, room)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size / 2
    assert kept.size > size
    assert [one.name for one in room.iterdir()] == ["export.zip"]


@pytest.mark.parametrize("private", [True, False])
def test_an_export_that_is_changed_meanwhile_is_told(tmp_path: Path, private: bool) -> None:
    """Whether it is kept as it was given or not."""
    public = {name: data for name, data in samples.x().items() if "direct" not in name}
    files = samples.with_private("x") if private else public
    given = zipped(tmp_path / "e.zip", files)
    read = read_export(given)
    assert read.given
    assert read.whole is not private
    zipped(given, {**files, "data/tweets.js": b"another"})
    with pytest.raises(Damaged, match="was changed"):
        write_kept(given, read.given.sha256, read, tmp_path)
