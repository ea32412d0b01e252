"""What the desk says of people: roles, sign-in, and what they did. Pairs of Swedish and English."""

from collections.abc import Mapping

Pair = tuple[str, str]

PEOPLE: Mapping[str, Pair] = {
    "person": ("Person", "Person"),
    "roles": ("Roller", "Roles"),
    "role.owner": ("kontoansvarig", "owner"),
    "role.officer": ("handläggare", "officer"),
    "role.archivist": ("arkivarie", "archivist"),
    "role.manager": ("chef", "manager"),
    "role.operator": ("driftansvarig", "operator"),
    "role.auditor": ("granskare", "auditor"),
    "act.person_added": ("person utsedd", "person appointed"),
    "act.roles_changed": ("roller ändrade", "roles changed"),
    "act.person_removed": ("person borttagen", "person removed"),
    "act.hold_reviewed": ("gallringsstopp omprövat", "hold reviewed"),
    "hold.reviewed": (
        "Gallringsstoppet {hold} gäller. Omprövas {day}.",
        "Hold {hold} stands. Review by {day}.",
    ),
    "hold.review_due": ("{day}, ska omprövas nu", "{day}, review is due"),
    "person.added": ("{name} är utsedd: {roles}.", "{name} is appointed: {roles}."),
    "person.roles": ("{name} har nu rollerna: {roles}.", "{name} now has the roles: {roles}."),
    "person.removed": (
        "{name} är borttagen och får inte längre göra något.",
        "{name} is removed and may do nothing any more.",
    ),
    "person.password": ("Nytt lösenord för {name}.", "A new password for {name}."),
    "person.signed_in": ("{name} är inloggad till {until}.", "{name} is signed in until {until}."),
    "person.signed_out": ("Du är utloggad.", "You are signed out."),
    "person.nobody": ("Ingen var inloggad.", "Nobody was signed in."),
}
