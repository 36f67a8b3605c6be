"""Where the files of the web pages lie. Nothing else, so that a check can ask before it loads any of them."""

from pathlib import Path


def templates_directory() -> Path:
    """Find the templates: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(__file__).parents[1]
    inside = package / "_templates"
    return inside if inside.is_dir() else package.parent / "templates"
