"""Proving who somebody is: passwords, sessions, and the invitation of a candidate."""
