"""Toetssteen: an integrity risk analysis for candidates for Dutch public office, from first question to council document."""

__version__ = "0.1.0"
