"""What notices say, in Swedish and English. Knows nothing else."""

from collections.abc import Mapping

from accounts.codes import Text

TEXTS: Mapping[str, Text] = {
    "dormant": Text(
        "Inget har publicerats på {name} ({account}) på sex månader: kontot är vilande sedan "
        "{since}. Publicera igen, eller avveckla det.",
        "Nothing has been published on {name} ({account}) for six months: dormant since {since}. "
        "Publish again, or wind it up.",
    ),
    "warned": Text(
        "Halvårsbilden av {name} ({account}) för {half} saknas. Den ska vara tagen senast {last}: "
        "se luckorna (insyn gap list) och beställ en.",
        "The capture of {name} ({account}) for {half} is missing. It is to be made by {last}: look "
        "at the gaps (insyn gap list) and order one.",
    ),
    "overdue": Text(
        "Halvårsbilden av {name} ({account}) för {half} togs aldrig. Beställ en nu; "
        "det missade halvåret står kvar.",
        "The capture of {name} ({account}) for {half} was never made. Order one now; the missed "
        "half-year stays listed.",
    ),
    "final": Text(
        "{name} ({account}) avvecklas. Stäng inte sidan förrän slututtaget är taget och "
        "kontrollerat (insyn account wind-up).",
        "{name} ({account}) is being wound up. Do not close the page before the final capture is "
        "made and verified (insyn account wind-up).",
    ),
    "lost": Text(
        "{name} ({account}) stängdes innan slututtaget var taget. Slututtaget kan inte göras om.",
        "{name} ({account}) was closed before its final capture. It cannot be made any more.",
    ),
    "closed": Text(
        "{name} ({account}) är avslutat {day}. Slututtaget är taget och kontrollerat.",
        "{name} ({account}) was closed on {day}. Its final capture is made and verified.",
    ),
    "closed_early": Text(
        "{name} ({account}) är avslutat {day}, men inget kontrollerat slututtag finns. "
        "Avvecklingen är inte klar.",
        "{name} ({account}) was closed on {day}, but no final capture is verified. The wind-up is "
        "not complete.",
    ),
    "deputy": Text(
        "En ställföreträdares uppdrag för {name} ({account}) går ut {day}. Utse en ny, eller "
        "förläng det.",
        "A deputy's time for {name} ({account}) ends on {day}. Appoint another, or extend it.",
    ),
    "login": Text(
        "Inloggningen för {name} ({account}) gäller inte längre. Inga bilder tas förrän någon "
        "loggar in igen: insyn login {account}.",
        "The login of {name} ({account}) is no longer accepted. Nothing is captured until somebody "
        "signs in anew: insyn login {account}.",
    ),
    "review": Text(
        "Gallringsstoppet {hold} skulle omprövas {day}. Det gäller tills någon häver det: "
        "insyn hold review eller insyn hold lift.",
        "Hold {hold} was to be reviewed by {day}. It stands until somebody lifts it: insyn hold "
        "review or insyn hold lift.",
    ),
    "incident": Text(
        "Incident {incident} den {day}: handlingar har raderats av två personer, förbi "
        "gallringsstopp och lås. Journalen säger vem och varför.",
        "Incident {incident} on {day}: records were purged by two persons, past holds and locks. "
        "The journal says who and why.",
    ),
    "abuse": Text(
        "På {account} är övergreppsmaterial anmält sedan {day}: inget fotograferas där. När det är "
        "borta från sidan intygar två personer det: insyn account reopen {account}.",
        "Abuse material stands reported at {account} since {day}: nothing is captured there. When "
        "it is gone from the page two persons say so: insyn account reopen {account}.",
    ),
    "purge": Text(
        "Raderingen av {record} är påbörjad men inte klar. Kör insyn purge igen.",
        "The purge of {record} was begun and is not ended. Run insyn purge again.",
    ),
}
