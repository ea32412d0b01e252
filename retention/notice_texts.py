"""What notices of retention say, in Swedish and English. Knows nothing else."""

from collections.abc import Mapping

from accounts.codes import Text

TEXTS: Mapping[str, Text] = {
    "owner": Text(
        "Gallringsförslaget {proposal} ({rule}, {unit}, handlingar: {count}) väntar på kontots "
        "ägare. Granska listan och godkänn eller avslå: insyn proposal show {proposal}.",
        "Proposal {proposal} for disposal ({rule}, {unit}, records: {count}) awaits the account's "
        "owner. Look at the list, and approve or reject it: insyn proposal show {proposal}.",
    ),
    "archivist": Text(
        "Gallringsförslaget {proposal} ({rule}, {unit}, handlingar: {count}) är godkänt av kontots "
        "ägare och väntar på en arkivarie: insyn proposal show {proposal}.",
        "Proposal {proposal} for disposal ({rule}, {unit}, records: {count}) was approved by the "
        "account's owner and awaits an archivist: insyn proposal show {proposal}.",
    ),
    "third": Text(
        "Gallringsförslaget {proposal} ({rule}, {unit}, handlingar: {count}) är större än taket "
        "och väntar på en tredje person, en chef eller en annan arkivarie: insyn proposal show "
        "{proposal}.",
        "Proposal {proposal} for disposal ({rule}, {unit}, records: {count}) is over the cap and "
        "awaits a third person, a manager or another archivist: insyn proposal show {proposal}.",
    ),
    "cap": Text(
        "Gallringsförslaget {proposal} ({rule}, {unit}, handlingar: {count}) hör till en omgång "
        "över taket. Efter ägare och arkivarie måste en tredje person godkänna det.",
        "Proposal {proposal} for disposal ({rule}, {unit}, records: {count}) belongs to a run over "
        "the cap. After owner and archivist a third person has to approve it.",
    ),
    "cap_stops": Text(
        "Gallringsförslaget {proposal} ({rule}, {unit}, handlingar: {count}) hör numera till en "
        "omgång över taket och ingen tredje person har godkänt det. Det verkställs inte: återta "
        "det, eller ett annat enligt samma regel (insyn proposal withdraw).",
        "Proposal {proposal} for disposal ({rule}, {unit}, records: {count}) now belongs to a run "
        "over the cap and no third person approved it. It is not carried out: withdraw it, or "
        "another by the same rule (insyn proposal withdraw).",
    ),
    "ending": Text(
        "Godkännandena av gallringsförslaget {proposal} ({rule}, {unit}, handlingar: {count}) "
        "slutar gälla {day}. Är det inte verkställt då måste ett nytt förslag upprättas.",
        "The approvals of proposal {proposal} for disposal ({rule}, {unit}, records: {count}) end "
        "on {day}. If it is not carried out by then, a new one has to be drawn up.",
    ),
    "expired": Text(
        "Godkännandena av gallringsförslaget {proposal} ({rule}, {unit}, handlingar: {count}) har "
        "slutat gälla. Återta det, så kan handlingarna föreslås på nytt: insyn proposal withdraw "
        "{proposal}.",
        "The approvals of proposal {proposal} for disposal ({rule}, {unit}, records: {count}) have "
        "run out. Withdraw it, and its records can be proposed anew: insyn proposal withdraw "
        "{proposal}.",
    ),
    "ready": Text(
        "Gallringsförslaget {proposal} ({rule}, {unit}, handlingar: {count}) är godkänt och "
        "betänketiden är slut: det verkställs vid nästa körning. Ett gallringsstopp hinner "
        "fortfarande stoppa det.",
        "Proposal {proposal} for disposal ({rule}, {unit}, records: {count}) is approved and its "
        "cooling-off is over: the next run carries it out. A hold can still stop it.",
    ),
    "paused": Text(
        "Gallringen enligt {proposal} ({rule}, {unit}, handlingar: {count}) är avbruten: {why}. Se "
        "insyn proposal show {proposal}, åtgärda felet och kör insyn proposal resume.",
        "The disposal by {proposal} ({rule}, {unit}, records: {count}) was paused: {why}. See "
        "insyn proposal show {proposal}, mend what is wrong and run insyn proposal resume.",
    ),
    "faults": Text(
        "Gallringen enligt {proposal} ({rule}, {unit}) misslyckades för handlingar: {faults}. De "
        "finns kvar. Varför: insyn proposal show {proposal}.",
        "The disposal by {proposal} ({rule}, {unit}) failed for records: {faults}. They are still "
        "there. Why: insyn proposal show {proposal}.",
    ),
    "reviews": Text(
        "Handlingar att ompröva enligt regeln {rule}: {count}. Lista: insyn worklist; beslut: "
        "insyn review.",
        "Records to be reviewed by rule {rule}: {count}. List: insyn worklist; decide: insyn "
        "review.",
    ),
    "worklist": Text(
        "Arbetslistan är inte tom ({count}): handlingar är oklassade, saknar diarienummer eller "
        "väntar på en uppgift, och bevaras tills vidare. Se insyn worklist.",
        "The worklist is not empty ({count}): records are unclassified, lack a registration number "
        "or wait for a fact, and are kept meanwhile. See insyn worklist.",
    ),
}
