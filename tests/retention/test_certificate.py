"""The certificate: what it states, the same bytes each time, and a script that trusts nothing."""

import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import rfc8785
import typst
from pypdf import PdfReader

from retention.certificate import certificate_files, certificate_pdf
from retention.signed import signed_files
from storage.archive import Archive
from storage.disposing import Run
from storage.errors import Damaged, NotAllowed
from storage.objects import Store
from storage.people import person
from storage.plans import AdoptedPlan
from storage.record import Record, sha256
from storage.settings import Settings
from storage.signing import Signer
from tests.retention.conftest import Adopt
from tests.retention.disposing import PLAN, decide, dispose, make_due, proposed
from tests.retention.pdfa import pdfa_faults
from tests.storage.authority import authority
from tests.storage.proposed import DISPOSER, carry_out, quick, run

SCRIPT = Path("docs/verify-certificate").absolute()
ARVID = person("Arvid Arkivarie")
NAMES = (
    "certificate.json",
    "certificate.json.sig",
    "certificate.pdf",
    "certificate.pdf.sig",
    "certificate.pem",
    "certificate.sha256",
)

Deposit = Callable[..., Record]
Files = dict[str, bytes]


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive with backups that are kept for sixty days."""
    with Archive.open(quick(settings, backup_days=60)) as opened:
        yield opened


@pytest.fixture
def certificate(archive: Archive, adopt: Adopt, deposited: Deposit) -> Record:
    """Of a disposal of two records, from whose list a third was struck."""
    adopted = adopt(PLAN)
    _, _, three = make_due(archive, deposited(1), deposited(2), deposited(3))
    [proposal_id] = proposed(archive, adopted)
    archive.disposals.strike(proposal_id, [three.record_id], "Originalet saknas", ARVID)
    decide(archive, proposal_id)
    [outcome] = dispose(archive)
    return archive.record(str(outcome.certificate))


@pytest.fixture
def files(archive: Archive, certificate: Record) -> Files:
    """The certificate as it lies in the archive."""
    return {name: archive.read_part(certificate, name) for name in NAMES}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script, as a module: its checks without starting a Python for each."""
    loader = SourceFileLoader("verify_certificate", str(SCRIPT))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def laid(tmp_path: Path) -> Path:
    """A folder for files that were copied out of the archive."""
    folder = tmp_path / "laid"
    folder.mkdir()
    return folder


def faults(script: ModuleType, folder: Path, files: Files, stem: str = "certificate") -> list[str]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    try:
        return list(script.faults(folder, stem))
    except (ValueError, KeyError, TypeError) as error:
        return [f"a file cannot be read: {error!r}"]


def test_a_certificate_names_all_that_the_law_asks(archive: Archive, files: Files) -> None:
    """R40: authority, plan, rule, basis, records with dates and digests, persons, exceptions."""
    said = json.loads(files["certificate.json"])
    assert (said["authority"], said["unit"]) == ("Exempelmyndigheten", "Kommunikationsavdelningen")
    assert said["plan"]["registration_number"] == "1-900/2026"
    assert said["rule"]["disposalMandate"] == (
        "RA-FS 2021:6; tillämpningsbeslut 1-1/2026, 2024-02-02"
    )
    seats = {one["seat"]: one["supervisingPerson"] for one in said["approvals"]}
    assert seats == {"owner": "person:Olga Owner", "archivist": "person:Arvid Arkivarie"}
    assert said["execution"]["disposingPerson"] == "service:disposal"
    assert [one["retention_period_end"] for one in said["records"]] == ["2025-01-01"] * 2
    [struck] = said["exceptions"]
    assert (struck["outcome"], struck["why"]) == ("struck", "Originalet saknas")
    assert (said["complete"], said["copies"]["backups_until"] > "2026") == (False, True)
    assert said["copies"]["left"] == ["backups", "volumes"]
    assert set(said["method"]) == {"removal", "verification", "search", "volumes"}
    assert said["signature"]["public_key_sha256"] == sha256(files["certificate.pem"])
    assert {one["record_type"] for one in said["records"]} == {"profile_capture"}


def test_the_page_shows_what_the_data_says(files: Files, tmp_path: Path) -> None:
    """R40: PDF/A-3, tagged, in Swedish; each record, person, digest and date is on a page."""
    said = json.loads(files["certificate.json"])
    (tmp_path / "c.pdf").write_bytes(files["certificate.pdf"])
    reader = PdfReader(tmp_path / "c.pdf")
    shown = "".join(page.extract_text() for page in reader.pages)
    shown = "".join(shown.split()).replace("\u200b", "")
    for one in said["records"]:
        for value in (one["record_id"], one["manifest_sha256"], one["retention_period_end"]):
            assert value in shown
    wanted = (
        "Olga Owner", "Arvid Arkivarie", "RA-FS 2021:6", "1-900/2026", "Originalet saknas",
        said["proposal"]["digest"], said["execution"]["journal"]["digest"], said["certificate"],
        said["copies"]["backups_until"], "tjänsten disposal", "Forskningens behov",
        *said["method"].values(), said["signature"]["public_key_sha256"],
    )  # fmt: skip
    plain = shown.replace("-", "")  # words are broken at the ends of lines
    assert [one for one in wanted if "".join(one.split()).replace("-", "") not in plain] == []
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("sv-SE", True)
    assert reader.attachments["certificate.json"] == [files["certificate.json"]]


def test_the_page_meets_what_can_be_asked_of_pdf_a(files: Files) -> None:
    """R40: ISO 19005-3 level A, as far as it shows in the file: no validator could be had here.

    Whatever breaks one of the demands is told; see `pdfa_faults`.
    """
    assert pdfa_faults(files["certificate.pdf"]) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"pdf_standards": []}, "pdfaid"),
        ({"pdf_standards": ["a-3b"]}, "conformance"),
        ({"pdf_standards": ["a-3b"], "source": b'#set text(lang: "sv")\nHej'}, "conformance"),
        ({"pdf_standards": [], "source": b'#rect(fill: rgb("#ff000080"))'}, "pdfaid"),
    ],
)
def test_a_page_that_is_no_pdf_a_is_told(other: dict[str, Any], told: str) -> None:
    """The demands are seen to fail on pages that were not set as PDF/A-3a."""
    source = other.pop("source", b"Hej")
    page = typst.Compiler(source, ignore_system_fonts=True).compile(format="pdf", **other)
    assert isinstance(page, bytes)
    found = pdfa_faults(page)
    assert [one for one in found if told in one], found


def test_the_same_disposal_gives_the_same_bytes(
    archive: Archive, certificate: Record, files: Files
) -> None:
    """F05, F27: a second certificate is the first; another one in its place is refused."""
    proposal_id = archive.disposals.all()[0].proposal_id
    again = certificate_files(archive, proposal_id)
    assert again == files
    assert archive.disposals.certify(proposal_id, again, DISPOSER) == certificate
    other = {**again, "certificate.json": again["certificate.json"] + b" "}
    with pytest.raises(Damaged, match="Another object"):
        archive.disposals.certify(proposal_id, other, DISPOSER)
    assert archive.verify(certificate) == ()


def test_nothing_is_certified_before_it_is_verified(
    archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R38."""
    adopted = adopt(PLAN)
    make_due(archive, deposited(1))
    [proposal_id] = proposed(archive, adopted)
    with pytest.raises(NotAllowed, match="nothing to certify"):
        certificate_files(archive, proposal_id)
    with pytest.raises(NotAllowed, match="nothing to certify"):
        archive.disposals.certify(proposal_id, {}, DISPOSER)


def test_the_script_sees_every_changed_byte(script: ModuleType, files: Files, laid: Path) -> None:
    """R42: in data, page, signatures, key and sums: wherever one byte is another.

    Also where the sums were made anew to fit: then the signatures do not.
    """
    assert faults(script, laid, files) == []
    for name, data in files.items():
        places = range(0, len(data), max(1, len(data) // 25))
        wrong = [bytes([*data[:n], data[n] ^ 1, *data[n + 1 :]]) for n in places]
        for other in (*wrong, data[:-1], data + b"\n"):
            changed = {**files, name: other}
            assert faults(script, laid, changed), name
            if name != "certificate.sha256":
                assert faults(script, laid, {**changed, "certificate.sha256": sums(changed)}), name


def sums(files: Files) -> bytes:
    """As whoever changed a file would write them."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in NAMES[:-1]).encode()


def test_the_script_sees_a_forger_who_signs_anew(
    script: ModuleType, files: Files, laid: Path, tmp_path: Path, settings: Settings
) -> None:
    """R42: another key is not the one that is named; signed or not, data contradict themselves."""
    said = json.loads(files["certificate.json"])
    other = Signer.of(replace(settings, home=tmp_path / "other"))
    mine = Signer.of(settings)
    forged = [
        (mine, {"unit": "En annan enhet"}, "does not carry"),
        (other, {}, "names another key"),
        (mine, {"records": said["records"][1:]}, "numbers are not those"),
        (mine, {"exceptions": []}, "numbers are not those"),
        (mine, {"approvals": [said["approvals"][0]] * 2}, "one person has two parts"),
    ]
    for signer, changed, told in forged:
        data = rfc8785.dumps({**said, **changed})
        page = files["certificate.pdf"] if "unit" in changed else certificate_pdf(data)
        found = faults(script, laid, signed_files("certificate", data, page, signer))
        assert [told in fault for fault in found] == [True], (told, found)


def test_the_script_runs_by_itself(
    archive: Archive, certificate: Record, files: Files, laid: Path
) -> None:
    """With Python's standard library and openssl alone, in fewer than a hundred lines."""
    for name, data in files.items():
        (laid / name).write_bytes(data)
    digest = sha256(files["certificate.sha256"])
    assert digest in [one.sha256 for one in archive.manifest(certificate).objects]
    assert ran(laid) == (0, "Verified certificate. no timestamp.tsr to check\n")
    assert ran(laid, digest)[0] == 0
    assert ran(laid, "0" * 64)[0] == 1
    (laid / "certificate.pdf.sig").unlink()
    code, told = ran(laid)
    assert (code, told.startswith("NOT VERIFIED: a file is missing")) == (1, True)
    assert len(SCRIPT.read_text().splitlines()) < 100


def ran(folder: Path, *words: str | Path) -> tuple[int, str]:
    """The script as a program, with nothing but the standard library."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(folder), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_script_names_the_time_stamp_and_sees_a_changed_one(
    archive: Archive, certificate: Record, files: Files, laid: Path, tmp_path: Path
) -> None:
    """R40, R63: of this certificate, by this authority; a changed byte is told."""
    folder = tmp_path / "tsa"
    folder.mkdir()
    with authority(folder) as tsa:
        with Archive.open(replace(archive._vault.settings, tsa_url=tsa.url)) as asking:
            asking.disposals.stamp(DISPOSER)
        parts = ("manifest.json", "timestamp.tsr")
        copied = {**files, **{name: archive.read_part(certificate, name) for name in parts}}
        for name, data in copied.items():
            (laid / name).write_bytes(data)
        code, told = ran(laid, "", tsa.certificate)
        assert (code, told.startswith("Verified certificate. Time stamp: ")) == (0, True)
        assert ran(laid, "", "/dev/null")[0] == 1
        stamp = copied["timestamp.tsr"]
        copy = ssl.PEM_cert_to_DER_cert(tsa.certificate.read_text())
        first = stamp.index(copy)  # the authority's certificate lies in it too: that is CA's
        for place in (40, 60, first - 60, first - 20, len(stamp) - 100, len(stamp) - 9):
            (laid / "timestamp.tsr").write_bytes(
                bytes([*stamp[:place], stamp[place] ^ 1, *stamp[place + 1 :]])
            )
            assert "no time stamp of manifest.json" in ran(laid, "", tsa.certificate)[1], place
        (laid / "timestamp.tsr").write_bytes(stamp)
        (laid / "manifest.json").write_bytes(copied["manifest.json"].replace(b"pdf", b"pdg"))
        assert "no time stamp of manifest.json" in ran(laid, "", tsa.certificate)[1]


def test_every_changed_file_has_a_finding(
    archive: Archive, certificate: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R42: data, page, each signature, key, sums, tombstone: told where it is, and as what."""
    assert {f.code for _, found in archive.verify_all() for f in found} == set()
    stored = archive.manifest(certificate).objects
    assert {one.key.rpartition("/")[2] for one in stored} == set(NAMES)
    for one in stored:
        with monkeypatch.context() as below:
            lie(below, one.key)
            told = {(f.code, f.place) for _, found in archive.verify_all() for f in found}
        assert told == {("V007", one.key)}
    for key in archive._vault.reader.keys("tombstones/"):
        with monkeypatch.context() as below:
            lie(below, key)
            told = {(f.code, f.place) for _, found in archive.verify_all() for f in found}
        assert told == {("V025", key)}


def lie(patch: pytest.MonkeyPatch, wrong: str) -> None:
    """As if a file of the store had been changed below S3: one byte of one object is another."""
    get, download = Store.get, Store.download

    def changed(store: Store, key: str, *words: Any, **more: Any) -> bytes:
        data = get(store, key, *words, **more)
        return data[:-1] + bytes([data[-1] ^ 1]) if key == wrong else data

    def copied(store: Store, key: str, version_id: str | None, path: Path) -> None:
        download(store, key, version_id, path)
        if key == wrong:
            path.write_bytes(changed(store, key, version_id))

    patch.setattr(Store, "get", changed)
    patch.setattr(Store, "download", copied)


def test_a_certificate_that_is_not_signed_by_its_key_is_a_fault(
    archive: Archive, adopt: Adopt, deposited: Deposit
) -> None:
    """R42: deposited whole, its digests all right: the signature alone tells."""
    adopted = adopt(PLAN)
    make_due(archive, deposited(1))
    [proposal_id] = proposed(archive, adopted)
    decide(archive, proposal_id)
    carry_out(archive, proposal_id, judged(archive, adopted))
    archive.disposals.verify(proposal_id, DISPOSER)
    files = certificate_files(archive, proposal_id)
    files["certificate.json.sig"] = files["certificate.pdf.sig"]
    files["certificate.sha256"] = sums(files)
    certificate = archive.disposals.certify(proposal_id, files, DISPOSER)
    [finding] = archive.verify(certificate)
    assert (finding.code, finding.place.endswith("certificate.json")) == ("V024", True)


def judged(archive: Archive, adopted: AdoptedPlan) -> Run:
    """A run by the plan that was adopted."""
    return run(plan=adopted.number)
