"""`insyn up`, `down`, `doctor`: everything that runs, and whether it can."""

from pathlib import Path

import typer

from desk.exits import FAULTS
from desk.opening import read_settings


def doctor() -> None:
    """Check what is needed, and say what to do (exit 1: faults).

    Settings, register, recipes, names, time, fonts, browser, store, clock, catalogue.
    """
    from accounts.findings import Severity
    from desk.doctor import examine
    from desk.printer import Printer, spoken_language

    printer = Printer(spoken_language())
    findings = list(examine())
    printer.findings(findings)
    faults = sum(one.severity is Severity.FAULT for one in findings)
    printer.say("doctor.faults" if faults else "doctor.ok", faults=faults)
    if faults:
        raise typer.Exit(FAULTS)


def up() -> None:
    """Start store, imitation platform and Airflow; say where."""
    from desk import services
    from desk.printer import Printer

    settings = read_settings()
    running = services.up(settings, project_folder())
    printer = Printer(settings.language)
    printer.facts(
        (
            ("store", running.store_url),
            ("platform", running.platform_url),
            ("airflow", running.airflow_url),
            ("signed_in", f"operator, {settings.home / 'airflow' / 'passwords.json'}"),
        )
    )
    printer.say("up")


def down() -> None:
    """Stop all that `insyn up` started."""
    from desk import services
    from desk.printer import Printer

    settings = read_settings()
    stopped = services.down(settings)
    printer = Printer(settings.language)
    if stopped:
        printer.say("down", names=", ".join(stopped))
    else:
        printer.say("down.nothing")


def project_folder() -> Path:
    """The folder of airflow.cfg, dags/ and examples/, which is where these commands are run.

    Raises:
        NotFound: this is another folder.
    """
    from storage.errors import NotFound

    here = Path.cwd()
    if not (here / "airflow.cfg").is_file():
        raise NotFound(f"{here} has no airflow.cfg: run this in the project's folder.")
    return here
