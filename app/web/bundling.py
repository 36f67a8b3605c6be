"""Makes the files that browsers get out of vendored packages and our own style sheet and script.

Run by `script/vendor-frontend`; a test runs it again and compares. It is a pure function from the folder of sources to
the built files, so the same sources always give the same bytes.

The style sheet holds exactly the rules of the vendored components that the component library uses: a rule stays when
every class in its selector occurs in `templates/ui/` or `templates/base.html`. Pages use what the library uses. What an organisation may colour differently stays a token.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import brotli

from app.web.cssrules import Block, Declarations, minified, parsed
from app.web.tokens import Rules, defined_in, settled

# Vendored style sheets in the order of the cascade. Everything else in `vendor/` is listed by the manifest only.
VENDORED_STYLES = (
    "nl-heading.css",
    "nl-paragraph.css",
    "nl-link.css",
    "nl-button.css",
    "nl-skip-link.css",
    "nl-data-badge.css",
    "nl-number-badge.css",
    "utrecht-document.css",
    "utrecht-surface.css",
    "utrecht-page-header.css",
    "utrecht-page-content.css",
    "utrecht-page-footer.css",
    "utrecht-breadcrumb-nav.css",
    "utrecht-form-field.css",
    "utrecht-form-label.css",
    "utrecht-form-field-description.css",
    "utrecht-form-field-error-message.css",
    "utrecht-form-fieldset.css",
    "utrecht-textbox.css",
    "utrecht-textarea.css",
    "utrecht-select.css",
    "utrecht-checkbox.css",
    "utrecht-radio-button.css",
    "utrecht-alert.css",
    "utrecht-data-list.css",
    "utrecht-table.css",
    "utrecht-badge-status.css",
    "utrecht-unordered-list.css",
    "utrecht-ordered-list.css",
)
# Both classes are in use, the two on one element never: only the primary button has a negative form.
_NEVER_TOGETHER = (
    frozenset({"nl-button--secondary", "nl-button--negative"}),
    frozenset({"nl-button--subtle", "nl-button--negative"}),
)
# Our forms have no disabled controls, no read-only controls and no placeholders, and check themselves on the server.
_STATE_WE_NEVER_USE = re.compile(r":disabled|:read-only|:invalid|::placeholder|\[aria-disabled|\[multiple")
_EXCEPTION = re.compile(r":not\([^()]*\)")
_NOTICE = (
    "/*! NL Design System components (c) Gemeente Utrecht, Frameless B.V., Robbert Broersma and contributors,"
    " EUPL-1.2; full notices in static/vendor/ */\n"
)
_CLASS_IN_SELECTOR = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_CLASS_IN_TEMPLATE = re.compile(r"(?<![\w-])(?:nl|utrecht|ts)-[a-z0-9_-]*[a-z0-9]")
# Only the start of such a class stands in the template; the rest comes from a variable.
_CLASS_STEM = re.compile(r"(?<![\w-])((?:nl|utrecht|ts)-[a-z0-9_-]*-)\{\{")


def build(static: Path, templates: Path) -> dict[str, bytes]:
    """Give every file of `dist/` by name, compressed twins and manifest included."""
    sources = {
        "app.css": stylesheet(static, templates).encode(),
        "app.js": script(static).encode(),
        "passkey.js": own_script(static / "passkey.js").encode(),
        "session.js": own_script(static / "session.js").encode(),
        **{
            f"tokens/{path.name}": minified(_rules(path)).encode() for path in sorted((static / "tokens").glob("*.css"))
        },
        **{f"img/{path.name}": path.read_bytes() for path in sorted((static / "img").glob("*.svg"))},
    }
    built: dict[str, bytes] = {}
    manifest: dict[str, str] = {}
    for name, content in sources.items():
        hashed = _with_hash(name, content)
        manifest[name] = hashed
        built[hashed] = content
        built[hashed + ".br"] = brotli.compress(content, quality=11)
        built[hashed + ".gz"] = gzip.compress(content, 9, mtime=0)
    built["manifest.json"] = (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()
    return built


def stylesheet(static: Path, templates: Path) -> str:
    """Give the one style sheet: the used rules of the components, then our tokens and layout."""
    library = [templates / "base.html", *sorted((templates / "ui").glob("*.html"))]
    used, stems = used_classes(path.read_text(encoding="utf-8") for path in library)
    vendored = (rule for name in VENDORED_STYLES for rule in used_rules(_rules(static / "vendor" / name), used, stems))
    ours = (*_rules(static / "components.css"), *_rules(static / "app.css"))
    themes = frozenset[str]().union(*(defined_in(_rules(path)) for path in (static / "tokens").glob("*.css")))
    return _NOTICE + minified(settled((*vendored, *ours), themes))


def script(static: Path) -> str:
    """Give the one script: htmx exactly as published, then ours without its comment lines."""
    htmx = (static / "vendor" / "htmx.min.js").read_text(encoding="utf-8")
    without_map = re.sub(r"\n//# sourceMappingURL=\S+\s*$", "", htmx)
    return without_map.rstrip() + "\n" + own_script(static / "app.js")


def own_script(path: Path) -> str:
    """Give one of our scripts without its comment lines."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def used_classes(templates: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the classes that templates name, and the stems of classes whose last word comes from a variable."""
    texts = tuple(templates)
    return (
        frozenset(found for text in texts for found in _CLASS_IN_TEMPLATE.findall(text)),
        frozenset(found for text in texts for found in _CLASS_STEM.findall(text)),
    )


def used_rules(
    rules: Iterable[Block | Declarations], used: frozenset[str], stems: frozenset[str]
) -> Iterator[Block | Declarations]:
    """Give the rules of which at least one selector names used classes only, without its other selectors."""

    def is_used(selector: str) -> bool:
        names = frozenset(_CLASS_IN_SELECTOR.findall(selector))
        if _STATE_WE_NEVER_USE.search(_EXCEPTION.sub("", selector)):
            return False
        return all(name in used or name.startswith(tuple(stems)) for name in names) and not any(
            together <= names for together in _NEVER_TOGETHER
        )

    for rule in rules:
        if isinstance(rule, Block):
            inner = tuple(used_rules(rule.rules, used, stems))
            if inner:
                yield Block(rule.head, inner)
        else:
            selectors = tuple(selector for selector in rule.selectors if is_used(selector))
            if selectors:
                yield Declarations(selectors, rule.body)


def _rules(path: Path) -> Rules:
    return parsed(path.read_text(encoding="utf-8"))


def _with_hash(name: str, content: bytes) -> str:
    # Twelve hexadecimal digits tell versions of one file apart; this is no security measure.
    path = Path(name)
    return str(path.with_name(f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"))
