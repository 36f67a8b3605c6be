"""What people see when something cannot be done: one page, one fragment, one table of sentences.

No blame and no jargon: what happened, whether something was lost, and what to do now. Routes and exception handlers
call `problem`; the middleware of `app.web.security` calls it through `refusal`.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.web.pages import Page, Part, Shell, is_htmx, render


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage(Page):
    """A page about something that cannot be done."""

    template: ClassVar[str] = "errors/problem.html"
    heading: str
    body: str
    advice: str
    address: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPart(Part):
    """The same for a request that asked for a fragment: it lands above the page, nothing else on it changes."""

    template: ClassVar[str] = "errors/problem.html"
    block: ClassVar[str] = "fragment"
    heading: str
    body: str
    advice: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """What to say: a heading, what happened, what to do. `link` and `address` offer the way out."""

    heading: str
    body: str
    advice: str
    link: str = "Naar het begin"
    address: str = "/"


_FROM_ELSEWHERE = "Dit verzoek kwam van een andere website. Daarom hebben we het niet uitgevoerd."

# By HTTP status. 404 is also the answer for what belongs to somebody else: the page must not tell the two apart.
SENTENCES = {
    400: Sentences(
        "We begrijpen dit verzoek niet",
        "Er is iets misgegaan bij het versturen. Er is niets veranderd.",
        "Ga terug, laad de pagina opnieuw en probeer het nog een keer.",
    ),
    401: Sentences(
        "U bent niet meer ingelogd",
        "U was een tijd niet actief. Daarom bent u uitgelogd. Wat al was opgeslagen, staat er nog.",
        "Log opnieuw in. Daarna kunt u verder.",
        "Opnieuw inloggen",
        "/inloggen",
    ),
    403: Sentences(
        "Dit kan nu niet",
        "U mag deze handeling op dit moment niet doen. Er is niets veranderd.",
        "Denkt u dat dit niet klopt? Neem dan contact op. Onderaan de pagina staat met wie.",
    ),
    404: Sentences(
        "Deze pagina is er niet",
        "De pagina bestaat niet (meer), of is niet voor u bedoeld.",
        "Controleer het adres. Of ga naar het begin en zoek daar verder.",
    ),
    405: Sentences(
        "Deze pagina kunt u niet rechtstreeks openen",
        "Dit adres hoort bij een knop in een formulier. Er is niets veranderd.",
        "Ga terug naar de vorige pagina en gebruik de knop daar.",
    ),
    409: Sentences(
        "Iemand anders was u voor",
        "Dit is intussen door iemand anders veranderd. Uw wijziging is nog niet opgeslagen.",
        "Ga terug, laad de pagina opnieuw en kijk wat er nu staat. Pas het daarna zo nodig aan.",
    ),
    413: Sentences(
        "Dit is te veel in één keer",
        "Wat u verstuurde is te groot. Het is niet opgeslagen.",
        "Ga terug met de knop van uw browser: uw tekst staat er dan nog. Maak de tekst korter en probeer het opnieuw.",
    ),
    422: Sentences(
        "Er klopt iets niet in wat u verstuurde",
        "We konden niet alles lezen. Er is niets veranderd.",
        "Ga terug, kijk de velden na en probeer het nog een keer.",
    ),
    429: Sentences(
        "Even wachten",
        "Van uw netwerk kwamen net heel veel verzoeken. Om misbruik te voorkomen vragen we u even te wachten. "
        "Wat u verstuurde, is nog niet verwerkt.",
        "Wacht een minuut. Ga dan terug met de knop van uw browser: uw tekst staat er dan nog. Probeer het opnieuw.",
    ),
    500: Sentences(
        "Er ging bij ons iets mis",
        "Dit ligt niet aan u. Wat al was opgeslagen, staat er nog.",
        "Probeer het zo opnieuw. Lukt het dan nog niet? Neem dan contact op. Onderaan de pagina staat met wie.",
    ),
    503: Sentences(
        "We kunnen nu niets opslaan of ophalen",
        "Dit ligt niet aan u. Wat al was opgeslagen, staat er nog. Wat u net verstuurde, is nog niet opgeslagen.",
        "Ga terug met de knop van uw browser: uw tekst staat er dan nog. Probeer het over een minuut opnieuw. "
        "Lukt het dan nog niet? Bel of mail dan uw contactpersoon.",
    ),
}


def problem(
    request: Request,
    status: int,
    *,
    reason: str = "",
    shell: Shell | None = None,
    headers: dict[str, str] | None = None,
) -> HTMLResponse:
    """Answer with the page or the fragment for a status. `reason` (Dutch, fit to show) replaces the second sentence.

    A status without sentences of its own gets those of its hundred. Without a `shell` the page names the product only.
    """
    said = SENTENCES.get(status) or SENTENCES[max(400, min(status // 100 * 100, 500))]
    body = reason or said.body
    if is_htmx(request):
        part = ProblemPart(heading=said.heading, body=body, advice=said.advice)
        return render(part, status=status, headers=headers)
    page = ProblemPage(
        shell=shell or Shell(organisation="Toetssteen"),
        heading=said.heading,
        body=body,
        advice=said.advice,
        link=said.link,
        address=said.address,
    )
    return render(page, status=status, headers=headers)


RETRY_SECONDS = 30
"""After how many seconds trying again makes sense when the storage is away (RFC 9110, section 10.2.3)."""


def out_of_order(request: Request) -> HTMLResponse:
    """Answer while the database is away, full or closed for writing: nothing is lost, try again in a moment."""
    return problem(request, 503, headers={"Retry-After": str(RETRY_SECONDS)})


def refusal(request: Request, status: int) -> HTMLResponse:
    """Answer for the middleware of `app.web.security`, which knows nobody and no organisation."""
    return problem(request, status, reason=_FROM_ELSEWHERE if status == HTTPStatus.FORBIDDEN else "")
