"""The object store: the one door to boto3. See `store.py`."""

from storage.objects.bucket import Bucket
from storage.objects.store import Head, Refusal, Store, Version

__all__ = ["Bucket", "Head", "Refusal", "Store", "Version"]
