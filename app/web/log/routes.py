"""`/logboek`: what was done in an organisation, for its auditor."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role, role_title
from app.store.log_reading import LogLine, Wanted
from app.usecases import log_pages, people
from app.usecases.lines import ZONE, today
from app.usecases.log_titles import ACTIONS, OBJECTS, RESULTS
from app.web.cases.views import OptionView, RowView
from app.web.deps import Db, Staff
from app.web.log.pages import LogLineView, LogPage
from app.web.pages import render
from app.web.shells import frame
from app.web.templating import dutch_moment
from app.web.typed import Reading

router = APIRouter(include_in_schema=False)

_LOG = "/logboek"
_CANDIDATE = "kandidaat"
_FIELDS = ("van", "tot", "wie", "wat", "dossier", "resultaat")
_MEDIA = {log_pages.Form.CSV: "text/csv; charset=utf-8", log_pages.Form.JSON_LINES: "application/x-ndjson"}
_IDENTITY = re.compile(r"\b[0-9a-z]{26}\b")
_BETWEEN = re.compile(r"[\[\].]+")
"""What stands between the parts of a place in the questionnaire."""
_MARK = 26
"""No mark of a case is longer than its identity."""


@router.get(_LOG)
def show_log(request: Request, db: Db, actor: Staff, voor: str = "") -> Response:
    """Show one page of the log."""
    read = Reading(FormData(dict(request.query_params)))
    wanted = _wanted(read)
    before = int(voor) if voor.isascii() and voor.isdigit() and len(voor) < 16 else None  # noqa: PLR2004 - fits the column
    return _answer(request, db, actor, read, wanted, before)


@router.get(f"{_LOG}/bestand/{{form}}")
def export(request: Request, db: Db, actor: Staff, form: str) -> Response:
    """Hand out the lines that fit the filter."""
    known = next((one for one in log_pages.Form if one.value == form), None)
    if known is None:
        raise NotFound("no such form")
    read = Reading(FormData(dict(request.query_params)))
    wanted = _wanted(read)
    if read.errors:
        return _answer(request, db, actor, read, wanted, None)
    try:
        body = log_pages.export(db, actor, wanted, known)
    except NotAllowed as refusal:
        read.errors["van"] = refusal.reason
        return _answer(request, db, actor, read, wanted, None)
    name = f"logboek-{today().isoformat()}.{known.value}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=_MEDIA[known], headers=headers)


def _wanted(read: Reading) -> Wanted:
    since, until = read.day("van"), read.day("tot")
    if since and until and until < since:
        read.errors["tot"] = "Deze dag ligt voor de eerste dag. Vul een latere dag in."
    who = read.text("wie")
    mark = read.text("dossier").rpartition("-")[2].lower()
    return Wanted(
        since=datetime.combine(since, time(), ZONE).astimezone(UTC) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), ZONE).astimezone(UTC) if until else None,
        actor_id="" if who == _CANDIDATE else who,
        actor_role=Role.CANDIDATE.value if who == _CANDIDATE else "",
        action=read.text("wat"),
        case_mark=mark[:_MARK],
        result=read.text("resultaat"),
    )


def _answer(request: Request, db: Session, actor: Actor, read: Reading, wanted: Wanted, before: int | None) -> Response:
    shown = log_pages.page(db, actor, Wanted() if read.errors else wanted, before=before)
    chosen = {name: read.typed.get(name, "") for name in _FIELDS if read.typed.get(name)}
    query = urlencode(chosen)
    check = shown.last_check
    said = "nog niet" if check is None else f"{dutch_moment(check.at)}: {'in orde' if check.whole else 'niet in orde'}"
    page = LogPage(
        shell=frame(request, db, actor, current=_LOG),
        action=_LOG,
        state=(
            RowView(label="Laatste controle", value=said),
            RowView(label="Laatste regel van de installatie", value=f"nummer {shown.head[0]}"),
            RowView(label="Controlegetal van die regel", value=shown.head[1] or "nog geen"),
        ),
        broken=check is not None and not check.whole,
        lines=tuple(_view(line, actor.tier) for line in shown.lines),
        people=(
            OptionView(id=_CANDIDATE, label="een kandidaat"),
            *(OptionView(id=one.id, label=f"{one.name} ({one.role_title})") for one in people.colleagues(db, actor)),
        ),
        actions=_options(ACTIONS),
        results=_options(RESULTS),
        filtered=bool(chosen),
        older_url=f"{_LOG}?{urlencode({**chosen, 'voor': shown.older})}" if shown.older else "",
        newest_url=f"{_LOG}?{query}" if before is not None else "",
        csv_url=f"{_LOG}/bestand/csv?{query}",
        json_url=f"{_LOG}/bestand/jsonl?{query}",
        typed=read.typed,
        problems=read.problems,
        errors=read.errors,
    )
    return render(page, status=422 if read.errors else 200)


def _view(line: LogLine, tier: str) -> LogLineView:
    role = next((one for one in Role if one.value == line.actor_role), None)
    title = role_title(role, tier) if role else line.actor_role
    return LogLineView(
        number=line.number,
        when=dutch_moment(datetime.fromisoformat(line.at)),
        who=f"{line.actor_name} ({title})"
        if line.actor_name and line.actor_name != "Toetssteen"
        else (line.actor_name or title),
        what=ACTIONS.get(line.action, line.action) + (f" ({line.times} keer)" if line.times > 1 else ""),
        thing=_thing(line),
        case=line.case_id[-6:].upper() if line.case_id else "",
        origin=line.origin,
        result=RESULTS.get(line.result, line.result),
        kind="neutral" if line.result == "ok" else "warning",
    )


def _thing(line: LogLine) -> str:
    title = OBJECTS.get(line.object_kind, line.object_kind)
    if line.object_kind == "page":
        return f"{title} {line.object_id}"
    if line.object_id in {line.case_id, ""}:
        return title
    # An identity is too wide for a phone; the last characters are what a case is known by as well.
    short = _IDENTITY.sub(lambda found: found[0][-6:].upper(), line.object_id)
    return " ".join((title, *_BETWEEN.split(short))).strip()


def _options(titles: Mapping[str, str]) -> tuple[OptionView, ...]:
    return tuple(OptionView(id=one, label=title) for one, title in sorted(titles.items(), key=lambda told: told[1]))
