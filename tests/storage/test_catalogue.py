"""The catalogue: find, full text, transactions."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue

from accounts.model import AccountId
from storage.catalogue import Catalogue, Contents, Transaction, find, stamp
from storage.journal import Act
from storage.people import person, service
from storage.query import Query
from storage.record import PROFILE_CAPTURE, Reason, RecordId, RecordType
from tests.catalogues import fresh_catalogue

_START = datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(fresh_catalogue(tmp_path))
    made.create()
    yield made
    made.close()


def _detail(number: int, account: str = "ki") -> dict[str, JsonValue]:
    return {
        "order_id": f"order-{number}",
        "record_type": PROFILE_CAPTURE,
        "account": account,
        "platform": "torget",
        "handle": account,
        "unit": "Kommunikationsavdelningen",
        "reason": "half_year",
        "captured_at": stamp(_START + timedelta(days=number)),
        "size": 1000 + number,
        "manifest_key": f"records/2026/torget/{account}/R{number}/manifest.json",
        "manifest_version": f"v{number}",
        "manifest_sha256": "0" * 64,
        "changed": [],
        "holds": [],
    }


def _add(catalogue: Catalogue, number: int, text: str, account: str = "ki") -> None:
    with catalogue.write() as tx:
        tx.append(
            service("test"),
            Act.DEPOSITED,
            f"R{number}",
            _detail(number, account),
            Contents(
                title=f"Sida {number}",
                url="https://x.example",
                text=text,
                newest_post_at="",
                posts=(),
            ),
        )


def _append_then_fail(tx: Transaction) -> None:
    tx.append(person("Eva Ek"), Act.DEPOSITED, "R1", _detail(1))
    raise KeyError


def _found(catalogue: Catalogue, query: Query) -> list[str]:
    with catalogue.read() as connection:
        return [hit.record.record_id for hit in find.find(connection, query)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("infrastruktur", ["R2"]),
        ("INFRASTRUKTUR", ["R2"]),
        ("forskningsinfrastruktur", ["R2"]),
        ("har", ["R3"]),
        ("här", ["R4"]),
        ("HÄR", ["R4"]),
        ("å", ["R2", "R1"]),
        ("öppet hela", ["R1"]),
        ("hela öppet", ["R1"]),
        ("öppet forskning", []),
        ('"', []),
        ("NEAR(", []),
        ("50%", ["R5"]),
        ("5_%", []),
    ],
)
def test_full_text_knows_swedish(catalogue: Catalogue, words: str, found: list[str]) -> None:
    """R53: å, ä and ö are letters of their own; words are found inside compounds."""
    _add(catalogue, 1, "Biblioteket håller öppet hela helgen.")
    _add(catalogue, 2, "Ny satsning på forskningsinfrastruktur!")
    _add(catalogue, 3, "Vi har disputation.")
    _add(catalogue, 4, "Läs mer precis här.")
    _add(catalogue, 5, "Rabatt 50% i butiken")
    assert _found(catalogue, Query(text=words)) == found


def test_an_excerpt_shows_the_words_around(catalogue: Catalogue) -> None:
    """An officer sees why a record was found."""
    _add(catalogue, 1, "a " * 100 + "forskningsinfrastruktur" + " b" * 100)
    with catalogue.read() as connection:
        [hit] = find.find(connection, Query(text="infrastruktur"))
    assert "forskningsinfrastruktur" in hit.excerpt
    assert hit.excerpt.startswith("…")
    assert hit.excerpt.endswith("…")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(), ["R3", "R2", "R1"]),
        (Query(account=AccountId("kib")), ["R2"]),
        (Query(since=_START + timedelta(days=2)), ["R3", "R2"]),
        (Query(until=_START + timedelta(days=2)), ["R1"]),
        (Query(record_type=RecordType("other")), []),
        (Query(reason=Reason.WIND_UP), []),
        (Query(held=True), []),
        (Query(text="text", account=AccountId("ki")), ["R3", "R1"]),
    ],
)
def test_records_are_found_by_what_is_known_of_them(
    catalogue: Catalogue, query: Query, found: list[str]
) -> None:
    """R53: by account, period, type and text; newest first."""
    _add(catalogue, 1, "en text")
    _add(catalogue, 2, "en annan text", "kib")
    _add(catalogue, 3, "en tredje text")
    assert _found(catalogue, query) == found
    with catalogue.read() as connection:
        assert find.count(connection, query) == len(found)


def test_a_transaction_that_fails_leaves_no_entry(catalogue: Catalogue) -> None:
    """Entries and tables are kept or lost together."""
    with pytest.raises(KeyError), catalogue.write() as tx:
        _append_then_fail(tx)
    with catalogue.read() as connection:
        assert list(find.entries(connection)) == []
        assert find.record(connection, RecordId("R1")) is None


def test_an_order_names_one_record(catalogue: Catalogue) -> None:
    """R12: the same order cannot be entered twice."""
    from sqlalchemy.exc import IntegrityError

    detail: dict[str, JsonValue] = {
        "record_id": "R1",
        "account": "ki",
        "reason": "half_year",
        "ordered_by": "schedule",
        "note": "",
        "ordered_at": stamp(_START),
    }
    with catalogue.write() as tx:
        tx.append(service("test"), Act.ORDERED, "order-1", detail)
    with pytest.raises(IntegrityError), catalogue.write() as tx:
        tx.append(service("test"), Act.ORDERED, "order-1", {**detail, "record_id": "R2"})
    with catalogue.read() as connection:
        assert len(list(find.entries(connection))) == 1


def test_equal_histories_have_equal_dumps(catalogue: Catalogue, tmp_path: Path) -> None:
    """The catalogue is a fold: replaying the entries makes the same bytes."""
    _add(catalogue, 1, "å ä ö")
    _add(catalogue, 2, "mer")
    with catalogue.read() as connection:
        entries = list(find.entries(connection))
    other = Catalogue(fresh_catalogue(tmp_path, "other"))
    other.create()
    texts = {"R1": "å ä ö", "R2": "mer"}
    with other.write() as tx:
        for entry in entries:
            tx.replay(
                entry,
                lambda e: Contents(
                    title=f"Sida {e.subject[1:]}",
                    url="https://x.example",
                    text=texts[e.subject],
                    newest_post_at="",
                    posts=(),
                ),
            )
    assert list(catalogue.dump()) == list(other.dump())
    other.close()


def test_what_was_removed_is_scrubbed_from_the_files(tmp_path: Path) -> None:
    """R49: a deleted row's text stays readable in the file until the catalogue is written anew."""
    word = "hemligtord"
    made = Catalogue(fresh_catalogue(tmp_path))
    made.create()
    _add(made, 1, f"{word} " * 50)
    with made.write() as tx:
        detail: dict[str, JsonValue] = {"record": True, "also_in": [], "reason": "x", "second": "y"}
        tx.append(person("Eva Ek"), Act.PURGE_BEGUN, "R1", detail)
    lying = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert not lying or word.encode() in lying  # PostgreSQL's files lie elsewhere
    made.scrub()
    assert word.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    with made.read() as connection:
        assert find.count(connection, Query(text=word)) == 0
    _add(made, 2, "mer")
    made.close()


def test_the_index_of_texts_keeps_nothing_of_what_was_removed(tmp_path: Path) -> None:
    """R38: the trigrams of a removed text stay in its segments until they are merged."""
    made = Catalogue(fresh_catalogue(tmp_path))
    made.create()
    _add(made, 1, "ordinärt ʘ҂⁂ ord")
    for number in range(2, 60):
        _add(made, number, f"annat {number}")
    with made.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM texts WHERE substr(body, 1, 8) = 'ordinärt'")
    trigram = "ʘ҂⁂".encode()
    lying = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert not lying or trigram in lying  # PostgreSQL's files lie elsewhere
    made.settle_texts()
    assert trigram not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    with made.read() as connection:
        assert find.count(connection, Query(text="annat")) == 58
    _add(made, 99, "mer")
    made.close()
