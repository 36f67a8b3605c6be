"""The application: wiring, nothing else. `create_app` is the only place where the parts meet."""

import threading
from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from app import __version__, collecting, errors, logs
from app.settings import Settings
from app.store import keys, processing, revisions
from app.store.engine import CONNECTIONS, open_engine, require_writable
from app.store.trouble import ADVICE, trouble_of
from app.usecases import assessing, audit_log, keeping_daily, library, mailbox, master_keys, wall_clock, watching
from app.usecases.autosaving import Autosaver, warm_up
from app.usecases.turned_away import TurnedAway
from app.web import turned_away
from app.web.account.routes import ask_to_sign_in
from app.web.assets import Assets
from app.web.cases.autosave import Remembered, autosave_route
from app.web.deps import SignInNeeded
from app.web.pace import Pace
from app.web.problems import out_of_order, problem
from app.web.refusals import Refusals
from app.web.review.independence import ask_to_declare
from app.web.routes import routers
from app.web.security import (
    BodyLimit,
    Compression,
    LastResort,
    PlainAddress,
    PlainLetters,
    SameOriginOnly,
    SecurityHeaders,
)
from app.web.tracing import Traced

AT_ONCE = CONNECTIONS - 2
"""Requests that hold a connection; two are left for the writer of saves and for the mail."""


class NotMigratedError(RuntimeError):
    """The database does not have the shape this release works with."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application. Without settings they are read from the environment."""
    chosen = settings or Settings()
    app = FastAPI(
        title="Toetssteen",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_life,
        redirect_slashes=False,
    )
    app.state.settings = chosen
    app.state.engine = open_engine(chosen.database, chosen.master_keys)
    app.state.room = Semaphore(AT_ONCE)
    app.state.turned_away = TurnedAway(app.state.engine)
    app.state.remembered = Remembered(app.state.engine, chosen)
    processing.write_to(chosen.processing_log, chosen.processing_activity, chosen.processing_log_key)
    assessing.keep_at_most(chosen.cached_cases)
    library.keep_packs_in(chosen.data_dir)
    _middleware(app, chosen)
    _errors(app)
    app.mount("/static", Assets(), name="static")
    app.add_api_route("/gezond", _health, methods=["GET"], include_in_schema=False)
    # Before the routers: the ordinary route at the same address takes what this one leaves.
    app.router.routes.append(autosave_route())
    for router in routers(chosen):
        app.include_router(router)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    _require(app, settings)
    stop = threading.Event()
    delivery = threading.Thread(
        target=mailbox.deliver_until, args=(app.state.engine, settings, stop), name="outbox", daemon=True
    )
    delivery.start()
    daily = threading.Thread(
        target=keeping_daily.warn_until, args=(app.state.engine, settings, stop), name="keeping", daemon=True
    )
    daily.start()
    watch = threading.Thread(
        target=watching.watch_until,
        args=(app.state.engine, settings, stop, app.state.turned_away),
        name="watch",
        daemon=True,
    )
    watch.start()
    export = (app.state.engine, settings, stop)
    threading.Thread(target=audit_log.export_until, args=export, name="audit-heads", daemon=True).start()
    # Reading questionnaire and rules takes a second or two; the first page need not wait for them.
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    threading.Thread(target=_housekeeping, args=(stop,), name="housekeeping", daemon=True).start()
    app.state.autosaver = Autosaver(app.state.engine, most_cases=settings.cached_cases)
    # What was destroyed does not stay in memory either.
    keys.ring_of_engine(app.state.engine).when_gone += [assessing.forget, app.state.autosaver.forget]
    try:
        with collecting.calm():
            yield
    finally:
        app.state.autosaver.close()
        stop.set()
        delivery.join(timeout=10)
        daily.join(timeout=10)
        watch.join(timeout=10)
        app.state.turned_away.flush(everything=True)
        app.state.engine.dispose()


def _require(app: FastAPI, settings: Settings) -> None:
    """Refuse to start without what every page needs, and tell the operator what to do."""
    try:
        _require_shape(settings)
        require_writable(app.state.engine)
        master_keys.require(app.state.engine)
        wall_clock.go_on(app.state.engine)
    except (NotMigratedError, errors.KeysMissing) as error:
        logs.error("cannot_start", kind=type(error).__name__, advice=str(error))
        raise
    except Exception as error:
        if (found := trouble_of(error)) is not None:
            logs.error("cannot_start", kind=found, advice=ADVICE[found])
        raise
    if advice := master_keys.advice(settings):
        logs.noted("master_key_readable", advice=advice)


def _require_shape(settings: Settings) -> None:
    if revisions.current(settings.database) != revisions.newest():
        raise NotMigratedError("the database is not up to date; run: toetssteen migrate")


@cache
def _warm_up() -> None:
    warm_up()
    collecting.thoroughly()


def _housekeeping(stop: threading.Event) -> None:
    while not stop.wait(collecting.EVERY_SECONDS):
        collecting.thoroughly()


def _middleware(app: FastAPI, settings: Settings) -> None:
    # The last one added is the outermost: headers stand on every answer, also on a refusal.
    app.add_middleware(Traced)
    refuse = Refusals().answer
    app.add_middleware(PlainLetters, refuse=refuse)
    app.add_middleware(PlainAddress, refuse=refuse)
    app.add_middleware(BodyLimit, limit=settings.body_limit, files=settings.attachment_bytes + 10_000, refuse=refuse)
    app.add_middleware(Pace, per_minute=settings.open_forms_per_minute, refuse=refuse)
    app.add_middleware(SameOriginOnly, refuse=refuse)
    app.add_middleware(Compression)
    app.add_middleware(LastResort, answer=_unexpected)
    app.add_middleware(SecurityHeaders, https=settings.secure_cookies)


def _errors(app: FastAPI) -> None:
    """Say which answer belongs to which error: the core knows no HTTP."""

    @app.exception_handler(errors.NotFound)
    def not_found(request: Request, error: errors.NotFound) -> Response:
        return turned_away.on_record(request, error, problem(request, 404))

    @app.exception_handler(errors.NotAllowed)
    def not_allowed(request: Request, error: errors.NotAllowed) -> Response:
        return turned_away.act_on_record(request, problem(request, 403, reason=error.reason))

    @app.exception_handler(errors.DeclarationNeeded)
    def declare_first(request: Request, error: errors.DeclarationNeeded) -> Response:
        return ask_to_declare(request, error)

    @app.exception_handler(errors.Stale)
    def stale(request: Request, _error: errors.Stale) -> Response:
        return problem(request, 409)

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, _error: RequestValidationError) -> Response:
        return problem(request, 422)

    @app.exception_handler(HTTPException)
    def other(request: Request, error: HTTPException) -> Response:
        return problem(request, error.status_code, headers=dict(error.headers or {}))

    @app.exception_handler(SignInNeeded)
    async def sign_in(request: Request, error: SignInNeeded) -> Response:
        return await ask_to_sign_in(request, error)


def _unexpected(request: Request, error: Exception) -> Response:
    # The pattern of the address, not the address: that of an invitation is a key.
    path = getattr(request.scope.get("route"), "path", "")
    if (found := trouble_of(error)) is not None:
        logs.error(found, path=path, kind=type(error).__name__)
        return out_of_order(request)
    logs.error("unexpected_error", path=path, exc_info=error)
    return problem(request, 500)


def _health() -> JSONResponse:
    """Tell that this process answers."""
    return JSONResponse({"status": "ok", "version": __version__})
