"""Every page of the product, in one list. What is not here does not exist."""

from fastapi import APIRouter

from app.settings import Settings
from app.web.account import routes as account
from app.web.cases import routes as cases
from app.web.gallery import gallery_routes


def routers(settings: Settings) -> tuple[APIRouter, ...]:
    """Give the routes of every slice; the pages for developers only in development."""
    always = (account.router, cases.router)
    return (*always, gallery_routes()) if settings.development else always
