"""Texts that people write in a case: there when they must be, and never longer than a page."""

from app.errors import NotAllowed

TEXT_LENGTH = 5000


def required_text(text: str, message: str) -> str:
    """Give a text that must be there. Raises NotAllowed with the Dutch `message` when it is not, or when it is too long."""
    if not text.strip():
        raise NotAllowed(message)
    return optional_text(text)


def optional_text(text: str) -> str:
    """Give a text that may be empty. Raises NotAllowed when it is longer than a page."""
    if len(text) > TEXT_LENGTH:
        raise NotAllowed("Deze tekst is te lang. Maak hem korter dan 5.000 tekens.")
    return text.strip()
