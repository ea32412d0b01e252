"""Exports that are broken, each in one way, of every platform; with the code that must tell it."""

import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.capture.imports import samples
from tests.capture.imports.samples import Files, tarred, zipped

_X = b"window.YTD.tweets.part0 = "
_PLACE = {
    "mastodon": "outbox.json",
    "facebook": "facebook-ki/your_facebook_activity/posts/your_posts_1.json",
    "instagram": "your_instagram_activity/media/posts_1.json",
    "x": "data/tweets.js",
    "linkedin": "Shares.csv",
    "youtube": "Takeout/YouTube och YouTube Music/video metadata/videos.csv",
}
"""The file that each platform's posts stand in."""

Make = Callable[[Path, Files], Path]
Broken = tuple[Callable[[Path], Path], str]


def _raw(path: Path, *members: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def _more(name: str, data: bytes = b"x") -> Make:
    return lambda path, files: zipped(path, {**files, name: data})


def _other_case(path: Path, files: Files) -> Path:
    name = next(iter(files))
    return zipped(path, {**files, name.swapcase(): b"x"})


def _link(path: Path, files: Files) -> Path:
    info = zipfile.ZipInfo("link.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return _raw(path, *files.items(), (info, b"/etc/passwd"))


def _tar_link(path: Path, files: Files) -> Path:
    with tarfile.open(tarred(path, files)) as archive:
        members = [(one, archive.extractfile(one)) for one in archive]
        with tarfile.open(path.with_suffix(".new"), "w:gz") as made:
            for info, data in members:
                made.addfile(info, data)
            link = tarfile.TarInfo("link.json")
            link.type, link.linkname = tarfile.SYMTYPE, "../../etc/passwd"
            made.addfile(link)
    return path.with_suffix(".new").replace(path)


def _cut(path: Path, files: Files) -> Path:
    path.write_bytes(zipped(path, files).read_bytes()[:-40])
    return path


def _cut_tar(path: Path, files: Files) -> Path:
    path.write_bytes(tarred(path, files).read_bytes()[:-6])
    return path


def _flipped(path: Path, files: Files) -> Path:
    """A byte of a member's content changed: its checksum tells."""
    name = max(files, key=lambda one: len(files[one]))
    data = bytearray(zipped(path, files).read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(name)
    data[info.header_offset + 30 + len(name.encode()) + info.compress_size // 2] ^= 0xFF
    path.write_bytes(data)
    return path


def _locked(path: Path, files: Files) -> Path:
    data = zipped(path, files).read_bytes()
    at = data.index(b"PK\1\2") + 8
    path.write_bytes(data[:at] + bytes((data[at] | 1,)) + data[at + 1 :])
    return path


def _tar_bomb(path: Path, files: Files) -> Path:
    return tarred(path, {**files, "bomb.json": bytes(40_000_000)})


def _many_bombs(path: Path, files: Files) -> Path:
    """Each member is small enough not to be one by itself."""
    return zipped(path, {**files, **{f"part-{n}.json": bytes(15_000_000) for n in range(6)}})


def _plain(path: Path, _: Files) -> Path:
    path.write_bytes(b"%PDF-1.7 this is no export")
    return path


_ANY: Mapping[str, tuple[Make, str]] = {
    "bomb": (_more("bomb.json", bytes(40_000_000)), "I004"),
    "tar bomb": (_tar_bomb, "I004"),
    "bomb of many": (_many_bombs, "I004"),
    "absolute": (_more("/etc/passwd"), "I006"),
    "up": (_more("media/../../x.json"), "I006"),
    "backslash": (_more("media\\..\\x.json"), "I006"),
    "drive": (_more("C:x.json"), "I006"),
    "link": (_link, "I007"),
    "tar link": (_tar_link, "I007"),
    "case": (_other_case, "I008"),
    "locked": (_locked, "I009"),
    "flipped": (_flipped, "I010"),
    "cut": (_cut, "I002"),
    "cut tar": (_cut_tar, "I002"),
    "no archive": (_plain, "I002"),
    "missing": (lambda path, _: path, "I001"),
    "wrong kind": (lambda path, _: zipped(path, {"holiday.txt": b"sun"}), "I011"),
}
"""What can be wrong with the file, whatever is in it."""


def _data(kind: str) -> Mapping[str, tuple[bytes, str]]:
    """What can be wrong with the file of posts: its bytes, and the code that tells it."""
    whole = samples.ALL[kind]()[_PLACE[kind]]
    if kind in {"linkedin", "youtube"}:
        lines = whole.splitlines(keepends=True)
        return {
            "cut inside a quotation": (b"".join(lines[:2]) + b'"half', "I012"),
            "encoding": (lines[0] + "\u00e5,".encode("latin-1") + lines[1], "I013"),
            "other headings": (b"a,b,c\r\n1,2,3\r\n", "I020"),
            "no rows": (lines[0], "I017"),
            "empty": (b"", "I020"),
        }
    head = _X if kind == "x" else b""
    odd = {
        "cut JSON": (whole[:-9], "I012"),
        "deep JSON": (head + b"[" * 200_000, "I012"),
        "encoding": (head + '["\u00e4"]'.encode("latin-1"), "I013"),
        "empty": (b"", "I012"),
        "a text": (head + b'"hej"', "I020"),
        "no posts": (head + (b'{"orderedItems": []}' if kind == "mastodon" else b"[]"), "I017"),
        "nothing understood": (
            head + (b'{"orderedItems": [1, 2]}' if kind == "mastodon" else b"[1, 2]"),
            "I017",
        ),
    }
    return odd | ({"no assignment": (b"[]", "I012")} if kind == "x" else {})


def _alone(kind: str, data: bytes) -> Files:
    """The sample with these bytes as its only file of posts."""
    files = samples.ALL[kind]()
    others = ("data/tweets-part1.js", "ki_content.csv")
    return {name: one for name, one in files.items() if name not in others} | {_PLACE[kind]: data}


def broken(kind: str) -> Iterator[tuple[str, Broken]]:
    """Every broken export of a platform: its name, what makes it at a path, and its code."""
    for name, (make, code) in _ANY.items():
        yield name, (lambda path, make=make: make(path, samples.with_private(kind)), code)  # type: ignore[misc]
    for name, (data, code) in _data(kind).items():
        yield name, (lambda path, data=data: zipped(path, _alone(kind, data)), code)  # type: ignore[misc]


BROKEN = {f"{kind}: {name}": made for kind in samples.ALL for name, made in broken(kind)}
