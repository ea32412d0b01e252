"""The certificate: what it states, the same bytes each time, and a script that trusts nothing."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import rfc8785
from pypdf import PdfReader

from retention.certificate import certificate_files, certificate_pdf
from storage.archive import Archive
from storage.errors import Damaged, NotAllowed
from storage.people import person
from storage.record import Record
from storage.settings import Settings
from tests.retention.conftest import Adopt
from tests.retention.disposing import PLAN, decide, dispose, make_due, proposed
from tests.storage.proposed import DISPOSER, quick

SCRIPT = Path("docs/verify-certificate").absolute()
ARVID = person("Arvid Arkivarie")
NAMES = ("certificate.json", "certificate.pdf", "certificate.sha256")

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


def faults(script: ModuleType, files: Files) -> list[str]:
    return list(script.faults(*(files[name] for name in NAMES)))


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
    )  # fmt: skip
    assert [one for one in wanted if "".join(one.split()) not in shown] == []
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("sv-SE", True)
    assert reader.attachments["certificate.json"] == [files["certificate.json"]]


def test_the_page_meets_what_can_be_asked_of_pdf_a(files: Files) -> None:
    """R40: ISO 19005-3, as far as it shows in the file: no validator is at hand.

    It names its part and level, carries its colours and every font, and holds nothing that runs,
    is locked, or lies elsewhere.
    """
    data = files["certificate.pdf"]
    reader = PdfReader(BytesIO(data))
    root: Any = reader.trailer["/Root"]
    metadata: Any = root["/Metadata"].get_object()
    said = metadata.get_data().decode()
    assert re.findall(r"<pdfaid:(part|conformance)>(\w+)<", said) == [
        ("part", "3"), ("conformance", "A"),
    ]  # fmt: skip
    assert not reader.is_encrypted
    assert "/ID" in reader.trailer
    [intent] = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"  # an ICC profile
    assert {"/StructTreeRoot", "/Lang", "/AF"} <= set(root)
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert not {"/JavaScript"} & set(root["/Names"])
    [attached] = root["/AF"]
    assert attached["/AFRelationship"] in ("/Data", "/Source", "/Supplement")
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    fonts = [one.get_object() for held in resources for one in held["/Font"].get_object().values()]
    assert fonts
    assert [font["/BaseFont"] for font in fonts if not _is_embedded(font)] == []
    assert not any("/AA" in page for page in reader.pages)
    assert not re.search(rb"/(JavaScript|Launch|RichMedia|Movie|Sound)\b", data)


def _is_embedded(font: Any) -> bool:
    described = [one.get_object() for one in font.get("/DescendantFonts", [font])]
    return "/ToUnicode" in font and all(
        {"/FontFile", "/FontFile2", "/FontFile3"} & set(one["/FontDescriptor"].get_object())
        for one in described
    )


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


def test_the_script_sees_every_changed_byte(script: ModuleType, files: Files) -> None:
    """R42: in the data, on the page, in the sums: wherever one byte is another."""
    assert faults(script, files) == []
    for name, data in files.items():
        for place in range(0, len(data), max(1, len(data) // 25)):
            changed = bytearray(data)
            changed[place] ^= 1
            assert faults(script, {**files, name: bytes(changed)}), (name, place)
        assert faults(script, {**files, name: data[:-1]})
        assert faults(script, {**files, name: data + b"\n"})


def test_the_script_sees_a_forger_who_mends_the_sums(script: ModuleType, files: Files) -> None:
    """R42: data and page that do not belong together, and data that contradict themselves."""
    said = json.loads(files["certificate.json"])
    forged = [
        ({"unit": "En annan enhet"}, "does not carry"),
        ({"records": said["records"][1:]}, "number of records"),
        ({"approvals": [said["approvals"][0]] * 2}, "one person has two parts"),
        ({"exceptions": []}, "neither listed nor excepted"),
    ]
    for other, told in forged:
        data = rfc8785.dumps({**said, **other})
        page = files["certificate.pdf"] if "unit" in other else certificate_pdf(data)
        sums = f"{script.sha256(data)}  certificate.json\n{script.sha256(page)}  certificate.pdf\n"
        found = list(script.faults(data, page, sums.encode()))
        assert [fault for fault in found if told in fault], (told, found)


def test_the_script_runs_by_itself(files: Files, tmp_path: Path) -> None:
    """With Python's standard library alone, in fewer than a hundred lines."""
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)

    def ran(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(SCRIPT), str(tmp_path), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = ran()
    assert (done.returncode, done.stdout.startswith("Verified")) == (0, True)
    digest = done.stdout.split()[-1]
    assert ran(digest).returncode == 0
    assert ran("0" * 64).returncode == 1
    (tmp_path / "certificate.pdf").unlink()
    assert "NOT VERIFIED" in ran().stdout
    assert len(SCRIPT.read_text().splitlines()) < 100
