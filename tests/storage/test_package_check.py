"""Every damage has a finding of its own: a good package, damaged in one way, by code."""

import gzip
import io
import json
import random
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from accounts.findings import Finding, Severity
from storage.package import Page, read_parts, write_package
from storage.package_check import check_package
from storage.plain_zip import read_members, write_zip
from storage.record import Part, sha256
from tests.storage import warcs

URL = "https://torget.example/@ki"
AT = datetime(2026, 11, 23, 9, 20, 17, tzinfo=UTC)
PAGE = Page(url=URL, title="KI", at=AT)
WARC = "archive/data.warc.gz"
INDEX = "indexes/index.cdx.gz"

Members = dict[str, bytes]


def good_parts(folder: Path) -> Path:
    def add(writer: warcs.Writer) -> None:
        writer.info()
        writer.response(URL, b"<h1>Hej</h1>")
        writer.response(URL + "/bild.png", png(), "image/png")
        writer.response(URL + "/packat", b"\x0b\x02\x80brotli\x03", Content_Encoding="br")

    warcs.write(folder / WARC, add)
    files = {
        "pictures/desktop-0001.png": png(),
        "text/visible.txt": "Satsning på forskningsinfrastruktur".encode(),
        "dom/page.mhtml": b"From: <Saved by Blink>\r\n\r\n",
        "data/posts.json": b'{"posts": []}',
        "logs/capture.jsonl": b'{"ms": 1}\n{"ms": 2}\n',
        "logs/empty.log": b"",
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def png() -> bytes:
    made = io.BytesIO()
    picture = Image.effect_noise((60, 40), 90)
    picture.save(made, "PNG")
    return made.getvalue()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole package; tests damage copies of it."""
    folder = tmp_path_factory.mktemp("good")
    write_package(good_parts(folder / "parts"), folder / "a.wacz", page=PAGE, software="test")
    return folder / "a.wacz"


def codes(found: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in found}


def read(wacz: Path) -> Members:
    with zipfile.ZipFile(wacz) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def repacked(members: Members, target: Path) -> Path:
    with target.open("wb") as file:
        write_zip(file, members, AT)
    return target


def relist(members: Members) -> None:
    """Make the package's own list agree with its parts again, so that only the damage shows."""
    listed = json.loads(members.pop("datapackage.json"))
    members.pop("datapackage-digest.json")
    listed["resources"] = [
        {"name": name, "path": name, "hash": f"sha256:{sha256(data)}", "bytes": len(data)}
        for name, data in members.items()
    ]
    seal(members, json.dumps(listed).encode())


def seal(members: Members, datapackage: bytes) -> None:
    members["datapackage.json"] = datapackage
    digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(datapackage)}"}
    members["datapackage-digest.json"] = json.dumps(digest).encode()


def put(name: str, data: bytes) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members[name] = data

    return change


def change_of(name: str, edit: Callable[[bytes], bytes]) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        before = members[name]
        members[name] = edit(before)
        assert members[name] != before

    return change


def without(name: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        del members[name]

    return change


def lines_of(edit: Callable[[list[str]], list[str]]) -> Callable[[bytes], bytes]:
    """Change the index's lines."""

    def change(data: bytes) -> bytes:
        lines = gzip.decompress(data).decode().splitlines(keepends=True)
        return gzip.compress("".join(edit(lines)).encode(), mtime=0)

    return change


def block_told(members: Members) -> None:
    """`index.idx` of a changed index, so that only its lines are wrong."""
    data = members[INDEX]
    block = {"offset": 0, "length": len(data), "digest": f"sha256:{sha256(data)}"}
    members["indexes/index.idx"] = f"!meta 0 {{}}\nkey 2026 {json.dumps(block)}\n".encode()


def index_with(edit: Callable[[list[str]], list[str]]) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        change_of(INDEX, lines_of(edit))(members)
        block_told(members)

    return change


def larger_size(members: Members) -> None:
    listed = json.loads(members["datapackage.json"])
    listed["resources"][0]["bytes"] += 1
    seal(members, json.dumps(listed).encode())


def nowhere(members: Members) -> None:
    lines = members["pages/pages.jsonl"].decode().splitlines()
    page = json.loads(lines[1]) | {"url": "https://elsewhere.example/"}
    members["pages/pages.jsonl"] = f"{lines[0]}\n{json.dumps(page)}\n".encode()


UNLISTED = {
    "K002_a_listed_part_is_missing": without("data/posts.json"),
    "K002_the_list_is_missing": without("datapackage.json"),
    "K002_the_digest_of_the_list_is_missing": without("datapackage-digest.json"),
    "K003_a_part_is_not_listed": put("data/more.bin", b"x"),
    "K004_a_part_of_the_same_size_is_changed": put("data/posts.json", b'{"posts": {}}'),
    "K004_the_list_tells_another_size": larger_size,
    "K006_the_list_is_changed": change_of("datapackage.json", lambda d: d + b" "),
    "K006_the_digest_of_the_list_is_changed": put("datapackage-digest.json", b'{"hash": "x"}'),
}

RELISTED = {
    "K002_the_web_archive_is_missing": without(WARC),
    "K002_the_index_is_missing": without(INDEX),
    "K002_the_blocks_of_the_index_are_missing": without("indexes/index.idx"),
    "K002_the_pages_are_missing": without("pages/pages.jsonl"),
    "K007_a_name_climbs_out": put("../data/x.bin", b"x"),
    "K007_a_name_climbs_within": put("data/../x.bin", b"x"),
    "K007_a_name_is_absolute": put("/etc/x.bin", b"x"),
    "K007_a_name_has_a_backslash": put("data\\x.bin", b"x"),
    "K007_a_name_is_a_folder": put("data/", b""),
    "K007_a_name_has_an_empty_step": put("data//x.bin", b"x"),
    "K007_a_name_has_a_line_feed": put("data/x\n.bin", b"x"),
    "K008_the_web_archive_is_cut_by_a_byte": change_of(WARC, lambda d: d[:-1]),
    "K008_the_web_archive_is_cut_in_its_last_record": change_of(WARC, lambda d: d[:-60]),
    "K008_something_follows_the_web_archive": change_of(WARC, lambda d: d + b"more"),
    "K008_the_web_archive_is_something_else": put(WARC, gzip.compress(b"hello")),
    "K008_the_web_archive_is_not_compressed": change_of(WARC, gzip.decompress),
    "K008_the_web_archive_is_one_compressed_piece": change_of(
        WARC, lambda d: gzip.compress(gzip.decompress(d))
    ),
    "K011_the_index_is_not_compressed": change_of(INDEX, gzip.decompress),
    "K011_the_index_is_cut": change_of(INDEX, lambda d: d[:-9]),
    "K011_a_line_leads_to_another_address": index_with(
        lambda lines: [line.replace("bild.png", "bilder.png") for line in lines]
    ),
    "K011_a_line_leads_to_another_place": index_with(
        lambda lines: [line.replace('"offset": "', '"offset": "1') for line in lines]
    ),
    "K011_a_line_has_another_time": index_with(
        lambda lines: [line.replace(" 20", " 19", 1) for line in lines]
    ),
    "K011_a_line_has_another_length": index_with(
        lambda lines: [line.replace('"length": "', '"length": "1') for line in lines]
    ),
    "K011_a_record_has_no_line": index_with(lambda lines: lines[1:]),
    "K011_a_line_is_no_line": index_with(lambda lines: [*lines, "?\n"]),
    "K011_the_index_is_empty": index_with(lambda _: []),
    "K011_a_block_has_another_digest": change_of(
        "indexes/index.idx", lambda d: d.replace(b"sha256:", b"sha256:0")
    ),
    "K011_the_blocks_are_empty": put("indexes/index.idx", b""),
    "K011_the_blocks_are_no_blocks": put("indexes/index.idx", b"\xff"),
    "K012_a_picture_is_cut": change_of("pictures/desktop-0001.png", lambda d: d[: len(d) // 2]),
    "K012_a_picture_has_no_bytes": put("pictures/desktop-0001.png", b""),
    "K012_a_picture_is_text": put("pictures/desktop-0001.png", b"<html>"),
    "K012_a_picture_is_of_no_known_kind": put("pictures/desktop-0002.raw", b"\0" * 90),
    "K012_a_picture_in_another_folder_is_cut": put("data/avatar.png", png()[:-40]),
    "K013_a_text_is_latin_1": put("text/visible.txt", "på".encode("latin-1")),
    "K014_data_is_cut": change_of("data/posts.json", lambda d: d[:-1]),
    "K014_data_is_empty": put("data/posts.json", b""),
    "K014_data_is_nested_without_end": put("data/posts.json", b"[" * 200_000),
    "K014_a_line_of_a_log_is_torn": put("logs/capture.jsonl", b'{"ms": 1}\n{"m'),
    "K014_there_are_two_pages": change_of(
        "pages/pages.jsonl", lambda d: d + d.splitlines(keepends=True)[1]
    ),
    "K014_there_is_no_page": change_of("pages/pages.jsonl", lambda d: d.splitlines()[0] + b"\n"),
    "K015_the_page_is_not_in_the_web_archive": nowhere,
}


def test_a_whole_package_has_no_finding(good: Path) -> None:
    assert check_package(good, read_parts(good)) == ()
    assert check_package(good) == ()


@pytest.mark.parametrize("case", UNLISTED)
def test_a_damage_is_found_against_the_packages_own_list(
    good: Path, tmp_path: Path, case: str
) -> None:
    members = read(good)
    UNLISTED[case](members)
    found = check_package(repacked(members, tmp_path / "a.wacz"))
    assert codes(found) == {case[:4]}, found


@pytest.mark.parametrize("case", RELISTED)
def test_a_damage_is_found_though_every_digest_agrees(
    good: Path, tmp_path: Path, case: str
) -> None:
    members = read(good)
    RELISTED[case](members)
    relist(members)
    found = check_package(repacked(members, tmp_path / "a.wacz"))
    assert codes(found) == {case[:4]}, found


def test_a_list_that_cannot_be_read_is_told(good: Path, tmp_path: Path) -> None:
    for broken in (b"{", b"[]", b'{"resources": [{"path": "x"}]}', b'{"resources": 1}', b"\xff"):
        members = read(good)
        seal(members, broken)
        assert "K005" in codes(check_package(repacked(members, tmp_path / "a.wacz")))


def rewritten(tmp_path: Path, edit: Callable[[bytes], bytes]) -> tuple[Finding, ...]:
    """A package of a web archive that was changed before it was indexed and listed."""
    parts = good_parts(tmp_path / "parts")
    warcs.edit(parts / WARC, edit)
    write_package(parts, tmp_path / "a.wacz", page=PAGE, software="test")
    return check_package(tmp_path / "a.wacz")


BLOCK, PAYLOAD = b"WARC-Block-Digest: sha1:", b"WARC-Payload-Digest: sha1:"

WEB_ARCHIVES = {
    "K009_a_body_is_changed": lambda r: r.replace(b"<h1>Hej", b"<h1>Nej"),
    "K009_a_header_of_the_answer_is_changed": lambda r: r.replace(b"200 OK", b"404 OK"),
    "K009_a_block_digest_is_changed": lambda r: r.replace(BLOCK + r_digest(r, BLOCK), BLOCK),
    "K009_a_payload_digest_is_changed": lambda r: r.replace(
        PAYLOAD + r_digest(r, PAYLOAD), PAYLOAD + b"A" * 32
    ),
    "K017_a_record_has_no_digest": lambda r: (
        r.replace(b"-Digest:", b"-Nothing:") if b"Type: warcinfo" in r else r
    ),
}


def r_digest(record: bytes, name: bytes) -> bytes:
    return record.partition(name)[2][:32] if name in record else b"?"


@pytest.mark.parametrize("case", WEB_ARCHIVES)
def test_a_record_that_was_changed_is_found_though_gzip_and_index_agree(
    tmp_path: Path, case: str
) -> None:
    found = rewritten(tmp_path, WEB_ARCHIVES[case])
    assert codes(found) == {case[:4]}, found


def test_a_record_that_says_it_is_longer_or_shorter_is_found(tmp_path: Path) -> None:
    found = rewritten(tmp_path, lambda r: r.replace(b"Content-Length: 9", b"Content-Length: 99"))
    assert codes(found) & {"K008", "K009"}, found


@pytest.mark.parametrize("kind", ["nothing", "only information"])
def test_a_web_archive_without_an_answer_is_found(tmp_path: Path, kind: str) -> None:
    parts = good_parts(tmp_path / "parts")
    warcs.write(parts / WARC, lambda w: None if kind == "nothing" else w.info())
    write_package(parts, tmp_path / "a.wacz", page=PAGE, software="test")
    assert codes(check_package(tmp_path / "a.wacz")) == {"K010", "K015"}


def test_a_revisit_and_an_empty_body_are_no_damage(tmp_path: Path) -> None:
    """C19"""
    parts = good_parts(tmp_path / "parts")

    def add(writer: warcs.Writer) -> None:
        writer.response(URL, b"<h1>Hej</h1>")
        writer.response(URL + "/empty", b"")
        digest = "sha1:QKG2AQON4L7A6QZVPSB7OPID66KZPC2O"
        writer.revisit(URL + "/again", digest, URL, "2026-11-23T09:20:17Z")

    warcs.write(parts / WARC, add)
    write_package(parts, tmp_path / "a.wacz", page=PAGE, software="test")
    assert check_package(tmp_path / "a.wacz") == ()


def test_a_page_that_changed_its_own_address_is_only_a_warning(good: Path, tmp_path: Path) -> None:
    members = read(good)
    nowhere(members)
    relist(members)
    [found] = check_package(repacked(members, tmp_path / "a.wacz"))
    assert (found.code, found.severity) == ("K015", Severity.WARNING)


def test_a_fragment_is_no_other_page(tmp_path: Path) -> None:
    page = Page(url=URL + "#inlagg", title="KI", at=AT)
    write_package(good_parts(tmp_path / "p"), tmp_path / "a.wacz", page=page, software="test")
    assert check_package(tmp_path / "a.wacz") == ()


def test_a_cut_web_archive_passes_the_public_checker(good: Path, tmp_path: Path) -> None:
    """C24: `warcio check` ends with 0, so it is not relied on alone."""
    members = read(good)
    members[WARC] = members[WARC][:-60]
    relist(members)
    (tmp_path / "data.warc.gz").write_bytes(members[WARC])
    command = [sys.executable, "-W", "ignore", "-m", "warcio.cli", "check", "data.warc.gz"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert codes(check_package(repacked(members, tmp_path / "a.wacz"))) == {"K008"}


def test_what_is_no_zip_is_told(tmp_path: Path) -> None:
    for data in (b"", b"hello", b"PK\3\4" + b"\0" * 60):
        (tmp_path / "a.wacz").write_bytes(data)
        assert codes(check_package(tmp_path / "a.wacz")) == {"K001"}


def test_a_package_cut_anywhere_is_found(good: Path, tmp_path: Path) -> None:
    data, wacz = good.read_bytes(), tmp_path / "a.wacz"
    for length in [*range(0, len(data), len(data) // 40), len(data) - 1]:
        wacz.write_bytes(data[:length])
        assert codes(check_package(wacz, read_parts(good))) == {"K001"}, length


def test_a_compressed_part_is_found(good: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as opened:
        for name, data in read(good).items():
            deflate = zipfile.ZIP_DEFLATED if name == "data/posts.json" else zipfile.ZIP_STORED
            opened.writestr(name, data, compress_type=deflate)
    found = check_package(tmp_path / "a.wacz")
    assert {(f.code, f.place) for f in found} == {("K016", "data/posts.json")}


def test_two_parts_of_one_name_are_found(good: Path, tmp_path: Path) -> None:
    members = read(good)
    members["data/aaaaa.json"] = b"{}"
    wacz = repacked(members, tmp_path / "a.wacz")
    wacz.write_bytes(wacz.read_bytes().replace(b"data/aaaaa.json", b"data/posts.json"))
    found = check_package(wacz)
    assert ("K007", "data/posts.json") in {(f.code, f.place) for f in found}


def test_a_link_is_found(good: Path, tmp_path: Path) -> None:
    data = good.read_bytes()
    at = data.rindex(b"data/posts.json", 0, data.rindex(b"PK\5\6")) - 8
    link = struct.pack("<L", 0o120777 << 16)
    (tmp_path / "a.wacz").write_bytes(data[:at] + link + data[at + 4 :])
    found = check_package(tmp_path / "a.wacz")
    assert ("K007", "data/posts.json") in {(f.code, f.place) for f in found}


@pytest.mark.parametrize(
    "edit",
    [
        lambda data: b"#!/bin/sh\n" + data,
        lambda data: data[:-2] + b"\5\0hello",
        lambda data: data + b"PK\5\6" + data[-18:],
        lambda data: data.replace(b"PK\1\2", b"hidden" + b"PK\1\2", 1),
        lambda data: data.replace(b"PK\3\4\x14", b"PK\3\4\x2d", 1),
    ],
)
def test_bytes_that_belong_to_no_part_are_found(
    good: Path, tmp_path: Path, edit: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "a.wacz").write_bytes(edit(good.read_bytes()))
    found = check_package(tmp_path / "a.wacz")
    assert codes(found) & {"K001", "K018"}, found


def test_a_part_that_the_manifest_does_not_know_is_found(good: Path) -> None:
    parts = read_parts(good)
    assert codes(check_package(good, parts[1:])) == {"K003"}
    more = Part(name="data/x", media_type="text/plain", size=0, sha256=sha256(b""), offset=0)
    assert codes(check_package(good, [*parts, more])) == {"K002"}


def test_a_swapped_package_with_lists_of_its_own_is_found(good: Path, tmp_path: Path) -> None:
    members = read(good)
    members["data/posts.json"] = b'{"posts": [1]}'
    relist(members)
    wacz = repacked(members, tmp_path / "a.wacz")
    assert check_package(wacz) == ()
    assert codes(check_package(wacz, read_parts(good))) == {"K004"}


def test_one_changed_byte_anywhere_is_found(good: Path, tmp_path: Path) -> None:
    """Sixty places over the whole file, and every byte that belongs to no part once in a while."""
    data, parts = good.read_bytes(), read_parts(good)
    inside = {at for part in parts for at in range(part.offset, part.offset + part.size)}
    between = sorted(set(range(len(data))) - inside)
    places = [*range(0, len(data), len(data) // 60), *random.Random(7).sample(between, 150)]
    for at in places:
        assert flipped(data, at, 1, tmp_path, parts), at


@settings(
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(where=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_no_single_byte_can_become_another(
    good: Path, tmp_path: Path, where: float, change: int
) -> None:
    data = good.read_bytes()
    assert flipped(data, int(where * len(data)), change, tmp_path, read_parts(good))


def flipped(
    data: bytes, at: int, change: int, folder: Path, parts: tuple[Part, ...]
) -> tuple[Finding, ...]:
    changed = data[:at] + bytes([data[at] ^ change]) + data[at + 1 :]
    (folder / "a.wacz").write_bytes(changed)
    found = check_package(folder / "a.wacz", parts)
    return tuple(finding for finding in found if finding.severity is Severity.FAULT)


def test_every_record_of_a_web_archive_is_read_without_an_error_of_ours(tmp_path: Path) -> None:
    """Whatever one byte of a record's plain text becomes, the answer is a list of findings."""
    seeded = random.Random(9)
    parts = good_parts(tmp_path / "parts")
    good_warc = (parts / WARC).read_bytes()
    write_package(parts, tmp_path / "a.wacz", page=PAGE, software="test")
    members = read(tmp_path / "a.wacz")
    for _ in range(120):
        (parts / WARC).write_bytes(good_warc)
        at, value = seeded.randrange(700), seeded.randrange(256)
        warcs.edit(parts / WARC, lambda r, at=at, v=value: r[:at] + bytes([v]) + r[at + 1 :])
        members[WARC] = (parts / WARC).read_bytes()
        relist(members)
        check_package(repacked(members, tmp_path / "a.wacz"))


def test_a_member_beyond_the_file_is_told(good: Path, tmp_path: Path) -> None:
    wacz = tmp_path / "a.wacz"
    shutil.copy(good, wacz)
    last = read_members(wacz)[-1]
    data = wacz.read_bytes()
    size = struct.pack("<L", last.size)
    wacz.write_bytes(data.replace(size * 2, struct.pack("<L", last.size + 90_000) * 2))
    assert codes(check_package(wacz)) == {"K001"}
