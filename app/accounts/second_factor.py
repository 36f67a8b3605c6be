"""One-time codes of an authenticator app (TOTP, RFC 6238), and the picture that brings the secret into the app.

Thirty seconds a code, six digits and SHA-1: what every app understands. SHA-1 is only weak where somebody can choose the
input, which nobody can here (RFC 6238, appendix B of RFC 4226).
"""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from urllib.parse import quote

STEP_SECONDS = 30
SECRET_BYTES = 20
DIGITS = 6
# A clock that is half a minute off, or somebody who types slowly, gets in all the same.
STEPS_OFF = 1
REMEMBERED = 50
"""Half minutes whose code was used that are remembered one by one."""


def new_secret() -> bytes:
    """Make a secret of 160 bits, as long as RFC 4226 recommends."""
    return secrets.token_bytes(SECRET_BYTES)


def step_at(moment: datetime) -> int:
    """Give the number of the half minute in which a moment lies."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_of(secret: bytes, step: int) -> str:
    """Give the code of one half minute."""
    # Loaded with the first code: no page needs it to start.
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415
    from cryptography.hazmat.primitives.twofactor.totp import TOTP  # noqa: PLC0415

    totp = TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - see the top of this module
    return totp.generate(step * STEP_SECONDS).decode()


def fitting_step(secret: bytes, typed: str, now: datetime, *, used: Sequence[int] = ()) -> int | None:
    """Give the half minute whose code was typed, or `None`.

    Only half minutes later than the last one in `used`: a code works once. Every code that could fit is looked at, also
    after one did.
    """
    wanted = "".join(sign for sign in typed[:20] if sign.isdigit()).encode()
    present = step_at(now)
    after = last_used(used, present)
    found = None
    for step in range(present - STEPS_OFF, present + STEPS_OFF + 1):
        if secrets.compare_digest(code_of(secret, step).encode(), wanted) and step > after:
            found = step
    return found


def last_used(used: Sequence[int], present: int) -> int:
    """Give the last half minute that counts as used, seen from the present one; 0 when there is none.

    What lies ahead was used while the clock was ahead. It says nothing about the codes of now, and is remembered for when
    its time comes. What was forgotten lies before everything that is remembered: it counts as used.
    """
    come = [step for step in used if step <= present + STEPS_OFF]
    return max(come, default=min(used) if len(used) >= REMEMBERED else 0)


def with_step(used: Sequence[int], step: int) -> tuple[int, ...]:
    """Give what to remember after the code of one more half minute was used: the last ones, in order."""
    return tuple(sorted((*used, step))[-REMEMBERED:])


def typed_secret(secret: bytes) -> str:
    """Give the secret as somebody types it into an app that cannot see the picture: groups of four."""
    plain = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def address_of(secret: bytes, account: str, issuer: str) -> str:
    """Give the `otpauth` address that authenticator apps read."""
    plain = base64.b32encode(secret).decode().rstrip("=")
    return (
        f"otpauth://totp/{quote(issuer)}:{quote(account)}?secret={plain}&issuer={quote(issuer)}"
        f"&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )


def picture_of(address: str) -> str:
    """Draw the address as a QR code: an SVG element without styles or scripts, for inside a page."""
    import segno  # noqa: PLC0415 - only this page draws

    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=4, xmldecl=False, svgns=False, svgclass=None, lineclass=None, light="#fff",
        omitsize=False,
    )  # fmt: skip
    return drawn.getvalue().decode()
