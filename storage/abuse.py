"""Where child sexual abuse material was found: nothing is captured there until it is gone (R48).

A notice (`storage.moderating`) closes its account to every order, and its address to every visit,
until two persons have said that the material is no longer on the page.
"""

from datetime import datetime

from accounts.model import AccountId
from storage.catalogue import Connection, abused
from storage.errors import Malformed, NotAllowed, NotFound
from storage.journal import Act
from storage.people import DECIDERS, Actor
from storage.roles import demand_different, demand_role
from storage.vault import Vault


def closed(vault: Vault) -> dict[AccountId, datetime]:
    """Accounts at which nothing is captured, and since when."""
    with vault.catalogue.read() as connection:
        return abused.closed(connection)


def demand_clean(connection: Connection, account: AccountId, address: str = "") -> None:
    """Refuse an account, or an address, with an open notice.

    Raises:
        NotAllowed: there is one.
    """
    if abused.is_closed(connection, account, address.strip()):
        raise NotAllowed(
            f"Nothing is captured of {account}: abuse material was reported there. When it is gone "
            "from the page, two persons say so: insyn account reopen."
        )


def require_clean(vault: Vault, account: AccountId, address: str) -> None:
    """Refuse before a visit; see `demand_clean`."""
    with vault.catalogue.read() as connection:
        demand_clean(connection, account, address)


def reopen(
    vault: Vault, account: AccountId, reason: str, actor: Actor, second: Actor | None
) -> None:
    """Journal that the material is gone from the page: the account may be captured again.

    Raises:
        NotAllowed: not two different persons who decide. NotFound: nothing was reported there.
        Malformed: no reason.
    """
    if not reason.strip():
        raise Malformed(
            f"{account} cannot be opened again", ["reason: say how it is known to be gone"]
        )
    with vault.catalogue.write() as tx:
        demand_role(tx.connection, actor, DECIDERS, "open an account again")
        other = demand_different(actor, second, "say that abuse material is gone from a page")
        demand_role(tx.connection, other, DECIDERS, "open an account again")
        if not abused.is_closed(tx.connection, account, ""):
            raise NotFound(f"No abuse material stands reported at {account}: it is not closed.")
        detail = {"second": str(other), "reason": reason.strip()}
        tx.append(actor, Act.ABUSE_CLEARED, account, detail)
    vault.seal()
