"""insyn doctor: what it sees when all is well, and each fault that it must see."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.findings import Finding, Severity
from desk import doctor
from storage.credentials import purger_file
from storage.embedded_keys import make_keys
from storage.errors import SettingsError
from storage.settings import Settings
from tests.chromiums import BY_GRAPHICS_CARD, an_old_chromium
from tests.desk.conftest import Insyn

NOW = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)


def codes(findings: list[Finding]) -> list[str]:
    return [one.code for one in findings]


def test_a_machine_with_all_that_is_needed_is_well(insyn: Insyn) -> None:
    ran = insyn("doctor")
    assert ran.code == 0, ran.out
    machine = ("D001", "D003", "D004", "D011", "D017", "D031", "D033", "D041")
    for code in (*machine, "D024", "S110", "S120"):
        assert code in ran.out
    assert "Chromium" in ran.out


def test_a_machine_without_a_store_is_told_to_start_one(no_store: Insyn) -> None:
    ran = no_store("doctor")
    assert ran.code == 1
    assert "D022" in ran.out
    assert "insyn store start" in ran.out


def test_settings_that_cannot_be_read_are_a_finding_each(
    no_store: Insyn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSYN_STORE_PORT", "x")
    monkeypatch.setenv("INSYN_NONE", "x")
    ran = no_store("doctor")
    assert ran.code == 1
    assert ran.out.count("D002") == 2


def test_a_browser_that_is_not_there_is_a_fault(
    no_store: Insyn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSYN_CHROMIUM", "/nowhere/chromium")
    monkeypatch.setenv("INSYN_LANGUAGE", "sv")
    ran = no_store("doctor")
    assert ran.code == 1
    assert "D012" in ran.out
    assert "/nowhere/chromium" in ran.out
    assert "Webbläsaren kan inte användas" in ran.out


def test_a_browser_that_paints_with_a_graphics_card_is_a_fault(
    no_store: Insyn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C33: told before any capture is made with it."""
    monkeypatch.setattr("capture.browser.FLAGS", BY_GRAPHICS_CARD)
    ran = no_store("doctor")
    assert ran.code == 1
    assert "D016" in ran.out
    assert "gpu_compositing: enabled" in " ".join(ran.out.split())
    assert "D017" not in ran.out


def test_a_browser_that_cannot_record_is_told_before_a_capture_lacks_its_traffic(
    no_store: Insyn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C01"""
    an_old_chromium(monkeypatch)
    ran = no_store("doctor")
    assert "D018" in ran.out
    assert "Install Chromium 156 or later" in " ".join(ran.out.split())
    assert "D017" not in ran.out


def test_a_bucket_that_expires_records_is_a_fault(insyn: Insyn, settings: Settings) -> None:
    """R31."""
    from storage.objects import Bucket
    from storage.settings import Identity

    Bucket.from_settings(settings, Identity.SETUP).set_lifecycle(
        [{"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}]
    )
    ran = insyn("doctor")
    assert ran.code == 1
    assert "S103" in ran.out


def test_a_distribution_that_shadows_ours_is_named() -> None:
    provided = {"accounts": ["insyn", "accounts"], "storage": ["insyn"], "rich": ["rich"]}
    (found,) = doctor.examine_names(provided)
    assert found.code == "D042"
    assert "distribution accounts" in found.en
    assert codes(list(doctor.examine_names({"rich": ["rich"]}))) == ["D041"]


@pytest.mark.parametrize(
    ("skew", "code"), [(0, "D031"), (-4, "D031"), (6, "D032"), (-3600, "D032")]
)
def test_a_clock_that_is_wrong_is_a_fault(skew: int, code: str) -> None:
    assert codes(list(doctor.examine_clock(NOW, NOW + timedelta(seconds=skew)))) == [code]


def test_missing_fonts_are_named_by_what_to_install() -> None:
    assert codes(list(doctor.examine_fonts("Noto Sans\nNoto Color Emoji\n"))) == ["D013"]
    (found,) = doctor.examine_fonts("DejaVu Sans\n")
    assert found.severity is Severity.WARNING
    assert "fonts-noto-core fonts-noto-color-emoji" in found.en


def test_the_purgers_key_is_to_be_locked_away(tmp_path: Path) -> None:
    """R49: told while it lies beside the store, and when others can read it."""
    settings = Settings.from_environment({"INSYN_HOME": str(tmp_path)})
    assert codes(list(doctor._secrets(settings))) == []
    make_keys(tmp_path / "secrets")
    assert codes(list(doctor._secrets(settings))) == ["D007"]
    purger_file(tmp_path).parent.chmod(0o755)
    assert codes(list(doctor._secrets(settings))) == ["D006", "D007"]
    purger_file(tmp_path).unlink()
    make_keys(tmp_path / "secrets")
    assert codes(list(doctor._secrets(settings))) == ["D006"]


@pytest.mark.parametrize(
    ("server", "named", "found"),
    [
        ("", "", ["D008"]),
        ("smtp://127.0.0.1", "", ["D008"]),
        ("", "a@ki.example, b@ki.example", ["D008"]),
        ("smtp://127.0.0.1", "a@ki.example, b@ki.example", []),
    ],
)
def test_two_persons_are_to_be_told_of_a_purge(server: str, named: str, found: list[str]) -> None:
    """R49: nobody, or no way to tell them, is a finding."""
    environment = {"INSYN_SMTP_URL": server, "INSYN_MAIL_INCIDENT": named}
    settings = Settings.from_environment(environment)
    assert codes(list(doctor._incidents(settings))) == found
    with pytest.raises(SettingsError, match="two persons"):
        Settings.from_environment({"INSYN_MAIL_INCIDENT": "a@ki.example, A@ki.example"})
