"""The rights of a candidate: a copy of everything that is kept, and asking for a correction."""
