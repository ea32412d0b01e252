"""Pages that are made from the code: settings, DAGs, commands, and the form of data/posts.json.

    python -m desk.docs             write them anew
    python -m desk.docs --check     say which are stale, and end in 1 if any is

A DAG's page is read from its file's docstring, without importing Airflow.
"""

import ast
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from capture.post import posts_schema
from desk.cli import ORDER, app
from desk.exits import EXITS
from storage.settings import SETTINGS

MADE = "<!-- Made by `make docs` from the code: change it there. -->"

Made = Callable[[Path], str]


def settings_page(_: Path) -> str:
    """Every setting with its default and its meaning."""
    rows = (
        f"| `{s.name}` | {f'`{s.default}`' if s.default else '–'} | {s.says} |" for s in SETTINGS
    )
    return _page(
        "Settings",
        "Insyn is set by environment variables, read once by each process. An unknown or "
        "malformed setting stops the command, and all of them are told at once. Files and folders "
        "are relative to where the command is run. Secrets are never printed.",
        ["| name | default | meaning |", "|---|---|---|", *rows],
    )


def dags_page(project: Path) -> str:
    """Every DAG's own words, its schedule and its parameters, in the order of their names."""
    lines = []
    for file in sorted((project / "dags").glob("*.py")):
        module = ast.parse(file.read_text("utf-8"))
        said = ast.get_docstring(module) or ""
        heading, _, body = said.partition("\n")
        if not heading.startswith("# "):  # what the DAGs share is no DAG
            continue
        lines += [f"## {heading.removeprefix('# ')}", "", f"`{file.stem}`", body, ""]
    return _page(
        "DAGs",
        "What Airflow runs. A DAG orders and the packages do: everything here can also be done "
        "with `insyn`, and running a task twice changes nothing.",
        lines,
    )


def commands_page(_: Path) -> str:
    """Every command with its arguments and options, and the table of exit codes."""
    root: Any = typer.main.get_command(app)
    lines = ["| exit code | meaning |", "|---|---|"]
    lines += [f"| {code} | {says} |" for code, says in EXITS.items()]
    lines += ["| 10–19 | `insyn capture`: the verdict on the page, see [walls.md](walls.md) |", ""]
    for name in ORDER:
        lines += _command(f"insyn {name}", root.commands[name])
    return _page(
        "Commands",
        "Every command answers `--help`. What machines read is printed with `--json`. Times are "
        "civil time in Sweden; a record or a hold is named by its id or by the last "
        "characters of it. Errors stand on stderr.",
        lines,
    )


def schema_page(_: Path) -> str:
    """The JSON Schema of `data/posts.json`."""
    return json.dumps(posts_schema(), ensure_ascii=False, indent=2) + "\n"


PAGES: Mapping[str, Made] = {
    "settings.md": settings_page,
    "dags.md": dags_page,
    "commands.md": commands_page,
    "posts.schema.json": schema_page,
}


def stale(project: Path) -> list[Path]:
    """The pages that differ from what the code says."""
    folder = project / "docs"
    return [
        folder / name
        for name, made in PAGES.items()
        if not (folder / name).exists() or (folder / name).read_text("utf-8") != made(project)
    ]


def write(project: Path) -> list[Path]:
    """Write the pages that are stale; gives back which."""
    written = stale(project)
    for path in written:
        path.write_text(PAGES[path.name](project), "utf-8")
    return written


def _page(title: str, intro: str, lines: list[str]) -> str:
    return "\n".join([f"# {title}", "", MADE, "", intro, "", *lines]).rstrip() + "\n"


def _command(path: str, command: Any) -> Iterator[str]:
    """A command, or a group with every command of it."""
    under = getattr(command, "commands", {})
    for name, each in under.items():
        yield from _command(f"{path} {name}", each)
    if under:
        return
    shown = [p for p in command.params if p.name != "help"]
    arguments = " ".join(_argument(p) for p in shown if p.param_type_name == "argument")
    yield f"## `{' '.join([path, *([arguments] if arguments else [])])}`"
    yield ""
    yield from (command.help or "").splitlines()
    yield ""
    if shown:
        yield "| | |"
        yield "|---|---|"
        yield from (f"| {_named(p)} | {_says(p)} |" for p in shown)
        yield ""


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name.upper()).strip("[].")
    many = "…" if parameter.nargs == -1 else ""
    return f"{name}{many}" if parameter.required else f"[{name}]{many}"


def _named(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{_argument(parameter)}`"
    names = ", ".join((*parameter.opts, *parameter.secondary_opts))
    return f"`{names}`" if parameter.is_flag else f"`{names} {_value(parameter)}`"


def _value(parameter: Any) -> str:
    if parameter.metavar:
        return str(parameter.metavar)
    kind = parameter.type_descriptor.annotation
    if get_origin(kind) is Literal:
        return "CHOICE"
    return {int: "N", Path: "FILE"}.get(kind, "TEXT")


def _says(parameter: Any) -> str:
    told = [parameter.help]
    kind = parameter.type_descriptor.annotation
    if get_origin(kind) is Literal:
        told.append("One of " + ", ".join(f"`{choice}`" for choice in get_args(kind)) + ".")
    if parameter.param_type_name == "option" and parameter.required:
        told.append("Required.")
    elif parameter.default and not parameter.is_flag:
        told.append(f"Default: {parameter.default}.")
    return " ".join(told)


def main() -> int:
    """Write the pages, or with `--check` tell which are stale; gives back the exit code."""
    project = Path.cwd()
    if "--check" in sys.argv[1:]:
        old = stale(project)
        for path in old:
            print(f"{path.relative_to(project)} is stale: run `make docs`.", file=sys.stderr)
        return 1 if old else 0
    for path in write(project):
        print(path.relative_to(project))
    return 0


if __name__ == "__main__":
    sys.exit(main())
