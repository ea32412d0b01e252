"""Recipes: what a platform's pages look like, as data, one TOML file a platform.

Selectors rot yearly, so each recipe says when it was last checked and a capture keeps its digest.
All faults of all files are told at once. Looks at no page.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from capture.errors import RecipeFaults
from storage.record import RecipeUsed, sha256

BUILT_IN = Path(__file__).parent / "recipes"
GENERIC = "generic"

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Posts:
    """Selectors of posts; `id` names the attribute that tells one post from another."""

    each: str
    id: str
    link: str
    time: str
    text: str


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class ProfileFields:
    """Selectors of the profile's facts; an empty one means that the platform has none."""

    name: str
    handle: str
    bio: str
    links: str
    counts: str
    avatar: str
    cover: str


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Consent:
    """The platform's own banner and its way to refuse; empty: the generic rule."""

    banner: str
    reject: str


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Signs:
    """Selectors whose match says that there is nothing to capture."""

    private: str
    removed: str


@checked(frozen=True, kw_only=True, slots=True, config=_STRICT)
class Recipe:
    """How to read one platform's pages. `landmark` must be there, or the page is not the page."""

    platform: str
    checked_on: date
    landmark: str
    login_paths: tuple[str, ...]
    posts: Posts
    profile: ProfileFields
    consent: Consent
    signs: Signs


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipes:
    """Every recipe that was read, with the digest of its file."""

    by_platform: Mapping[str, tuple[Recipe, str]]

    def recipe_for(self, platform: str) -> Recipe:
        """The platform's recipe, or the generic one."""
        return self._found(platform)[0]

    def used_for(self, platform: str) -> RecipeUsed:
        """What the manifest says of the recipe."""
        recipe, digest = self._found(platform)
        return RecipeUsed(platform=recipe.platform, sha256=digest, checked_on=recipe.checked_on)

    def _found(self, platform: str) -> tuple[Recipe, str]:
        return self.by_platform.get(platform) or self.by_platform[GENERIC]


_RECIPE = TypeAdapter(Recipe)


def load_recipes(own: Path | None = None) -> Recipes:
    """The built-in recipes, and those of `own` before them.

    Raises:
        RecipeFaults: naming every fault of every file.
    """
    found: dict[str, tuple[Recipe, str]] = {}
    faults: list[str] = []
    for folder in filter(None, (BUILT_IN, own)):
        names: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")):
            data = path.read_bytes()
            recipe = _read(path, data, faults)
            if recipe is None:
                continue
            first = names.setdefault(recipe.platform, path.name)
            if first != path.name:
                faults.append(
                    f"{path.name}: platform: {first} is also for “{recipe.platform}”; keep one"
                )
            found[recipe.platform] = (recipe, sha256(data))
    if faults:
        raise RecipeFaults(faults)
    return Recipes(by_platform=found)


def _read(path: Path, data: bytes, faults: list[str]) -> Recipe | None:
    """One file's recipe; its faults go to `faults`."""
    try:
        return _RECIPE.validate_python(tomllib.loads(data.decode("utf-8")))
    except ValidationError as error:
        faults += [_told(path, dict(fault)) for fault in error.errors()]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}: {error}")
    return None


def _told(path: Path, fault: Mapping[str, object]) -> str:
    place = fault["loc"]
    name = ".".join(str(step) for step in place) if isinstance(place, tuple) else str(place)
    return f"{path.name}: {name}: {fault['msg']}"
