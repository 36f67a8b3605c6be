"""Files where their answer stands: on a page of questions, and among answers that are read."""

from app.questionnaires.answers import AnswerPath
from app.usecases.attachments import AttachmentLine
from app.usecases.sections import SectionView
from app.web.cases.views import AttachedView, RowView
from app.web.templating import dom_id, dutch_date

Lines = tuple[AttachmentLine, ...]


def address(line: AttachmentLine) -> str:
    """Give the address where a file is handed out."""
    return f"/bijlagen/{line.id}"


def origin(line: AttachmentLine) -> str:
    """Say where a file comes from; empty for what the candidate added."""
    told = line.source
    return "" if told is None else f"{told.title}: {told.origin}, {dutch_date(told.on)}"


def file_row(line: AttachmentLine, candidate: str = "de kandidaat") -> RowView:
    """Show a file on a row of a list. `candidate` is what its reader calls the candidate."""
    told = f"{dutch_date(line.added_at)}, van {line.by_name or candidate}"
    return RowView(
        label=f"Bijlage: {line.subject}",
        value=f"{told}. {origin(line)}" if line.source else told,
        href=address(line),
        action="Downloaden",
    )


def rows_at(lines: Lines, path: str, candidate: str = "de kandidaat") -> tuple[RowView, ...]:
    """Show the files that belong to one answer, or to one thing of a list."""
    return tuple(file_row(line, candidate) for line in lines if line.about == path)


def at_questions(lines: Lines, view: SectionView) -> tuple[AttachedView, ...]:
    """Show files on the page of a section: at their question, and those about one thing of a list at that list."""
    titles = {f"{one.path}[{item.item_id}]": item.title for one in view.questions for item in one.items}
    return tuple(
        AttachedView(
            at=dom_id(AnswerPath.parse(line.about).group),
            title=f"{titles[line.about]}: {line.subject}" if line.about in titles else line.subject,
            whose=_told(line),
            href=address(line),
        )
        for line in lines
        if line.about
    )


def at_item(lines: Lines, path: str) -> tuple[AttachedView, ...]:
    """Show the files about one thing of a list, on its own page."""
    return tuple(
        AttachedView(at="", title=line.subject, whose=_told(line), href=address(line))
        for line in lines
        if line.about == path
    )


def _told(line: AttachmentLine) -> str:
    """Say to the candidate who added a file."""
    return f"toegevoegd door {line.by_name}" if line.by_name else "door u toegevoegd"
