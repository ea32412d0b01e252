"""One recipe as it was written, read into a `Recipe`. Holds the form; reads no file and no page."""

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Self

from accounts import entry
from accounts.findings import Finding
from accounts.toml_text import Table
from capture.recipe_codes import finding
from capture.recipe_model import (
    GENERIC,
    Answers,
    CommentFields,
    Consent,
    Place,
    PostFields,
    PostPage,
    Posts,
    Press,
    ProfileFields,
    Recipe,
    Redirects,
    Signs,
    Tried,
    Writing,
)
from capture.selector import selector_faults

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_PLATFORM = re.compile(r"(?=.{1,63}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9-]+\.")
_STEPS = re.compile(r"(?:/[^/?#\s]+)+")
_JSON = re.compile(r"(?:\*|[A-Za-z]+)\.[A-Za-z]+")
_KEYS = re.compile(r"\w+(?:\.\w+)*")


class Form(entry.Form):
    """A table of a recipe being read: the register's form, with the recipe's codes and kinds."""

    def part(self, key: str, known: Iterable[str]) -> Self:
        """The table at `key`, empty where it is missing; its findings are kept with this one's."""
        return self._below(key, self._table.get(key, {}), known)

    def flag(self, key: str, *, needed: bool = True) -> bool:
        """Yes or no; no where it is neither there nor needed."""
        value = self._table.get(key)
        if value is None:
            if needed:
                self._note("E005", key)
        elif not isinstance(value, bool):
            self._wrong(key, value, "true eller false", "true or false")
        return value is True

    def selector(self, key: str, *, plain: bool = False, needed: bool = False) -> str:
        """The selector at `key`; `plain` where the page's own script must understand it."""
        value = self.text(key, needed=needed)
        for code, sign in selector_faults(value, plain=plain) if value else ():
            self._note(code, key, value=value, sign=sign)
        return value

    def has(self, key: str) -> bool:
        """Whether there is anything at `key`."""
        return key in self._table

    def selectors(self, key: str) -> tuple[str, ...]:
        """The selectors at `key`, which the page's own script must understand."""
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._wrong(key, value, "en lista av texter", "a list of texts")
            return ()
        for number, one in enumerate(value, 1):
            for code, sign in selector_faults(one, plain=True):
                self._note(code, f"{key}[{number}]", value=one, sign=sign)
        return tuple(value)

    def several(self, key: str, *fits: re.Pattern[str]) -> tuple[str, ...]:
        """The texts at `key`, each noted that fits none of the patterns."""
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._wrong(key, value, "en lista av texter", "a list of texts")
            return ()
        for number, one in enumerate(value, 1):
            if not any(pattern.fullmatch(one) for pattern in fits):
                self._note("E026", f"{key}[{number}]", value=one)
        return tuple(value)

    def places(self, key: str) -> tuple[Place, ...]:
        """The places at `key`: selectors, or tables of select or json, and match."""
        value = self._table.get(key, [])
        if not isinstance(value, list):
            self._wrong(key, value, "en lista av platser", "a list of places")
            return ()
        tables = ({"select": one} if isinstance(one, str) else one for one in value)
        return tuple(
            self._below(f"{key}[{n}]", table, _fields(Place)).place()
            for n, table in enumerate(tables, 1)
        )

    def presses(self, key: str) -> tuple[Press, ...]:
        """The buttons at `key`: selectors, or tables of select and match."""
        value = self._table.get(key, [])
        if not isinstance(value, list):
            self._wrong(key, value, "en lista av knappar", "a list of buttons")
            return ()
        tables = ({"select": one} if isinstance(one, str) else one for one in value)
        below = [
            self._below(f"{key}[{n}]", table, _fields(Press)) for n, table in enumerate(tables, 1)
        ]
        return tuple(
            Press(
                select=one.selector("select", plain=True, needed=True), match=one.pattern("match")
            )
            for one in below
        )

    def place(self) -> Place:
        """This table as one place."""
        select, json = self.selector("select", plain=True), self.text("json")
        match = self.pattern("match")
        if bool(select) == bool(json):
            self._note("E025", "select")
        if json and not _JSON.fullmatch(json):
            self._note("E024", "json", value=json)
        return Place(select=select, json=json, match=match)

    def consent(self) -> Consent:
        """This table as what is known of a banner; its buttons are looked for within it."""
        banner, reject, settings = map(self.selector, ("banner", "reject", "settings"))
        if not banner:
            for key in ("reject", "settings"):
                if self.text(key):
                    self._note("E027", key)
        return Consent(banner=banner, reject=reject, settings=settings)

    def pattern(self, key: str) -> str:
        """The pattern at `key`; none where it cannot be parsed."""
        value = self.text(key)
        try:
            re.compile(value)
        except re.error as error:
            self._note("E023", key, value=value, why=error.msg)
            return ""
        return value

    def _below(self, key: str, value: object, known: Iterable[str]) -> Self:
        if not isinstance(value, dict):
            self._wrong(key, value, "en tabell", "a table")
            value = {}
        below = type(self)(value, f"{self._place}.{key}", known)
        self.findings += below.findings
        below.findings = self.findings
        return below

    def _note(self, code: str, at: str, /, **facts: object) -> None:
        self.findings.append(finding(f"E{code[1:]}", f"{self._place}.{at}", **facts))


def read_form(table: Table, place: str) -> tuple[Recipe, list[Finding]]:
    """The recipe that `table` describes, as far as it can be read, and every fault of form."""
    form = Form(table, place, _fields(Recipe))
    platform = form.matching("platform", "E008", _PLATFORM, needed=True)
    recipe = Recipe(
        platform=platform,
        tried=_tried(form),
        hosts=form.several("hosts", _HOST),
        robots=form.flag("robots", needed=False),
        landmark=form.selector("landmark", needed=platform != GENERIC),
        offer=form.selector("offer"),
        redirects=_redirects(form.part("redirects", _fields(Redirects))),
        posts=_posts(form.part("posts", _fields(Posts))),
        post_page=_post_page(form),
        profile=_profile(form.part("profile", _fields(ProfileFields))),
        consent=form.part("consent", _fields(Consent)).consent(),
        signs=_signs(form.part("signs", _fields(Signs))),
    )
    return recipe, form.findings


def _tried(form: Form) -> Tried:
    part = form.part("tried", _fields(Tried))
    on = part.day("on", needed=True) or date.min
    return Tried(live=part.flag("live"), on=on, how=part.text("how", needed=True))


def _redirects(part: Form) -> Redirects:
    login, consent, gone = (part.several(key, _STEPS, _HOST) for key in _fields(Redirects))
    return Redirects(login=login, consent=consent, gone=gone)


def _posts(part: Form) -> Posts:
    return Posts(
        each=part.selector("each", plain=True, needed=True),
        id=part.text("id"),
        id_match=part.pattern("id_match"),
        link=part.selector("link", plain=True),
        time=part.selector("time", plain=True),
        text=part.selector("text", plain=True),
        more=part.selector("more", plain=True),
        shared=part.selector("shared", plain=True),
        pinned=part.selector("pinned", plain=True),
    )


def _post_page(form: Form) -> PostPage | None:
    if not form.has("post_page"):
        return None
    part = form.part("post_page", _fields(PostPage))
    post = part.part("post", _fields(PostFields))
    comments = part.part("comments", _fields(CommentFields))
    return PostPage(
        landmark=part.selector("landmark", needed=True),
        post=PostFields(
            **_written(post, needed=True),
            owner=post.pattern("owner"),
            shared=post.selector("shared", plain=True),
            pinned=post.selector("pinned", plain=True),
        ),
        comments=CommentFields(
            **_written(comments, needed=False),
            parent=comments.text("parent"),
            thread=comments.selector("thread", plain=True),
            flat=comments.flag("flat", needed=False),
            hidden=comments.selector("hidden", plain=True),
            announced=comments.selector("announced", plain=True),
        ),
        answers=_answers(part) if part.has("answers") else None,
        texts=part.presses("texts"),
        buttons=part.presses("buttons"),
        pages=part.selectors("pages"),
    )


def _answers(page: Form) -> Answers:
    part = page.part("answers", _fields(Answers))
    own, above = (part.matching(key, "E028", _KEYS, needed=True) for key in ("id", "parent"))
    return Answers(id=own, parent=above, match=part.pattern("match"))


def _written(part: Form, *, needed: bool) -> dict[str, str]:
    others = {"each", "id", "id_match"}
    selectors = (name for name in _fields(Writing) if name not in others)
    return {
        "each": part.selector("each", plain=True, needed=needed),
        "id": part.text("id"),
        "id_match": part.pattern("id_match"),
        **{name: part.selector(name, plain=True) for name in selectors},
    }


def _fields(of: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(of))


def _profile(part: Form) -> ProfileFields:
    return ProfileFields(
        name=part.places("name"),
        handle=part.places("handle"),
        bio=part.places("bio"),
        links=part.places("links"),
        counts=part.places("counts"),
        avatar=part.places("avatar"),
        cover=part.places("cover"),
    )


def _signs(part: Form) -> Signs:
    return Signs(
        login=part.selector("login"),
        private=part.selector("private"),
        removed=part.selector("removed"),
        not_found=part.selector("not_found"),
        bot=part.selector("bot"),
    )
