"""Each platform's own export is read as its documentation says; a broken one gives a report."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from capture.imports.container import Bounds
from capture.imports.export import Understood, read_export
from capture.post import Direction, Precision, TimeSource, posts_from_json, posts_to_json
from storage.record import sha256
from tests.capture.imports import samples
from tests.capture.imports.broken import BROKEN, broken
from tests.capture.imports.samples import PICTURE, as_json, tarred, zipped

SCHEMA = Draft202012Validator(json.loads(Path("docs/posts.schema.json").read_text("utf-8")))


def _codes(read: Understood) -> set[str]:
    return {one.code for one in read.findings}


def _read(tmp_path: Path, files: samples.Files, name: str = "export.zip") -> Understood:
    path = tmp_path / name
    return read_export(zipped(path, files) if name.endswith(".zip") else tarred(path, files))


@pytest.mark.parametrize("kind", samples.ALL)
@pytest.mark.parametrize("name", ["export.zip", "export.tar.gz"])
def test_what_it_is_is_detected_and_its_posts_are_of_the_published_form(
    tmp_path: Path, kind: str, name: str
) -> None:
    """R10: own posts, with the time that the export tells."""
    read = _read(tmp_path, samples.ALL[kind](), name)
    assert read.platform == kind
    assert not read.faults
    written = posts_to_json(read.posts)
    assert posts_from_json(written) == read.posts
    SCHEMA.validate(json.loads(written))
    assert all(post.direction is Direction.OWN for post in read.posts)
    assert all(post.published.source is TimeSource.EXPORT for post in read.posts)


def test_mastodon(tmp_path: Path) -> None:
    first, answer, shared = (read := _read(tmp_path, samples.mastodon(), "m.tar.gz")).posts
    assert read.handle == "ki"
    assert (first.id, first.text) == ("101", "Ny studie om sömn\n\nLäs mer: här")
    assert first.permalink == "https://social.example/@ki/101"
    assert first.links == ("https://ki.example/s",)
    (picture,) = first.media or ()
    assert (picture.alt, picture.sha256) == ("Ett mikroskop", sha256(PICTURE))
    assert (answer.parent, answer.was_edited) == ("7", True)
    assert answer.text == "Blod i bild\n\nSvar på frågan"
    assert shared.repost_of == "https://annan.example/users/x/statuses/9"
    outbox = next(one for one in read.files if one.name == "outbox.json")
    assert (outbox.understood, outbox.left_out, outbox.not_understood) == (3, 1, 0)


def test_an_outbox_with_fewer_posts_than_it_announces_is_told(tmp_path: Path) -> None:
    files = samples.mastodon()
    files["outbox.json"] = files["outbox.json"].replace(b'"totalItems": 4', b'"totalItems": 9')
    assert "I103" in _codes(_read(tmp_path, files))


def test_facebook_with_its_bytes_put_right(tmp_path: Path) -> None:
    first, whole = (read := _read(tmp_path, samples.facebook())).posts
    assert (read.handle, first.author.name) == ("ki", "Karolinska Institutet")
    assert first.text == "Öppet hus på lördag 🎉"
    assert whole.text == "Hel text: åäö €"
    assert first.was_edited
    assert first.links == ("https://ki.example/hus",)
    (picture,) = first.media or ()
    assert (picture.alt, picture.sha256) == ("Människor på gården", sha256(PICTURE))
    assert {"I101", "I102"} <= _codes(read)
    assert read.unknown == ("facebook-ki/your_facebook_activity/events/something_new.json",)
    assert _read(tmp_path, samples.facebook(), "again.tar.gz").posts == read.posts


def test_instagram(tmp_path: Path) -> None:
    one, two = (read := _read(tmp_path, samples.instagram())).posts
    assert (read.handle, one.text) == ("ki", "Labbet på kvällen")
    assert [medium.alt for medium in one.media or ()] == ["Rör på hög"]
    assert two.text == "Två bilder från år 1"
    assert [medium.omitted for medium in two.media or ()] == [None, "not in the export"]
    assert "I104" in _codes(read)


def test_x(tmp_path: Path) -> None:
    first, answer = (read := _read(tmp_path, samples.x())).posts
    assert read.handle == "ki"
    assert first.text == "Forskning & utbildning https://ki.example/f"
    assert first.permalink == "https://x.com/ki/status/1990000000000000001"
    assert {one.name: one.count for one in first.reactions or ()} == {"like": 12, "repost": 3}
    assert [medium.sha256 for medium in first.media or ()] == [sha256(PICTURE)]
    assert answer.parent == "1980000000000000000"
    assert not read.unknown


def test_linkedin(tmp_path: Path) -> None:
    share, reported = (read := _read(tmp_path, samples.linkedin())).posts
    assert (share.id, share.text) == ("7001", "Första raden\nAndra raden åäö")
    assert (reported.id, reported.comments_announced) == ("7003", 5)
    assert reported.published.precision is Precision.DAY
    assert [one.place for one in read.findings if one.code == "I101"] == ["Shares.csv"]


def test_youtube(tmp_path: Path) -> None:
    (film,) = (read := _read(tmp_path, samples.youtube())).posts
    assert (film.id, film.text) == ("abcdefghijk", "Föreläsning om sömn")
    (comment,) = film.comments or ()
    assert (comment.text, comment.parent) == ("Tack för frågan!", "abcdefghijk")
    assert {one.name.rpartition("/")[2]: one.left_out for one in read.files} == {
        "videos.csv": 1,
        "comments.csv": 1,
        "channel.csv": 0,
    }


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_export_is_told_by_its_code(tmp_path: Path, name: str) -> None:
    make, code = BROKEN[name]
    read = read_export(make(tmp_path / "export.zip"))
    assert code in {one.code for one in read.faults}, read.findings
    assert all(one.sv and one.en and "{" not in one.sv + one.en for one in read.findings)


@pytest.mark.parametrize("kind", samples.ALL)
def test_of_every_platform_ten_broken_exports_and_more_are_tried(kind: str) -> None:
    assert len(dict(broken(kind))) > 20


@pytest.mark.parametrize("kind", samples.ALL)
def test_entries_of_any_other_shape_are_counted_and_never_crash(tmp_path: Path, kind: str) -> None:
    odd = as_json([None, 1, "x", [], {}, {"tweet": 3}, {"object": 5, "to": ["as:Public"]}])
    whole = samples.ALL[kind]()
    for name in [one for one in whole if one.endswith((".json", ".js"))]:
        _, sign, _ = whole[name].partition(b"= ")
        head = b"window.YTD.tweets.part0 = " if sign and name.endswith(".js") else b""
        read = _read(tmp_path, {**whole, name: head + odd})
        assert read.platform == kind
    for name in [one for one in whole if one.endswith(".csv")]:
        lines = whole[name].splitlines()
        read = _read(tmp_path, {**whole, name: b"\n".join([*lines, b",", b'"a,b'])})
        assert read.platform == kind


def test_a_csv_that_is_cut_inside_a_quotation_is_a_fault(tmp_path: Path) -> None:
    files = samples.youtube()
    name = next(one for one in files if one.endswith("comments.csv"))
    read = _read(tmp_path, {**files, name: files[name][:-12]})
    assert {one.code for one in read.faults} == {"I012"}


def test_an_x_file_without_its_assignment_is_a_fault(tmp_path: Path) -> None:
    read = _read(tmp_path, {**samples.x(), "data/tweets.js": b"[]"})
    assert {one.code for one in read.faults} == {"I012"}


@pytest.mark.parametrize(
    ("bounds", "code"), [({"size": 99}, "I003"), ({"members": 3}, "I005"), ({"data": 99}, "I016")]
)
def test_more_than_the_bounds_is_not_read(
    tmp_path: Path, bounds: dict[str, int], code: str
) -> None:
    limits = replace(Bounds(), **bounds)
    for path in (
        zipped(tmp_path / "a.zip", samples.mastodon()),
        tarred(tmp_path / "a.tar.gz", samples.mastodon()),
    ):
        assert code in {one.code for one in read_export(path, limits).faults}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    files = {**samples.mastodon(), "/a.json": b"", "../b.json": b"", "Actor.json": b""}
    places = [(one.code, one.place) for one in _read(tmp_path, files).faults]
    assert places == [("I006", "/a.json"), ("I006", "../b.json"), ("I008", "Actor.json")]


def test_no_finding_tells_what_a_post_says(tmp_path: Path) -> None:
    files = samples.mastodon()
    files["outbox.json"] = files["outbox.json"].replace(b'"type": "Create"', b'"type": "Odd"')
    told = str(_read(tmp_path, files).findings)
    assert "I101" in told
    assert "sömn" not in told
