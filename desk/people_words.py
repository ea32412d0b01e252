"""What the desk says of people: roles, sign-in, and what they did. Pairs of Swedish and English."""

from collections.abc import Mapping

Pair = tuple[str, str]

PEOPLE: Mapping[str, Pair] = {
    "person": ("Person", "Person"),
    "units": ("Enheter", "Units"),
    "appointed_by": ("Utsedd av", "Appointed by"),
    "roles": ("Roller", "Roles"),
    "role.owner": ("kontoansvarig", "owner"),
    "role.officer": ("handläggare", "officer"),
    "role.archivist": ("arkivarie", "archivist"),
    "role.manager": ("chef", "manager"),
    "role.operator": ("driftansvarig", "operator"),
    "role.auditor": ("granskare", "auditor"),
    "notices": ("Att göra", "To do"),
    "notice.told": ("(meddelat {day})", "(told {day})"),
    "final_capture": ("Slututtag", "Final capture"),
    "verified_on": ("Kontrollerat", "Verified"),
    "told_on": ("Meddelat", "Told"),
    "next_step": ("Nästa steg", "Next"),
    "wind_up.capture": ("ta slututtaget", "make the final capture"),
    "wind_up.verify": ("kontrollera slututtaget", "verify the final capture"),
    "wind_up.close": (
        "stäng sidan och ange closed_on i registret",
        "close the page and give closed_on in the register",
    ),
    "wind_up.tell": (
        "meddela registrator och kommunikationsavdelning",
        "tell registrar and communications",
    ),
    "wind_up.done": ("klart", "done"),
    "wind_up.too_early": (
        "{account} är avslutat utan kontrollerat slututtag.",
        "{account} was closed without a verified final capture.",
    ),
    "wind_ups.none": ("Inget konto avvecklas.", "No account is being wound up."),
    "act.credential_chosen": ("eget lösenord valt", "own password chosen"),
    "act.person_added": ("person utsedd", "person appointed"),
    "act.roles_changed": ("roller ändrade", "roles changed"),
    "act.person_removed": ("person borttagen", "person removed"),
    "act.hold_reviewed": ("gallringsstopp omprövat", "hold reviewed"),
    "hold.reviewed": (
        "Gallringsstoppet {hold} gäller. Omprövas {day}.",
        "Hold {hold} stands. Review by {day}.",
    ),
    "hold.review_due": ("{day}, ska omprövas nu", "{day}, review is due"),
    "act.moderated": ("innehåll borttaget från sidan", "removed from the page"),
    "act.abuse_cleared": ("övergreppsmaterial borta från sidan", "abuse material is gone"),
    "reopened": (
        "{account} får fotograferas igen: {first} och {second} intygar att materialet är borta.",
        "{account} may be captured again: {first} and {second} say that the material is gone.",
    ),
    "act.abuse_noted": ("övergreppsmaterial anmält", "abuse material reported"),
    "basis.bbs_act": (
        "5 § lagen (1998:112) om ansvar för elektroniska anslagstavlor",
        "section 5 of the Act (1998:112) on responsibility for electronic bulletin boards",
    ),
    "basis.own_rules": ("våra regler för kommentarer", "our rules for comments"),
    "category.incitement": ("uppvigling", "incitement"),
    "category.agitation": ("hets mot folkgrupp", "agitation against a population group"),
    "category.unlawful_threat": ("olaga hot", "unlawful threat"),
    "category.unlawful_violence": ("olaga våldsskildring", "unlawful depiction of violence"),
    "category.privacy_breach": ("olaga integritetsintrång", "unlawful breach of privacy"),
    "category.copyright": ("upphovsrättsintrång", "copyright infringement"),
    "category.personal_attack": ("personangrepp", "personal attack"),
    "category.spam": ("skräppost", "spam"),
    "category.other": ("annat brott mot reglerna", "another breach of the rules"),
    "category.csam": ("övergreppsmaterial med barn", "child sexual abuse material"),
    "moderate.note": (
        """Antecknat. Till den som skrev:
Ditt inlägg ({post}) har tagits bort från vår sida ({category}). Grund: {basis}.
Det antecknades {day}. Inlägget är en allmän handling och finns bevarat ({record}).""",
        """Noted. To the author:
Your post ({post}) was removed from our page ({category}). Ground: {basis}.
The removal was noted {day}. The post is a public record and is kept ({record}).""",
    ),
    "moderate.abuse": (
        """Antecknat: adress, tid, konto och polisens nummer. Inget av innehållet är sparat.
Inget fotograferas på {account} förrän två personer intygar att det är borta:
insyn account reopen {account}""",
        """Noted: address, time, account and the police's number. Nothing of the content is kept.
Nothing is captured of {account} until two persons say that it is gone:
insyn account reopen {account}""",
    ),
    "person.added": ("{name} är utsedd: {roles}.", "{name} is appointed: {roles}."),
    "person.choose": (
        "Det första lösenordet räcker bara till att välja ett eget (insyn person password).",
        "The first password is only good for choosing one's own (insyn person password).",
    ),
    "person.not_chosen": (
        "* har ännu inte valt eget lösenord och får inte göra något.",
        "* has not chosen a password of their own yet and may do nothing.",
    ),
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
