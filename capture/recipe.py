"""Recipes: what platforms' pages look like, as data, one TOML file a platform.

Selectors rot yearly, so each recipe says whether and when it was tried on the platform itself, and
a capture keeps its digest. All faults of all files are told at once. Looks at no page.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from accounts.findings import Finding, Severity
from capture.errors import RecipeFaults
from capture.recipe_codes import finding
from capture.recipe_form import read_form
from capture.recipe_model import GENERIC, Recipe
from storage.record import RecipeUsed, sha256

__all__ = ["BUILT_IN", "GENERIC", "Recipe", "Recipes", "check_recipe", "faults", "load_recipes"]

BUILT_IN = Path(__file__).parent / "recipes"
_STALE = timedelta(days=365)
_LINE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipes:
    """Every recipe that was read, with the digest of its file."""

    by_platform: Mapping[str, tuple[Recipe, str]]

    def recipe_for(self, platform: str) -> Recipe:
        """The platform's recipe, or the generic one."""
        return self._found(platform)[0]

    def platform_of(self, host: str) -> str:
        """The platform whose host this is, or a host below it; else the generic name."""
        for platform, (recipe, _) in self.by_platform.items():
            if any(host == own or host.endswith(f".{own}") for own in recipe.hosts):
                return platform
        return GENERIC

    def used_for(self, platform: str) -> RecipeUsed:
        """What the manifest says of the recipe."""
        recipe, digest = self._found(platform)
        return RecipeUsed(platform=recipe.platform, sha256=digest, checked_on=recipe.checked_on)

    def _found(self, platform: str) -> tuple[Recipe, str]:
        return self.by_platform.get(platform) or self.by_platform[GENERIC]


def load_recipes(own: Path | None = None) -> Recipes:
    """The built-in recipes, and those of `own` before them.

    Raises:
        RecipeFaults: naming every fault of every file.
    """
    found: dict[str, tuple[Recipe, str]] = {}
    findings: list[Finding] = []
    for folder in filter(None, (BUILT_IN, own)):
        names: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")):
            recipe, digest, told = _read(path)
            findings += told
            if recipe is None or not recipe.platform:
                continue
            first = names.setdefault(recipe.platform, path.name)
            if first != path.name:
                place = f"{path.name}.platform"
                findings.append(finding("E030", place, value=recipe.platform, first=first))
            found[recipe.platform] = (recipe, digest)
    if findings:
        raise RecipeFaults(findings)
    return Recipes(by_platform=found)


def check_recipe(path: Path, today: date) -> list[Finding]:
    """Every fault and warning of one recipe; empty when all is well."""
    recipe, _, findings = _read(path)
    if recipe is not None:
        misread = {one.place for one in findings}
        findings += [one for one in _age(recipe, path.name, today) if one.place not in misread]
    return findings


def faults(findings: list[Finding]) -> int:
    """How many of the findings forbid the recipe's use."""
    return sum(one.severity is Severity.FAULT for one in findings)


def _read(path: Path) -> tuple[Recipe | None, str, list[Finding]]:
    """One file's recipe as far as it can be read, the digest of the file, and its faults."""
    try:
        data = path.read_bytes()
        recipe, findings = read_form(tomllib.loads(data.decode("utf-8")), path.name)
    except OSError as error:
        why = error.strerror or type(error).__name__
    except UnicodeDecodeError as error:
        why = f"byte {error.start}: {error.reason}"
    except tomllib.TOMLDecodeError as error:
        where = _LINE.search(str(error))
        place = f"{path.name}: {where[1]}" if where else path.name
        return None, "", [finding("E002", place, why=_LINE.sub("", str(error)).strip())]
    else:
        return recipe, sha256(data), findings
    return None, "", [finding("E001", path.name, why=why)]


def _age(recipe: Recipe, name: str, today: date) -> Iterator[Finding]:
    tried = recipe.tried
    if tried.on > today:
        yield finding("E103", f"{name}.tried.on", day=tried.on)
    elif tried.on + _STALE < today:
        yield finding("E102", f"{name}.tried.on", day=tried.on)
    if not tried.live and recipe.platform != GENERIC:
        yield finding("E101", f"{name}.tried.live", how=tried.how)
