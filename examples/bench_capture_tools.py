"""The tools of the capture bench, each a program of its own that visits one page.

    python -m examples.bench_capture_tools insyn|playwright URL FOLDER [--ratio 2]

Leaves in FOLDER what it made: `result.json`, and `picture.png` where the tool makes one; Insyn's
goes to the archive that the environment names. `shot-scraper` is a program already.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from accounts import read_register
from accounts.model import AccountId, PlatformId
from capture.browser import find_chromium
from capture.session import Captured
from examples.bench_kit import capture_once
from storage.archive import Archive
from storage.settings import Settings

INSYN, PLAYWRIGHT, SHOT_SCRAPER = "insyn", "playwright", "shot-scraper"
TOOLS = (INSYN, PLAYWRIGHT, SHOT_SCRAPER)
WINDOWS = {1: (1280, 900), 2: (390, 844)}
"""Width and height in CSS pixels at each device pixel ratio: a desktop's, and a phone's."""

_WITH_CHROMIUM = """
import sys, playwright.sync_api as api
launch, program = api.BrowserType.launch, sys.argv.pop(1)
api.BrowserType.launch = lambda self, **said: launch(self, **{**said, "executable_path": program})
from shot_scraper.cli import cli
cli()
"""
"""All tools drive the same Chromium, so that the tools differ and not their browsers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What a tool said of its visit; `record` is empty for a gap and for other tools."""

    verdict: str
    record: str
    said: tuple[str, ...]


def command(tool: str, url: str, folder: Path, ratio: int) -> Sequence[str | Path]:
    """The command line that lets a tool visit a page."""
    if tool == SHOT_SCRAPER:
        width, _ = WINDOWS[ratio]
        chromium = find_chromium(None)
        shot = (url, "-o", folder / "picture.png", "--width", str(width), "--silent", "--fail")
        return [*_shot_scraper(), chromium, "shot", *shot, "--scale-factor", str(ratio)]
    module = "examples.bench_capture_tools"
    return [sys.executable, "-m", module, tool, url, folder, "--ratio", str(ratio)]


def installed(tool: str) -> bool:
    """Whether the tool is there to be run."""
    return tool != SHOT_SCRAPER or _program() is not None


def result_of(folder: Path, code: int) -> Result | None:
    """What a tool that ended left behind: for one that says nothing, a picture is a capture."""
    told = folder / "result.json"
    if told.exists():
        said = json.loads(told.read_text(encoding="utf-8"))
        return Result(verdict=said["verdict"], record=said["record"], said=tuple(said["said"]))
    if code == 0 and (folder / "picture.png").exists():
        return Result(verdict="ok", record="", said=())
    return None


def _shot_scraper() -> Sequence[str]:
    """Run by the Python that it is installed for, which its first line names."""
    program = _program()
    if program is None:
        raise FileNotFoundError("shot-scraper is not installed: `pip install shot-scraper`.")
    with program.open(encoding="utf-8") as script:
        return [script.readline().removeprefix("#!").strip(), "-c", _WITH_CHROMIUM]


def _program() -> Path | None:
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    found = shutil.which(SHOT_SCRAPER, path=beside)
    return Path(found) if found else None


def _insyn(url: str, _: Path, __: int) -> Result:
    """An order carried out to its record or its gap; no recipe knows the page."""
    settings = Settings.from_environment(os.environ)
    name = AccountId(url.rpartition("/")[2])
    known = read_register(settings.register).accounts[0]
    account = replace(known, id=name, handle=name, url=url, platform=PlatformId("bench"))
    with Archive.open(settings) as archive:
        outcome = capture_once(archive, account, settings)
    if isinstance(outcome, Captured):
        return Result(verdict="ok", record=outcome.record.record_id, said=())
    judgement = outcome.judgement
    return Result(verdict=judgement.verdict.value, record="", said=judgement.evidence)


def _playwright(url: str, folder: Path, ratio: int) -> Result:
    """What its documentation shows first: `goto`, then a full-page screenshot."""
    width, height = WINDOWS[ratio]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(None))
        page = browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=ratio
        )
        page.goto(url)
        page.screenshot(path=folder / "picture.png", full_page=True)
        browser.close()
    return Result(verdict="ok", record="", said=())


def main() -> None:
    """Visit one page with one tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=[INSYN, PLAYWRIGHT])
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ratio", type=int, choices=sorted(WINDOWS), default=1)
    told = parser.parse_args()
    visit = _insyn if told.tool == INSYN else _playwright
    result = visit(told.url, told.folder, told.ratio)
    said = {"verdict": result.verdict, "record": result.record, "said": result.said}
    (told.folder / "result.json").write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main()
