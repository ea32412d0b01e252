"""The commands of `insyn`, one module a noun. Each imports what it works with when it runs."""
