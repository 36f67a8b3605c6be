"""The pages that need no sign-in."""

from fastapi import APIRouter, Request, Response

from app import __version__
from app.questionnaires.context import Tier
from app.questionnaires.glossary import in_alphabet
from app.questionnaires.wording import worded
from app.usecases import library
from app.web.cases.views import TermView
from app.web.pages import render
from app.web.public.pages import AboutPage, AccessibilityPage, GlossaryPage, PrivacyPage
from app.web.shells import door

router = APIRouter(include_in_schema=False)


@router.get("/over")
def about(request: Request) -> Response:
    """Tell what this is."""
    asked = library.newest()
    page = AboutPage(
        shell=door(request),
        version=__version__,
        rules=len(library.rulebook(asked).rules),
        questions=len(asked.questions),
    )
    return render(page)


@router.get("/privacy")
def privacy(request: Request) -> Response:
    """Tell what happens with answers."""
    return render(PrivacyPage(shell=door(request)))


@router.get("/toegankelijkheid")
def accessibility(request: Request) -> Response:
    """Tell what was done for accessibility."""
    return render(AccessibilityPage(shell=door(request)))


@router.get("/begrippen")
def glossary(request: Request) -> Response:
    """Explain the words."""
    terms = in_alphabet(worded(library.newest(), Tier.MUNICIPALITY))
    shown = tuple(TermView(term=one.term, meaning=one.meaning) for one in terms)
    return render(GlossaryPage(shell=door(request), terms=shown))
