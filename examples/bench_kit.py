"""What the benches share: an archive of their own, a capture, and the memory of programs."""

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from accounts.model import Account
from capture.session import Outcome, capture_profile
from examples.ports import free_ports
from storage.archive import Archive
from storage.package import Page, write_package
from storage.people import service
from storage.record import Order, OrderId, Reason, new_id, utc_now
from storage.settings import Settings

PROJECT = Path(__file__).resolve().parents[1]
WORDS = ("forskningsinfrastruktur", "disputation", "öppettider", "folkhälsa", "antagning", "anslag")


def small_package(folder: Path) -> Path:
    """A package with one page and its text, so that the bench measures us and not the disk."""
    url = "https://torget.example/@ki"
    for name in ("archive", "text"):
        (folder / "parts" / name).mkdir(parents=True)
    (folder / "parts" / "text" / "visible.txt").write_text(" ".join(WORDS * 40), encoding="utf-8")
    with (folder / "parts" / "archive" / "data.warc.gz").open("wb") as file:
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
        writer = WARCWriter(file, gzip=True)
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=io.BytesIO(b"<h1>Hej</h1>"), http_headers=headers
            )
        )
    target = folder / "capture.wacz"
    page = Page(url=url, title="KI", at=utc_now())
    write_package(folder / "parts", target, page=page, software="bench")
    return target


@contextmanager
def own_environment() -> Iterator[dict[str, str]]:
    """Settings of an installation with a home and ports of its own, gone when the block ends."""
    home = tempfile.mkdtemp(prefix="insyn-bench-")
    try:
        yield {
            "INSYN_HOME": home,
            "INSYN_STORE_PORT": str(free_ports()),
            "INSYN_ALLOW_PRIVATE": "yes",
            "INSYN_COMPACT": "no",  # else each disposal ends with some seconds of rest
            "INSYN_REGISTER": str(PROJECT / "examples" / "karolinska" / "accounts.toml"),
        }
    finally:
        shutil.rmtree(home, ignore_errors=True)


def capture_once(archive: Archive, account: Account, settings: Settings) -> Outcome:
    """Carry out an order that nobody gave before: to a record, or to a gap."""
    order = Order(
        order_id=OrderId(new_id()),
        account=account.id,
        reason=Reason.ON_REQUEST,
        ordered_by="bench",
        note="",
        ordered_at=utc_now(),
    )
    return capture_profile(
        order, account, settings=settings, archive=archive, actor=service("bench")
    )


def family(program: psutil.Process) -> list[psutil.Process]:
    """A program and all that it started; nothing once it has ended."""
    try:
        return [program, *program.children(recursive=True)]
    except psutil.Error:
        return []


def pss(process: psutil.Process) -> int:
    """Proportional set size in bytes: memory that several share is counted once among them."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0  # it ended while it was looked at
