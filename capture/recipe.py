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
        for path in sorted(folder.glob("*.toml")):
            try:
                recipe = _RECIPE.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
            except tomllib.TOMLDecodeError as error:
                faults.append(f"{path.name}: {error}")
            except ValidationError as error:
                faults += [_told(path, dict(fault)) for fault in error.errors()]
            else:
                found[recipe.platform] = (recipe, sha256(path.read_bytes()))
    if faults:
        raise RecipeFaults(faults)
    return Recipes(by_platform=found)


def _told(path: Path, fault: Mapping[str, object]) -> str:
    place = fault["loc"]
    name = ".".join(str(step) for step in place) if isinstance(place, tuple) else str(place)
    return f"{path.name}: {name}: {fault['msg']}"
