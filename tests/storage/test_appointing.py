"""People: who appoints whom, what the journal says of it, and that a rebuild knows them again."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from examples import disposal_kit
from storage.archive import Archive
from storage.errors import Malformed, NotAllowed, NotFound
from storage.journal import Act
from storage.people import Actor, Kind, Role, person, service
from storage.record import Record
from storage.roles import demand_different
from storage.settings import Settings
from tests.storage.test_archive import research

EVA, DRIFT, RUT = person("Eva Ek"), person("Drift Dahl"), person("Registrator Rut")
TAGE = person("Tredje Tage")


@pytest.fixture
def empty(settings: Settings, tmp_path: Path) -> Iterator[Archive]:
    """An archive that knows nobody yet."""
    bare = replace(settings, catalogue_url=f"sqlite:///{tmp_path}/empty.sqlite")
    with Archive.open(bare, check=False) as opened:
        yield opened


def test_the_first_person_is_appointed_while_there_is_none(empty: Archive) -> None:
    """Journaled as such; the next takes an archivist or an operator."""
    for nobody in (DRIFT, service("setup")):
        with pytest.raises(NotAllowed, match=r"themself|only a person"):
            empty.people.add("Eva Ek", [Role.ARCHIVIST], nobody)
    empty.people.add("Eva Ek", [Role.ARCHIVIST], EVA)
    said = {"roles": ["archivist"], "units": [], "first": True}
    assert empty.journal()[-1].detail == said
    with pytest.raises(NotAllowed, match="nobody of that name"):
        empty.people.add("Ali Alm", [Role.OFFICER], person("Ali Alm"))
    added = empty.people.add(" Ali Alm ", [Role.OFFICER, Role.OWNER], EVA)
    assert added.roles == {Role.OFFICER, Role.OWNER}
    said = {"roles": ["officer", "owner"], "units": [], "first": False}
    assert empty.journal()[-1].detail == said
    assert [one.name for one in empty.people.all()] == ["Ali Alm", "Eva Ek"]


def test_the_first_person_is_one_who_can_appoint_the_next(empty: Archive) -> None:
    with pytest.raises(Malformed, match="nobody could appoint the next"):
        empty.people.add("Ali Alm", [Role.OFFICER], EVA)


@pytest.mark.parametrize(
    ("name", "roles", "told"),
    [
        (" ", [Role.OWNER], "name"),
        ("person:Eva", [Role.OWNER], "name"),
        ("Ny Nyman", [], "at least one of owner"),
        ("eva EK", [Role.OWNER], "appointed already"),
        ("Eva  Ek", [Role.OWNER], "appointed already"),
        ("Eva\N{NO-BREAK SPACE}Ek", [Role.OWNER], "appointed already"),
        ("Eva Ek\N{ZERO WIDTH SPACE}", [Role.OWNER], "name"),
    ],
)
def test_who_cannot_be_appointed(archive: Archive, name: str, roles: list[Role], told: str) -> None:
    with pytest.raises(Malformed, match=told):
        archive.people.add(name, roles, DRIFT)


@pytest.mark.parametrize(
    ("actor", "told"),
    [
        (RUT, "takes the role of archivist or operator, and Registrator Rut is officer"),
        (person("Ingen Alls"), "nobody of that name"),
        (service("disposal"), "only a person"),
        (person("ny nyman"), "nobody of that name"),
    ],
)
def test_who_may_not_appoint(archive: Archive, actor: Actor, told: str) -> None:
    with pytest.raises(NotAllowed, match=told):
        archive.people.add("Ny Nyman", [Role.OFFICER], actor)
    with pytest.raises(NotAllowed, match=told):
        archive.people.remove("Ali Alm", actor)
    with pytest.raises(NotAllowed, match=told):
        archive.people.change_roles("Ali Alm", [Role.ARCHIVIST], actor)


def test_nobody_changes_their_own_roles_or_removes_themself(archive: Archive) -> None:
    """An operator does not make an archivist of themself."""
    with pytest.raises(NotAllowed, match="another person must"):
        archive.people.change_roles("drift dahl", [Role.ARCHIVIST], DRIFT)
    with pytest.raises(NotAllowed, match="another person must"):
        archive.people.remove("Drift Dahl", DRIFT)
    with pytest.raises(Malformed, match="at least one"):
        archive.people.change_roles("Ali Alm", [], DRIFT)
    with pytest.raises(NotFound, match="Nobody named 'Ingen'"):
        archive.people.remove("Ingen", DRIFT)


SPELLINGS = (
    "Åsa Öst",
    unicodedata.normalize("NFD", "Åsa Öst"),
    " Åsa   Öst ",
    "ÅSA ÖST",
    "\N{ANGSTROM SIGN}sa Öst",
)


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_one_person_is_one_however_the_name_is_written(archive: Archive, spelled: str) -> None:
    """R33: composed or not, with more spaces, in capitals: one name, one person, one entry."""
    added = archive.people.add(SPELLINGS[1], [Role.OWNER], DRIFT)
    assert added.name == SPELLINGS[0]
    with pytest.raises(Malformed, match="appointed already"):
        archive.people.add(spelled, [Role.ARCHIVIST], DRIFT)
    assert archive.people.named(spelled) == added
    with pytest.raises(NotAllowed, match="Two different"):
        demand_different(person(added.name), Actor(kind=Kind.PERSON, name=spelled), "act")
    archive.people.change_roles(spelled, [Role.OPERATOR], DRIFT)
    archive.people.note_password(person(spelled), proven=True)
    with pytest.raises(NotAllowed, match="themself"):
        archive.people.remove(added.name, Actor(kind=Kind.PERSON, name=spelled))
    assert archive.people.remove(spelled, DRIFT).name == SPELLINGS[0]
    assert len([one for one in archive.people.all() if one.name == SPELLINGS[0]]) == 1


def test_who_was_given_a_password_may_nothing_until_they_chose_their_own(
    archive: Archive, deposited: Callable[..., Record]
) -> None:
    """R33: whoever appoints cannot act as the appointed unseen; the journal says who chose."""
    asa = archive.people.add("Åsa Öst", [Role.ARCHIVIST], DRIFT)
    assert not asa.own_password
    placement = research(deposited().record_id)
    with pytest.raises(NotAllowed, match="given by another"):
        archive.place_hold(placement, person(asa.name))
    archive.people.note_password(person(asa.name), proven=False)
    with pytest.raises(NotAllowed, match="given by another"):
        archive.place_hold(placement, person(asa.name))
    archive.people.note_password(person(asa.name), proven=True)
    entry = archive.journal()[-1]
    assert (entry.act, entry.actor, entry.subject) == (
        Act.CREDENTIAL_CHOSEN, "person:Åsa Öst", "Åsa Öst",
    )  # fmt: skip
    assert archive.place_hold(placement, person(asa.name)).accepted
    archive.people.remove(asa.name, DRIFT)
    assert not archive.people.add(asa.name, [Role.ARCHIVIST], DRIFT).own_password
    for nobody in (service("disposal"), person("Ingen Alls")):
        with pytest.raises((NotAllowed, NotFound)):
            archive.people.note_password(nobody, proven=True)


def test_a_rebuild_knows_everyone_again(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    """Also who was removed, and who came back with another role."""
    archive.people.change_roles("Ali Alm", [Role.MANAGER], EVA)
    archive.people.remove("Olga Owner", DRIFT)
    archive.people.remove("Tredje Tage", DRIFT)
    archive.people.add("tredje tage", [Role.OWNER], DRIFT, ["Biblioteket", "IT  och telefoni"])
    archive.people.note_password(TAGE, proven=True)
    by_name = {one.name: one for one in archive.people.all()}
    assert by_name["Ali Alm"].roles == {Role.MANAGER}
    assert (by_name["Olga Owner"].active, by_name["Olga Owner"].roles) == (False, frozenset())
    assert by_name["Tredje Tage"].roles == {Role.OWNER}
    assert by_name["Tredje Tage"].units == {"Biblioteket", "IT och telefoni"}
    assert by_name["Tredje Tage"].owes_place_to == {DRIFT.key}
    assert by_name["Tredje Tage"].own_password
    assert by_name["Ali Alm"].owes_place_to == {EVA.key, "service:tests"}
    fresh = replace(settings, catalogue_url=f"sqlite:///{tmp_path}/fresh.sqlite")
    with Archive.open(fresh, check=False) as rebuilt:
        rebuilt.rebuild(lambda *_: None)
        assert rebuilt.people.all() == archive.people.all()
        assert list(rebuilt.dump()) == list(archive.dump())


def test_those_who_decide_in_the_demo_are_appointed_by_the_archivist(empty: Archive) -> None:
    disposal_kit.appoint(empty)
    disposal_kit.appoint(empty)
    assert disposal_kit.adopt(empty).adopted_by == str(disposal_kit.DECIDER)
    assert len(empty.people.all()) == len(disposal_kit.ROLES)
