"""What the plan's choices and verdicts are called, in Swedish and English. Knows nothing else.

A choice is `kind.value`; a test holds them to the choices there are.
"""

from collections.abc import Mapping

from accounts.codes import Text

WORDS: Mapping[str, Text] = {
    "action.preserve": Text("Bevaras", "Preserved"),
    "action.destroy": Text("Gallras", "Disposed of"),
    "action.review": Text("Omprövas", "Reviewed"),
    "action.per_case": Text("Enligt ärendet", "As the case"),
    "action.transfer": Text(
        "Bevaras i e-arkiv; det lokala exemplaret tas bort",
        "Preserved in the e-archive; the local copy is removed",
    ),
    "activity.steering": Text("styrande verksamhet", "steering"),
    "activity.support": Text("stödverksamhet", "support"),
    "activity.core": Text("kärnverksamhet", "core"),
    "direction.incoming": Text("inkommen", "incoming"),
    "direction.outgoing": Text("upprättad", "outgoing"),
    "direction.both": Text("inkommen och upprättad", "incoming and outgoing"),
    "registration.required": Text("diarieförs", "registered"),
    "registration.collective": Text("samlat diarienummer per år", "collective number a year"),
    "registration.ordered": Text("hålls ordnad", "kept in order"),
    "registration.none": Text("registreras inte", "not registered"),
    "secrecy.open": Text("normalt ingen", "normally none"),
    "secrecy.assess": Text("prövas vid utlämnande", "assessed at disclosure"),
    "secrecy.restricted": Text("hålls åtskild", "kept apart"),
    "role.owner": Text("kontots ägare", "account's owner"),
    "role.officer": Text("registrator", "records officer"),
    "role.archivist": Text("arkivarie", "archivist"),
    "role.manager": Text("godkännande chef", "approving manager"),
    "trigger.created": Text("tillkomst", "creation"),
    "trigger.published": Text("publicering", "publication"),
    "trigger.superseded": Text("ersättning med nyare uppgifter", "being superseded"),
    "trigger.removed": Text("borttagning från kontot", "removal from the account"),
    "trigger.account_closed": Text("kontots avslut", "closing of the account"),
    "trigger.case_closed": Text("ärendets avslut", "closing of the case"),
    "trigger.no_longer_relevant": Text("inaktualitet", "ceasing to be relevant"),
    "trigger.transferred": Text("överföring till e-arkiv", "transfer to the e-archive"),
    "trigger.moderated": Text("moderering", "moderation"),
    "condition.original_verified": Text(
        "att originalet är återfunnet och kontrollerat", "the original found and verified"
    ),
    "condition.profile_captured": Text(
        "att kontots nästa profilbild är tagen", "the account's next profile capture taken"
    ),
    "condition.research_reviewed": Text(
        "att arkivarien har bedömt forskningsvärdet", "the research value judged by the archivist"
    ),
    "source.capture": Text("enligt fångsten", "by the capture"),
    "source.register": Text("enligt kontoregistret", "by the register of accounts"),
    "source.later_capture": Text("enligt en senare fångst", "by a later capture"),
    "source.declared": Text("angivet av {by}: {reason}", "declared by {by}: {reason}"),
    "period_end.exact": Text("på dagen", "on the day"),
    "period_end.calendar_year": Text("vid kalenderårets slut", "with the calendar year"),
    "effect.shortened": Text("förkortas", "shortened"),
    "effect.lengthened": Text("förkortas inte", "not shortened"),
    "effect.same": Text("bara ordalydelse", "words only"),
    "field.rule_id": Text("beteckning", "name"),
    "field.record_type": Text("id", "id"),
    "field.label": Text("handlingstyp", "record type"),
    "field.classification_code": Text("klassificeringskod", "classification code"),
    "field.activity_class": Text("verksamhet", "activity"),
    "field.direction": Text("riktning", "direction"),
    "field.disposal_action": Text("åtgärd", "action"),
    "field.trigger": Text("utgångspunkt", "trigger"),
    "field.retention_period": Text("frist", "period"),
    "field.period_end": Text("fristens slut", "end of the period"),
    "field.created_from": Text("tillkommen från", "created from"),
    "field.created_to": Text("tillkommen till", "created to"),
    "field.valid_from": Text("gäller från", "valid from"),
    "field.valid_to": Text("gäller till", "valid to"),
    "field.disposal_authority": Text("rättsligt stöd", "legal basis"),
    "field.conditions": Text("villkor", "conditions"),
    "field.registration": Text("registrering", "registration"),
    "field.secrecy_default": Text("sekretess", "secrecy"),
    "field.responsible_role": Text("ansvarig", "responsible"),
    "field.reviewer_role": Text("omprövas av", "reviewed by"),
    "field.research_review": Text("forskningsbedömning", "research review"),
    "field.source": Text("källa", "source"),
    "field.remarks": Text("anmärkning", "remarks"),
    "ground.rule": Text("Bevaras enligt regeln.", "Preserved by the rule."),
    "ground.per_case": Text(
        "Bevaras här; regeln för ärendet styr.", "Preserved here; the rule of the case governs."
    ),
    "ground.reviewed": Text(
        "Bevaras: så beslutades vid omprövning.", "Preserved: so it was decided at a review."
    ),
    "ground.no_local_decision": Text(
        "Bevaras: regeln gallrar, men myndigheten har inte beslutat att tillämpa den "
        "(tillämpningsbeslut saknas).",
        "Preserved: the rule disposes, but the authority has not decided to use it "
        "(no local decision).",
    ),
    "ground.outside_window": Text(
        "Bevaras: handlingen kom till {created}, utanför den tid som regeln avser.",
        "Preserved: the record was created {created}, outside the time that the rule is for.",
    ),
    "ground.not_in_force": Text(
        "Bevaras: regeln gäller inte den här dagen.", "Preserved: the rule is not in force today."
    ),
    "doubt.no_plan": Text(
        "Bevaras: ingen plan är antagen.", "Preserved: no plan has been adopted."
    ),
    "doubt.no_type": Text("Bevaras: handlingen är oklassad.", "Preserved: it is unclassified."),
    "doubt.no_rule": Text(
        "Bevaras: planen har ingen regel för handlingstypen {record_type}.",
        "Preserved: the plan has no rule for the record type {record_type}.",
    ),
    "doubt.no_number": Text(
        "Bevaras: handlingen ska diarieföras och saknar diarienummer.",
        "Preserved: it has to be registered and has no registration number.",
    ),
    "doubt.no_case_rule": Text(
        "Bevaras: ärendets regel är inte angiven (insyn register --needs-case --case-action).",
        "Preserved: the case's rule was not noted (insyn register --needs-case --case-action).",
    ),
    "doubt.lies_open": Text(
        "Ska hållas åtskild: pröva sekretessen och kör insyn secrecy flag.",
        "To be kept apart: assess its secrecy and run insyn secrecy flag.",
    ),
    "hold.research_value": Text("forskningsvärde", "research value"),
    "hold.public_insight": Text("allmänhetens insyn", "public insight"),
    "hold.disclosure_request": Text("begäran om utlämnande", "disclosure request"),
    "hold.open_case": Text("pågående ärende", "open case"),
    "hold.appeal": Text("överklagande", "appeal"),
    "hold.secrecy_review": Text("sekretessprövning", "secrecy review"),
    "hold.incident": Text("incident", "incident"),
    "verdict.keep": Text("Behålls till och med {until}.", "Kept through {until}."),
    "verdict.waits": Text("Behålls. Väntar på: {waits}.", "Kept. Waits for: {waits}."),
    "verdict.never": Text("Behålls: fristen tar inte slut.", "Kept: the period does not end."),
    "verdict.review": Text("Ska omprövas sedan {since}.", "To be reviewed since {since}."),
    "work.review": Text(
        "Ska omprövas sedan {since}: insyn review.", "To be reviewed since {since}: insyn review."
    ),
    "verdict.due": Text("Kan gallras sedan {since}.", "May be disposed of since {since}."),
    "verdict.due_transferred": Text(
        "Finns i e-arkivet; det lokala exemplaret kan tas bort sedan {since}.",
        "Is in the e-archive; the local copy may be removed since {since}.",
    ),
    "verdict.blocked": Text(
        "Spärrad av gallringsstopp ({count}). Annars: {otherwise}",
        "Blocked by holds ({count}). Otherwise: {otherwise}",
    ),
    "verdict.gone": Text("Finns inte kvar i arkivet: {status}.", "No longer here: {status}."),
    "gone.destroying": Text("gallras just nu", "being disposed of"),
    "gone.disposed": Text("gallrad", "disposed of"),
    "gone.transferred": Text("överförd till e-arkiv", "transferred"),
    "page.draft": Text(
        "Planen gäller inte förrän myndigheten har antagit den.",
        "The plan is not in force until the authority has adopted it.",
    ),
    "page.rules": Text("Regler för varje handlingstyp", "Rules for each record type"),
    "page.rule": Text("Regel", "Rule"),
    "page.type": Text("Handlingstyp", "Record type"),
    "page.term": Text("Bevarande eller gallring", "Preservation or disposal"),
    "page.basis": Text("Rättsligt stöd", "Legal basis"),
    "page.register": Text("Registrering och sekretess", "Registration and secrecy"),
    "page.role": Text("Ansvar", "Responsible"),
    "page.remarks": Text("Anmärkning och källa", "Remarks and source"),
    "page.secrecy": Text("Sekretess", "Secrecy"),
    "page.only": Text("Villkor:", "Condition:"),
    "page.reviews": Text("Prövar", "Reviewer"),
    "page.research": Text("Forskningsvärdet bedöms av arkivarien", "Research value is judged"),
    "page.created": Text("Avser handlingar tillkomna", "For records created"),
    "page.valid": Text("Regeln gäller", "Rule in force"),
    "page.from": Text("från {day}", "from {day}"),
    "page.to": Text("till och med {day}", "to {day}"),
    "page.inactive": Text(
        "Vilande: tillämpningsbeslut saknas, handlingarna bevaras",
        "Inactive: no local decision, the records are preserved",
    ),
    "page.asleep": Text(
        "Vilande i väntan på tillämpningsbeslut: {count}",
        "Inactive for want of a decision: {count}",
    ),
    "preview.title": Text("Förhandsgranskning av ny plan", "Preview of a new plan"),
    "preview.summary": Text(
        "Från {before} till {after}, räknat {today}. Granskade handlingar: {looked_at}. "
        "Handlingar vars dag ändras: {moved}. Inget är ändrat.",
        "From {before} to {after}, counted on {today}. Records looked at: {looked_at}. "
        "Records whose day changes: {moved}. Nothing is changed.",
    ),
    "preview.by_rule": Text(
        "Handlingar som kan gallras eller ska omprövas, per regel och år",
        "Records that may be disposed of or are to be reviewed, by rule and year",
    ),
    "preview.records": Text("Handlingar vars dag ändras", "Records whose day changes"),
    "preview.more": Text(
        "Ytterligare {count} handlingar står i CSV-filen.", "{count} more are in the CSV file."
    ),
    "preview.rule": Text("Regel", "Rule"),
    "preview.year": Text("År", "Year"),
    "preview.before": Text("Gällande plan", "Plan in force"),
    "preview.after": Text("Ny plan", "New plan"),
    "preview.record": Text("Handling", "Record"),
    "preview.shift": Text("Ändring", "Change"),
    "preview.from": Text("Möjlig dag, gällande plan", "First day, plan in force"),
    "preview.to": Text("Möjlig dag, ny plan", "First day, new plan"),
    "preview.basis": Text("Stöd i ny plan", "Basis in the new plan"),
    "preview.end": Text("Fristens sista dag", "Last day of the period"),
    "preview.holds": Text("Gallringsstopp", "Holds"),
    "shift.becomes": Text("kan gallras eller omprövas", "may go or be reviewed"),
    "shift.ceases": Text("bevaras i stället", "kept instead"),
    "shift.sooner": Text("tidigare", "sooner"),
    "shift.later": Text("senare", "later"),
    "chart.title": Text(
        "Handlingar per år som först då kan gallras eller ska omprövas",
        "Records by the year in which they first may go or are to be reviewed",
    ),
    "chart.before": Text("Gällande plan", "Plan in force"),
    "chart.after": Text("Ny plan", "New plan"),
    "chart.later": Text("senare", "later"),
    "line.record": Text("Handling", "Record"),
    "line.plan": Text("Plan", "Plan"),
    "line.rule": Text("Regel", "Rule"),
    "line.basis": Text("Rättsligt stöd", "Legal basis"),
    "line.term": Text("Åtgärd och frist", "Action and period"),
    "line.created": Text("Kom till", "Created"),
    "line.trigger": Text("Fristen räknas från", "Counted from"),
    "line.conditions": Text("Villkor", "Conditions"),
    "line.arithmetic": Text("Beräkning", "Arithmetic"),
    "line.review": Text("Omprövning", "Review"),
    "line.number": Text("Diarienummer", "Registration number"),
    "line.holds": Text("Gallringsstopp", "Holds"),
    "line.verdict": Text("Bedömning {today}", "Verdict on {today}"),
    "say.draft": Text("utkast, inte antaget", "draft, not adopted"),
    "say.version": Text(
        "version {number}, beslutad {decided_on} av {decided_by}, dnr {dnr}",
        "version {number}, decided {decided_on} by {decided_by}, no. {dnr}",
    ),
    "say.no_plan": Text("ingen antagen plan", "no adopted plan"),
    "say.local_decision": Text(
        "{basis}; tillämpningsbeslut {dnr}, {decided_on}",
        "{basis}; local decision {dnr}, {decided_on}",
    ),
    "say.after": Text("{action} {period} efter {trigger}", "{action} {period} after {trigger}"),
    "say.at_once": Text("{action} vid {trigger}", "{action} upon {trigger}"),
    "say.by_case": Text(
        "Enligt ärendet: gallras {period} efter ärendets avslut",
        "As the case: disposed of {period} after the closing of the case",
    ),
    "say.year": Text(", vid kalenderårets slut", ", at the end of the calendar year"),
    "say.or": Text(" eller ", " or "),
    "say.and": Text(" och ", " and "),
    "say.comma": Text(", ", ", "),
    "say.met": Text("{condition}: uppfyllt {on}, {source}", "{condition}: met {on}, {source}"),
    "say.unmet": Text("{condition}: inte uppfyllt", "{condition}: not met"),
    "say.count": Text(
        "{start} + {period} = {day}{year}. Sista dagen är {end}.",
        "{start} + {period} = {day}{year}. The last day is {end}.",
    ),
    "say.year_end": Text("; räknat till årets slut", "; counted to the end of the year"),
    "say.first": Text("Första möjliga dag: {since}.", "First possible day: {since}."),
    "say.needs_case": Text("kräver ärendehandläggning", "needs case handling"),
    "say.none": Text("inga", "none"),
    "say.missing": Text("saknas", "none"),
    "review.keep_until": Text(
        "{on} av {by}: behålls till och med {until}. {reason}",
        "{on} by {by}: kept through {until}. {reason}",
    ),
    "review.dispose": Text("{on} av {by}: får gallras. {reason}", "{on} by {by}: may go. {reason}"),
    "review.preserve": Text("{on} av {by}: bevaras. {reason}", "{on} by {by}: preserved. {reason}"),
    "review.lapsed": Text(
        "Gäller inte längre: plan, regel eller frist är en annan, eller ett beslut saknas.",
        "No longer counts: plan, rule or period is another, or a decision is missing.",
    ),
    "unit.year": Text("år", "year"),
    "unit.years": Text("år", "years"),
    "unit.month": Text("månad", "month"),
    "unit.months": Text("månader", "months"),
    "unit.day": Text("dag", "day"),
    "unit.days": Text("dagar", "days"),
    "period.none": Text("ingen ytterligare tid", "no further time"),
}


def word(language: str, key: str, /, **facts: object) -> str:
    """A text in `sv` or `en`, its places filled in; an unknown choice is shown as it is."""
    if key not in WORDS:
        return key.partition(".")[2]
    text = WORDS[key].en if language == "en" else WORDS[key].sv
    return text.format(**facts) if facts else text
