"""Every router of the product, in one list: what is not here is not served."""

from collections.abc import Iterator

from fastapi import APIRouter

from app.settings import Settings
from app.web import gallery


def routers(settings: Settings) -> Iterator[APIRouter]:
    """Give the routers of this installation; pages for development only where that is what it is."""
    if settings.development:
        yield gallery.gallery_routes()
