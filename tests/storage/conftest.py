"""Records made by hand, small but whole: a page, its web archive, a picture, a text."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from accounts.model import AccountId
from storage.archive import Archive
from storage.package import Page, write_package
from storage.people import service
from storage.record import (
    PROFILE_CAPTURE,
    AccountRef,
    Description,
    Order,
    OrderId,
    Provenance,
    Reason,
    RecipeUsed,
    Record,
    RecordId,
    Viewport,
)
from storage.settings import Settings

URL = "https://torget.example/@ki"
AT = datetime(2026, 11, 23, 9, 20, 17, tzinfo=UTC)


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """A fresh archive on the real store."""
    with Archive.open(settings) as opened:
        yield opened


@pytest.fixture
def account() -> AccountRef:
    return AccountRef(
        id=AccountId("ki"),
        platform="torget",
        handle="karolinskainstitutet",
        name="Karolinska Institutet",
        unit="Kommunikationsavdelningen",
    )


@pytest.fixture
def order() -> Order:
    return Order(
        order_id=OrderId("half_year/2026-H2/ki"),
        account=AccountId("ki"),
        reason=Reason.HALF_YEAR,
        ordered_by="schedule",
        note="",
        ordered_at=AT,
    )


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """A folder of parts, as a capture leaves it."""
    folder = tmp_path / "parts"
    for name in ("archive", "pictures", "text", "data"):
        (folder / name).mkdir(parents=True)
    with (folder / "archive" / "data.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body in ((URL, b"<h1>Hej</h1>"), (URL + "/style.css", b"h1{}")):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), http_headers=headers
            )
            writer.write_record(record)
            record.raw_stream.close()
    Image.new("RGB", (40, 30), "#4f0433").save(folder / "pictures" / "desktop-0001.png")
    (folder / "text" / "visible.txt").write_text("Satsning på forskningsinfrastruktur", "utf-8")
    (folder / "data" / "posts.json").write_text('{"posts": []}')
    return folder


@pytest.fixture
def package(parts: Path, tmp_path: Path) -> Path:
    target = tmp_path / "capture.wacz"
    write_package(parts, target, page=Page(url=URL, title="KI", at=AT), software="insyn test")
    return target


@pytest.fixture
def describe(account: AccountRef) -> Callable[[RecordId, Order], Description]:
    def made(record_id: RecordId, order: Order) -> Description:
        return Description(
            record_id=record_id,
            record_type=PROFILE_CAPTURE,
            account=replace(account, id=order.account),
            order=order,
            started_at=AT,
            ended_at=AT,
            requested_url=URL,
            final_url=URL,
            title="Karolinska Institutet",
            facts={"name": "KI", "newest_post_at": "2026-11-20T10:00:00Z"},
            changes=(),
            previous=None,
            completeness={"posts_seen": 0},
            provenance=Provenance(
                software={"insyn": "0"},
                browser="Chromium",
                user_agent="test",
                locale="sv-SE",
                timezone="Europe/Stockholm",
                login="public",
                viewports=(Viewport(name="desktop", width=1280, height=900, ratio=1.0),),
                recipe=RecipeUsed(platform="torget", sha256="0" * 64, checked_on=date(2026, 11, 1)),
                consent={},
                settle={},
                server={},
                warc="complete",
                secrets_replaced=(),
            ),
        )

    return made


@pytest.fixture
def deposited(
    archive: Archive,
    account: AccountRef,
    order: Order,
    package: Path,
    describe: Callable[[RecordId, Order], Description],
) -> Callable[..., Record]:
    """Deposits a record of its own order each time it is called."""

    def made(number: int = 1) -> Record:
        mine = replace(order, order_id=OrderId(f"order-{number}"))
        actor = service("test")
        accepted = archive.accept(mine, account, actor)
        return archive.deposit(describe(accepted.record_id, mine), package, actor)

    return made


@pytest.fixture
def showing(
    archive: Archive,
    account: AccountRef,
    order: Order,
    parts: Path,
    describe: Callable[[RecordId, Order], Description],
) -> Callable[..., Record]:
    """Deposits a record that shows these posts."""

    def made(number: int, *posts: str) -> Record:
        actor = service("test")
        said = {"posts": [{"id": post, "link": ""} for post in posts]}
        (parts / "data" / "posts.json").write_text(json.dumps(said))
        target = parts.with_name(f"{number}.wacz")
        write_package(parts, target, page=Page(url=URL, title="KI", at=AT), software="test")
        mine = replace(order, order_id=OrderId(f"o{number}"))
        accepted = archive.accept(mine, account, actor)
        return archive.deposit(describe(accepted.record_id, mine), target, actor)

    return made
