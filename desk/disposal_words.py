"""What the desk says of proposals and disposals, in Swedish and English; joined in `words`."""

from collections.abc import Mapping

Pair = tuple[str, str]
"""A text in Swedish and in English."""

DISPOSAL: Mapping[str, Pair] = {
    "also_in": ("Inlägg finns även i", "Posts also in"),
    "approvals": ("Godkännanden", "Approvals"),
    "approved_at": ("Godkänt", "Approved"),
    "certificate": ("Protokoll", "Certificate"),
    "ends_as": ("Handlingarna blir", "The records become"),
    "receipt": ("Kvitto", "Receipt"),
    "digest": ("Kontrollsumma", "Digest"),
    "drawn_at": ("Upprättat", "Drawn up"),
    "drawn_by": ("Upprättat av", "Drawn up by"),
    "executor": ("Utfört av", "Carried out by"),
    "outcome": ("Utfall", "Outcome"),
    "period": ("Frist", "Period"),
    "proposal": ("Förslag", "Proposal"),
    "ready_at": ("Får verkställas från", "May be carried out from"),
    "seat": ("Roll", "Role"),
    "valid_until": ("Gäller till", "Valid until"),
    "transfer.prepared": (
        "Handlingar: {records}, filer: {files}, i {folder}; kontrollsummorna i delivery.json.",
        "Records: {records}, files: {files}, in {folder}; their digests in delivery.json.",
    ),
    "transfer.next": (
        "Ingenting har lämnat arkivet. När e-arkivet har kvitterat: insyn transfer receipt FIL",
        "Nothing has left the archive. With the e-archive's receipt: insyn transfer receipt FILE",
    ),
    "transfer.kept": (
        "Inget är borttaget: det lokala exemplaret går som planen säger, på gallringsförslag.",
        "Nothing was removed: the local copy goes as the plan says, by a proposal.",
    ),
    "transfer.noted": (
        "Kvittot stämmer och är bevarat ({receipt}). Överförda handlingar: {records}.",
        "The receipt agrees and is kept ({receipt}). Records transferred: {records}.",
    ),
    "proposal_state.draft": ("utkast", "draft"),
    "proposal_state.frozen": ("väntar på kontots ägare", "awaits the account's owner"),
    "proposal_state.owner_ok": ("väntar på arkivarie", "awaits an archivist"),
    "proposal_state.archivist_ok": ("väntar på en tredje person", "awaits a third person"),
    "proposal_state.cooling": ("godkänt, i betänketid", "approved, cooling off"),
    "proposal_state.ready": ("får verkställas", "ready"),
    "proposal_state.executing": ("verkställs", "being carried out"),
    "proposal_state.paused": ("avbrutet", "paused"),
    "proposal_state.verified": ("kontrollerat", "verified"),
    "proposal_state.certified": ("protokollfört", "certified"),
    "proposal_state.withdrawn": ("återtaget", "withdrawn"),
    "proposal_state.rejected": ("avslaget", "rejected"),
    "proposal_state.expired": ("godkännandet har löpt ut", "approvals ran out"),
    "item.proposed": ("föreslagen", "proposed"),
    "item.struck": ("struken", "struck"),
    "item.approved": ("godkänd", "approved"),
    "item.done": ("gallrad", "disposed of"),
    "item.skipped": ("inte gallrad", "skipped"),
    "moved.done": ("överförd, borttagen här", "transferred, removed here"),
    "moved.skipped": ("inte borttagen", "skipped"),
    "item.blocked": ("stoppad av lås", "blocked by a lock"),
    "item.failed": ("misslyckad", "failed"),
    "seat.owner": ("kontots ägare", "account's owner"),
    "seat.archivist": ("arkivarie", "archivist"),
    "seat.third": ("tredje person", "third person"),
    "why.held": ("gallringsstopp råder", "a hold stands"),
    "why.changed": ("ändrad sedan listan låstes", "changed since the list was frozen"),
    "why.objects": ("objekten är inte listans", "its objects are not those of the list"),
    "why.plan": ("en annan plan gäller", "another plan is in force"),
    "why.receipt": ("inget kvitto visar överföringen", "no receipt proves its transfer"),
    "why.rule": ("fristen är inte ute", "no longer due"),
    "why.approval": ("godkännandet gäller inte längre", "an approval no longer counts"),
    "why.gone": ("finns inte kvar", "gone"),
    "why.legal_hold": ("lagret har ett okänt lås", "the store has an unknown lock"),
    "why.remains": ("en version finns kvar", "a version remains"),
    "dispose.again": (
        "Återställda handlingar som tagits bort på nytt: {records}.",
        "Restored records removed again: {records}.",
    ),
    "dispose.copies_left": (
        "Gallringar med kopior kvar: {count}. Sök på nytt med insyn dispose --again.",
        "Disposals with copies left: {count}. Look again with insyn dispose --again.",
    ),
    "dispose.supplements": (
        "Tilläggsprotokoll om kopior som är borta: {records}.",
        "Supplements on copies that are gone: {records}.",
    ),
    "dispose.none": ("Inget förslag får verkställas nu.", "No proposal is ready."),
    "dispose.unstamped": (
        "Protokoll som väntar på tidsstämpel: {count}. {why}",
        "Certificates that wait for a time stamp: {count}. {why}",
    ),
    "transferred_to": ("överförd till {name}, {reference}", "transferred to {name}, {reference}"),
    "disposed_by": ("gallrad enligt {rule}, plan {plan}", "disposed of by {rule}, plan {plan}"),
    "proposal.approved": (
        "Förslaget {proposal} är godkänt: {state}.",
        "Proposal {proposal} is approved: {state}.",
    ),
    "proposal.drawn": ("Förslaget {proposal} är upprättat.", "Proposal {proposal} is drawn up."),
    "proposal.ended": ("Förslaget {proposal} är {state}.", "Proposal {proposal} is {state}."),
    "proposal.none_drawn": (
        "Det finns inget att föreslå till gallring.",
        "There is nothing to propose.",
    ),
    "proposal.ready_at": ("Får verkställas från {at}.", "May be carried out from {at}."),
    "proposal.resumed": ("Förslaget {proposal} går vidare.", "Proposal {proposal} goes on."),
    "proposal.struck": (
        "Strukna handlingar i förslaget {proposal}: {count}.",
        "Records struck from proposal {proposal}: {count}.",
    ),
    "proposal.title": ("Gallringsförslag {proposal}", "Proposal for disposal {proposal}"),
    "proposals.none": ("Inga öppna gallringsförslag.", "No open proposals."),
    "act.purge_begun": ("nödradering påbörjad", "purge begun"),
    "act.purged": ("nödraderad", "purged"),
    "act.incident_noted": ("incident", "incident"),
    "act.final_verified": ("slututtag kontrollerat", "final capture verified"),
    "act.copies_gone": ("kopior borta", "copies gone"),
    "act.timestamped": ("tidsstämplad", "time-stamped"),
    "act.notice_told": ("meddelat", "notice told"),
    "purge.also_in": (
        "Samma inlägg finns i {records}: radera även dem om materialet syns där.",
        "The same posts are in {records}: purge them too if the material is seen there.",
    ),
    "purge.done": (
        "{subject} är raderad: {versions} versioner togs bort. Incidenten är journalförd.",
        "{subject} is purged: {versions} versions were removed. The incident is journaled.",
    ),
    "purge.next": (
        "Anmäl till polisen och anteckna: insyn moderate --category csam.",
        "Report to the police, and note it: insyn moderate --category csam.",
    ),
    "purge.told": ("De som ska veta det har fått e-post.", "Those who must know were mailed."),
    "purge.nobody_told": (
        """Färre än två personer har fått e-post (INSYN_MAIL_INCIDENT, INSYN_SMTP_URL).
Meddela nu själv två som ska veta det. {why}""",
        """Fewer than two persons were mailed (INSYN_MAIL_INCIDENT, INSYN_SMTP_URL).
Tell two who must know, now. {why}""",
    ),
    "purge.on_disk": (
        "Lagrets filer kan ännu innehålla det som togs bort: kör kommandot igen.",
        "The store's files may still hold what was removed: run the command again.",
    ),
    "purged": ("raderad av två personer (incident)", "purged by two persons (incident)"),
    "tombstone.purged": (
        "Handlingen raderades {at} av två personer, förbi gallringsstopp och lås. Se journalen.",
        "The record was purged {at} by two persons, past holds and locks. See the journal.",
    ),
    "tombstone.transferred": (
        """Handlingen bevaras av {name} ({reference}, kvitterad {received_on}).
Det lokala exemplaret togs bort {at} enligt {basis}.""",
        """The record is kept by {name} ({reference}, received {received_on}).
The local copy was removed {at} by {basis}.""",
    ),
    "tombstone": (
        "Handlingen är gallrad {at} enligt {basis}.",
        "The record was disposed of {at} by {basis}.",
    ),
}
