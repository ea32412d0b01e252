"""Time stamps of certificates: real tokens, checked by plain openssl; a queue when none is had."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.errors import Damaged
from storage.journal import Act
from storage.proposals import State
from storage.record import Record, sha256
from storage.settings import Settings
from storage.timestamps import ask
from tests.storage.authority import Authority, authority, verified
from tests.storage.proposed import DISPOSER, approved, carry_out, quick, signed

Deposit = Callable[..., Record]
NOBODY = "http://127.0.0.1:9/"


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive whose time-stamping authority gives no answer."""
    with Archive.open(quick(settings, tsa_url=NOBODY)) as opened:
        yield opened


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[Authority]:
    folder = tmp_path / "tsa"
    folder.mkdir()
    with authority(folder) as made:
        yield made


def certified(archive: Archive, record: Record) -> Record:
    proposal_id = approved(archive, record)
    carry_out(archive, proposal_id)
    archive.disposals.verify(proposal_id, DISPOSER)
    made = archive.disposals.certify(proposal_id, signed(archive), DISPOSER)
    assert archive.disposals.named(proposal_id).stored is State.CERTIFIED
    return made


def test_an_authority_that_is_down_blocks_nothing_and_is_asked_again(
    archive: Archive, settings: Settings, deposited: Deposit, tsa: Authority, tmp_path: Path
) -> None:
    """F30, R63: certified without it; the token comes later, once, and openssl finds it true."""
    deposited(9)
    certificate = certified(archive, deposited(1))
    waits = archive.disposals.stamp(DISPOSER)
    assert (waits.stamped, waits.waiting) == ((), (certificate.record_id,))
    assert NOBODY in waits.why
    assert archive.verify(certificate) == ()

    with Archive.open(quick(settings, tsa_url=tsa.url)) as later:
        assert later.disposals.stamp(DISPOSER).stamped == (certificate.record_id,)
        again = later.disposals.stamp(DISPOSER)
        assert (again.stamped, again.waiting, tsa.asked) == ((), (), 1)
    [entry] = [e for e in archive.journal() if e.act is Act.TIMESTAMPED]
    token = tmp_path / "token.tsr"
    key, version_id = str(entry.detail["key"]), str(entry.detail["version_id"])
    token.write_bytes(archive._vault.reader.get(key, version_id))
    assert verified(token, certificate.manifest_sha256, tsa.certificate)
    assert not verified(token, sha256(b"another"), tsa.certificate)
    assert archive._vault.reader.head(key, version_id).retain_until is not None
    assert [f for _, found in archive.verify_all() for f in found] == []
    before = list(archive.dump())
    archive.rebuild(lambda _: None)
    assert list(archive.dump()) == before
    archive._vault.disposer.delete_version(key, version_id, bypass_governance=True)
    assert [f.code for _, found in archive.verify_all() for f in found] == ["V022"]
    assert [f.code for f in archive.verify(certificate)] == ["V022"]


def test_without_an_authority_nobody_is_asked(settings: Settings, deposited: Deposit) -> None:
    """F30: it waits, and nothing is wrong."""
    deposited(9)
    with Archive.open(quick(settings)) as unset:
        certificate = certified(unset, deposited(1))
        waits = unset.disposals.stamp(DISPOSER)
    assert (waits.waiting, waits.why) == ((certificate.record_id,), "")


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", bytes.fromhex("30053003020102"), b"\x30\x80", b"\x30\x03\x30\x01\x02"],
)
def test_an_answer_that_is_no_token_is_refused(tsa: Authority, answer: bytes) -> None:
    """R63: a rejection, a page, an empty body: none is kept."""
    tsa.instead = answer
    with pytest.raises(Damaged, match="no time stamp"):
        ask(tsa.url, bytes.fromhex(sha256(b"x")))


def test_a_token_for_something_else_is_refused(tsa: Authority) -> None:
    """R63: it must have the digest and the number that were sent."""
    token = ask(tsa.url, bytes.fromhex(sha256(b"x")))
    tsa.instead = token
    with pytest.raises(Damaged, match="no time stamp"):
        ask(tsa.url, bytes.fromhex(sha256(b"x")))
    with pytest.raises(Damaged, match="no time stamp"):
        ask(tsa.url, bytes.fromhex(sha256(b"y")))
