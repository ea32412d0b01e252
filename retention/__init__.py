"""Retention: the plan as law, and what it says of each record. Storage is reached from the rim."""
