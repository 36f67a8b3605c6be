"""Which trace a request belongs to, for the processing log."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.store import processing


class Traced:
    """Lets everything that a request does belong to one trace: that of its `traceparent`, or a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on. A header that cannot be read counts as none (W3C Trace Context, section 4.3)."""
        if scope["type"] == "http":
            found = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
            processing.within(processing.trace_of(found.decode("latin-1")))
        await self._app(scope, receive, send)
