"""The catalogue: the one door to SQLAlchemy. See `catalogue.py`."""

from sqlalchemy import Connection

from storage.catalogue.catalogue import Catalogue, Transaction
from storage.catalogue.contents import Contents, ContentsOf
from storage.catalogue.find import Hit
from storage.catalogue.moments import moment, stamp

__all__ = [
    "Catalogue",
    "Connection",
    "Contents",
    "ContentsOf",
    "Hit",
    "Transaction",
    "moment",
    "stamp",
]
