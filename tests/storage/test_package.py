"""A record's package is a WACZ that anyone's tools read, and always the same bytes."""

import gc
import gzip
import importlib.util
import json
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from storage import package as packing
from storage import plain_zip
from storage.errors import Damaged, Malformed
from storage.package import Page, part_range, read_part, read_parts, write_package
from storage.package_check import check_package
from storage.plain_zip import odd_places, read_members, write_zip
from storage.record import Part, sha256
from tests.storage import warcs

URL = "https://torget.example/@ki"
AT = datetime(2026, 11, 23, 9, 20, 17, tzinfo=UTC)
_BINARY_FIELD = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n\xff\r\n--x--\r\n'
PAGE = Page(url=URL, title="Räksmörgås på KI", at=AT)


def packed(parts: Path, page: Page = PAGE) -> Path:
    target = parts.parent / "made.wacz"
    write_package(parts, target, page=page, software="insyn test")
    return target


def tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)


def lines_of_index(wacz: Path) -> list[tuple[str, dict[str, str]]]:
    with zipfile.ZipFile(wacz) as opened:
        lines = gzip.decompress(opened.read("indexes/index.cdx.gz")).decode().splitlines()
    return [(line.split(" ", 1)[0], json.loads(line.split(" ", 2)[2])) for line in lines]


def test_the_public_validators_accept_a_package(parts: Path) -> None:
    wacz = packed(parts)
    validated = tool("wacz", "validate", "-f", str(wacz))
    checked = tool("warcio.cli", "check", str(parts / "archive" / "data.warc.gz"))
    assert validated.returncode == 0, validated.stdout + validated.stderr
    assert "valid" in validated.stdout
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_whole_package_has_no_finding(parts: Path) -> None:
    wacz = packed(parts)
    assert check_package(wacz, read_parts(wacz)) == ()


def test_the_same_folder_gives_the_same_bytes(parts: Path) -> None:
    first = packed(parts).read_bytes()
    for file in parts.rglob("*.*"):
        file.touch()
    again = packed(parts).read_bytes()
    elsewhere = AT.astimezone(timezone(timedelta(hours=1)))
    in_stockholm = packed(parts, Page(url=URL, title=PAGE.title, at=elsewhere)).read_bytes()
    assert again == first
    assert in_stockholm == first


def test_every_part_lies_plain_at_its_range(parts: Path) -> None:
    wacz = packed(parts)
    data = wacz.read_bytes()
    found = {part.name: part for part in read_parts(wacz)}
    for file in parts.rglob("*.*"):
        part = found.pop(file.relative_to(parts).as_posix())
        first, last = part_range(part)
        assert data[first : last + 1] == file.read_bytes() == read_part(wacz, part)
        assert (part.size, part.sha256) == (file.stat().st_size, sha256(file.read_bytes()))
    assert found.keys() == {"datapackage.json", "datapackage-digest.json"}
    assert found["datapackage.json"].media_type == "application/json"


def test_an_empty_part_is_kept_and_has_no_range(parts: Path) -> None:
    (parts / "logs").mkdir()
    (parts / "logs" / "empty.log").write_bytes(b"")
    wacz = packed(parts)
    part = next(part for part in read_parts(wacz) if part.name == "logs/empty.log")
    assert (part.size, read_part(wacz, part)) == (0, b"")
    with pytest.raises(Malformed, match=r"logs/empty\.log"):
        part_range(part)
    assert check_package(wacz) == ()


def test_the_pages_are_the_captured_page_alone(parts: Path) -> None:
    """C28: what lies in the web archive beside the page is no page."""
    with zipfile.ZipFile(packed(parts)) as opened:
        header, page = map(json.loads, opened.read("pages/pages.jsonl").decode().splitlines())
    assert header["format"] == "json-pages-1.0"
    assert (page["url"], page["title"], page["ts"]) == (URL, PAGE.title, "2026-11-23T09:20:17Z")
    assert page["text"] == (parts / "text" / "visible.txt").read_text("utf-8")


def test_the_list_names_every_part_with_digest_and_size(parts: Path) -> None:
    wacz = packed(parts)
    with zipfile.ZipFile(wacz) as opened:
        listed = json.loads(opened.read("datapackage.json"))
        digest = json.loads(opened.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{sha256(opened.read('datapackage.json'))}"
    assert (listed["profile"], listed["wacz_version"]) == ("data-package", "1.1.1")
    assert (listed["title"], listed["created"]) == (PAGE.title, "2026-11-23T09:20:17Z")
    told = {(r["path"], r["hash"], r["bytes"]) for r in listed["resources"]}
    assert told == {(p.name, f"sha256:{p.sha256}", p.size) for p in read_parts(wacz)[:-2]}


def test_the_index_finds_what_was_posted_and_holds_no_cookie(parts: Path) -> None:
    """C09: a multipart body of a megabyte with every byte in it; the public packer reads it too."""
    boundary, every_byte = "x-insyn", bytes(range(256)) * 4096
    field = 'Content-Disposition: form-data; name="file"; filename="f.bin"'
    body = f"--{boundary}\r\n{field}\r\n\r\n".encode()
    body += every_byte + f"\r\n--{boundary}--\r\n".encode()
    warc = parts / "archive" / "data.warc.gz"

    def add(writer: warcs.Writer) -> None:
        answer = writer.response(URL + "/send", b"{}", "application/json")
        multipart = f"multipart/form-data; boundary={boundary}"
        writer.request(URL + "/send", "POST /send HTTP/1.1", body, multipart, answer)

    warcs.write(warc, add)
    [(key, entry)] = lines_of_index(packed(parts))
    assert entry["method"] == "POST"
    assert "__wb_method=post" in key.lower()
    assert "req.http:cookie" not in entry
    made = tool("wacz", "create", "-o", str(parts.parent / "public.wacz"), str(warc))
    assert made.returncode == 0, made.stderr


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning"
)  # cdxj-indexer leaves a file to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", _BINARY_FIELD),
        ("application/json", b"{"),
        ("application/x-amf", b"\xff"),
    ],
)
def test_a_posted_body_that_is_not_what_it_says_does_not_stop_a_package(
    parts: Path, media_type: str, body: bytes
) -> None:
    """C09"""

    def add(writer: warcs.Writer) -> None:
        writer.response(URL, b"<h1>Hej</h1>")
        answer = writer.response(URL + "/send", b"{}")
        writer.request(URL + "/send", "POST /send HTTP/1.1", body, media_type, answer)

    warcs.write(parts / "archive" / "data.warc.gz", add)
    wacz = packed(parts)
    gc.collect()
    assert [entry["url"] for _, entry in lines_of_index(wacz)] == [URL, URL + "/send"]
    assert check_package(wacz) == ()


def test_a_web_archive_that_cannot_be_indexed_is_told(parts: Path) -> None:
    (parts / "archive" / "data.warc.gz").write_bytes(gzip.compress(b"no web archive"))
    with pytest.raises(Damaged, match="cannot be indexed"):
        packed(parts)


def test_a_large_index_is_cut_into_blocks_that_lead_to_every_record(parts: Path) -> None:
    def add(writer: warcs.Writer) -> None:
        for number in range(650):
            writer.response(f"{URL}/{number}", b"x")
        writer.response(URL, b"<h1>Hej</h1>")

    warcs.write(parts / "archive" / "data.warc.gz", add)
    wacz = packed(parts)
    with zipfile.ZipFile(wacz) as opened:
        blocks = opened.read("indexes/index.idx").decode().splitlines()
    assert [line[:5] for line in blocks] == ["!meta", "examp", "examp", "examp"]
    assert len(lines_of_index(wacz)) == 651
    assert check_package(wacz) == ()


def test_brotli_is_not_installed() -> None:
    """C25: with it warcio 1.8.1 crashes on records that were sent with brotli."""
    assert importlib.util.find_spec("brotli") is None
    assert importlib.util.find_spec("brotlicffi") is None


def test_every_name_that_is_not_allowed_is_told_at_once(parts: Path) -> None:
    (parts / "top.txt").write_text("x")
    (parts / "a" / "b").mkdir(parents=True)
    (parts / "a" / "b" / "deep.txt").write_text("x")
    (parts / "text" / "back\\slash.txt").write_text("x")
    (parts / "text" / ".hidden").write_text("x")
    (parts / "text" / "VISIBLE.txt").write_text("x")
    (parts / "data" / "link.json").symlink_to("/etc/passwd")
    (parts / "archive" / "data.warc.gz").unlink()
    with pytest.raises(Malformed) as told:
        packed(parts)
    named = sorted(fault.partition(":")[0] for fault in told.value.faults)
    assert named == [
        "a/b/deep.txt",
        "archive/data.warc.gz",
        "data/link.json",
        "text-visible.txt",
        "text/.hidden",
        "text/back\\slash.txt",
        "top.txt",
    ]
    assert not list(parts.parent.glob("made.wacz*"))


def test_a_package_that_fails_leaves_nothing(parts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: object, *_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(packing, "write_zip", full)
    with pytest.raises(OSError, match="No space left"):
        packed(parts)
    assert not list(parts.parent.glob("made.wacz*"))


def test_a_part_that_changes_while_it_is_packed_is_found(
    parts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*arguments: object) -> None:
        (parts / "data" / "posts.json").write_text('{"posts": [1]}')
        write_zip(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(packing, "write_zip", late)
    with pytest.raises(Damaged, match="read back with other bytes"):
        packed(parts)


def test_a_package_beyond_four_gigabytes_is_read_by_anyone(
    parts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ZIP64, with its limits drawn in so that a small package passes all of them."""
    monkeypatch.setattr(plain_zip, "_LIMIT", 600)
    monkeypatch.setattr(plain_zip, "_MANY", 3)
    data = {"a/small": b"1", "a/large": bytes(range(256)) * 5, "b/after": b"2" * 700, "b/end": b"3"}
    wacz = parts.parent / "large.zip"
    with wacz.open("wb") as file:
        write_zip(file, data, AT)
    # The limits are the standard's to everyone else, who reads a field of all ones as "see extra".
    raw = wacz.read_bytes().replace((600).to_bytes(4, "little"), b"\xff" * 4)
    raw = raw[:-22] + raw[-22:].replace(b"\3\0\3\0", b"\xff" * 4)
    wacz.write_bytes(raw)
    with zipfile.ZipFile(wacz) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == data
        assert opened.infolist()[-1].header_offset > 600
    assert [m.size for m in read_members(wacz)] == [1, 1280, 700, 1]


def test_a_large_part_is_never_held_in_memory(parts: Path) -> None:
    (parts / "media").mkdir()
    with (parts / "media" / "film.mp4").open("wb") as film:
        film.truncate(64 << 20)
    tracemalloc.start()
    wacz = packed(parts)
    findings = check_package(wacz, read_parts(wacz))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert findings == ()
    assert peak < 12 << 20, f"{peak >> 20} MiB"


def test_what_python_reads_as_a_zip_lies_in_the_one_plain_form(parts: Path) -> None:
    wacz = packed(parts)
    assert list(odd_places(wacz, read_members(wacz))) == []
    with zipfile.ZipFile(wacz) as opened:
        assert opened.testzip() is None
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}
        assert {info.date_time for info in opened.infolist()} == {(2026, 11, 23, 9, 20, 16)}


def test_a_compressed_part_is_refused(parts: Path) -> None:
    wacz = parts.parent / "deflated.wacz"
    with zipfile.ZipFile(wacz, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("data/posts.json", "{}" * 1000)
    with pytest.raises(Damaged, match="is compressed"):
        read_parts(wacz)


def test_a_part_is_found_by_its_place_alone(package: Path) -> None:
    """What an S3 range request gives is what the ZIP directory names."""
    with zipfile.ZipFile(package) as opened:
        for part in read_parts(package):
            assert isinstance(part, Part)
            assert read_part(package, part) == opened.read(part.name)
