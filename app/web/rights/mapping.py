"""From what the use cases know about a request for a correction to what the pages show."""

from app.usecases.rectifying import RequestLine
from app.web.cases.views import RowView
from app.web.rights.pages import RequestView
from app.web.templating import dutch_moment


def request_view(
    one: RequestLine, *, action: str = "", reopens: bool = False, typed: str = "", error: str = ""
) -> RequestView:
    """Show one request; `action` is where it can be answered."""
    rows = [
        RowView(label="Er stond", value=one.before),
        RowView(label="Moet zijn", value=one.wanted),
        RowView(label="Waarom", value=one.reason),
        RowView(label="Gevraagd op", value=dutch_moment(one.at)),
    ]
    if one.decided_at is not None:
        rows.append(RowView(label="Beantwoord", value=f"{one.decided_by}, {dutch_moment(one.decided_at)}"))
    if one.answer_reason:
        rows.append(RowView(label="Reden", value=one.answer_reason))
    return RequestView(
        id=f"verzoek-{one.id}".lower(),
        title=f"{one.about}: {one.question}" if one.about else one.question,
        state="wacht op antwoord" if one.agreed is None else _answered(one),
        kind="warning" if one.agreed is None else "ok" if one.agreed else "neutral",
        rows=tuple(rows),
        action=action if one.agreed is None else "",
        is_list=one.is_list,
        reopens=reopens,
        typed=typed,
        error=error,
    )


def _answered(one: RequestLine) -> str:
    if not one.agreed:
        return "niet overgenomen"
    return "u kunt de lijst wijzigen" if one.is_list else "overgenomen"
