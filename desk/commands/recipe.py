"""`insyn recipe`: what is known of platforms' pages, looked at and tried (docs/recipes.md)."""

from pathlib import Path
from typing import Annotated

import typer

from desk.exits import FAULTS
from desk.opening import read_settings
from desk.options import JsonOption

app = typer.Typer(help="Recipes: how each platform's pages are read.", no_args_is_help=True)


@app.command("list")
def list_recipes(as_json: JsonOption = False) -> None:
    """List the recipes and when each was last tried."""
    from capture.recipe import load_recipes
    from desk.printer import Column, Printer, day, print_json

    settings = read_settings()
    recipes = [recipe for recipe, _ in load_recipes(settings.recipes).by_platform.values()]
    if as_json:
        print_json(recipes)
        return
    printer = Printer(settings.language)
    printer.table(
        (
            Column(name="platform", whole=True),
            Column(name="tried_live", whole=True),
            Column(name="tried_on", whole=True),
            Column(name="tried_how"),
        ),
        (
            (
                one.platform,
                printer.word("recipe.live" if one.tried.live else "recipe.not_live"),
                day(one.tried.on),
                one.tried.how,
            )
            for one in recipes
        ),
    )


@app.command()
def validate(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Recipes; else all that are used.")
    ] = None,
) -> None:
    """Check recipes and tell every fault in them (exit 1: faults)."""
    from capture.recipe import BUILT_IN, check_recipe, faults
    from desk.printer import Printer
    from storage.record import today

    settings = read_settings()
    printer = Printer(settings.language)
    folders = [folder for folder in (BUILT_IN, settings.recipes) if folder]
    paths = files or [path for folder in folders for path in sorted(folder.glob("*.toml"))]
    findings = [one for path in paths for one in check_recipe(path, today())]
    if findings:
        printer.findings(findings)
    printer.say("recipe.checked", count=len(paths), faults=faults(findings))
    if faults(findings):
        raise typer.Exit(FAULTS)


@app.command()
def check(
    url: Annotated[str, typer.Argument(metavar="URL", help="A profile's or a post's address.")],
    platform: Annotated[
        str | None, typer.Option(help="Whose recipe; else by the address's host.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Try a recipe on a page: what matches, what is read, what stands in the way.

    Exit 1: the page could not be captured, or the recipe has drifted. Makes no record.
    """
    import asyncio
    from urllib.parse import urlsplit

    from capture.recipe import load_recipes
    from capture.recipe_trial import try_recipe
    from capture.walls import OK
    from desk.printer import Printer, print_json
    from desk.recipe_view import print_trial

    settings = read_settings()
    recipes = load_recipes(settings.recipes)
    named = platform or recipes.platform_of(urlsplit(url).hostname or "")
    trial = asyncio.run(try_recipe(url, recipes.recipe_for(named), settings))
    if as_json:
        print_json(trial)
    else:
        print_trial(Printer(settings.language), trial)
    if trial.judgement != OK or trial.drift:
        raise typer.Exit(FAULTS)
