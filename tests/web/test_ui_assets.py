"""What browsers get: built from the sources as they are, small, complete, and with contrast in every house style."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.web import assets, bundling, cssrules, tokens
from app.web.assets import DIST, STATIC, Assets, UnknownAssetError, asset, themes
from app.web.places import templates_directory
from app.web.templating import environment

ROOT = Path(__file__).parents[2]
THEMES = sorted(path.stem for path in (STATIC / "tokens").glob("*.css"))
_REFERENCE = re.compile(r"var\(\s*(--[\w-]+)\s*(,?)")
_DEFINITION = re.compile(r"(?:^|;)\s*(--[\w-]+)\s*:\s*([^;]*)")


def _built(name: str) -> str:
    return (DIST / asset(name).removeprefix("/static/")).read_text(encoding="utf-8")


def _definitions(css: str) -> dict[str, str]:
    return {
        name: value.strip()
        for body in cssrules.declarations(cssrules.parsed(css))
        for name, value in _DEFINITION.findall(body)
    }


def test_what_is_served_was_built_from_these_sources() -> None:
    built = bundling.build(STATIC, templates_directory())
    served = {str(path.relative_to(DIST)): path.read_bytes() for path in DIST.rglob("*") if path.is_file()}
    names = {name for name in {*built, *served} if built.get(name) != served.get(name)}
    assert names == set(), "run script/vendor-frontend --build and commit app/web/static/dist"


def test_the_first_view_is_small() -> None:
    sizes = {
        name: len((DIST / (asset(name).removeprefix("/static/") + ".br")).read_bytes())
        for name in ("app.css", "app.js", "tokens/default.css")
    }
    assert sum(sizes.values()) <= 25_000, sizes


@pytest.mark.parametrize("folder", [STATIC / "vendor", ROOT / "tests" / "vendor"], ids=["shipped", "development"])
def test_vendored_files_are_as_published(folder: Path) -> None:
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {entry["file"] for entry in listed} == {path.name for path in folder.iterdir()} - {"manifest.json"}
    for entry in listed:
        digest = base64.b64encode(hashlib.sha384((folder / entry["file"]).read_bytes()).digest()).decode()
        assert entry["sha384"] == f"sha384-{digest}", entry["file"]
        assert entry["licence"] in {"EUPL-1.2", "0BSD", "MPL-2.0"}, entry
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])


def test_our_scripts_keep_nothing_watch_no_pasting_and_listen_to_no_other_window() -> None:
    ours = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")}
    assert {"app.js", "session.js", "passkey.js"} <= set(ours)
    never = re.compile(
        r"localStorage|sessionStorage|indexedDB|document\.cookie|clipboard|paste|postMessage|\beval\b|Function\("
    )
    assert {name for name, script in ours.items() if never.search(re.sub(r"(?m)^\s*//.*$", "", script))} == set()
    # What arrives as HTML is put there by htmx or is the warning about the session, both escaped on the server.
    assert {name: script.count("innerHTML") for name, script in ours.items() if "innerHTML" in script} == {
        "session.js": 1
    }


def test_htmx_is_served_as_published() -> None:
    published = (STATIC / "vendor" / "htmx.min.js").read_text(encoding="utf-8")
    assert _built("app.js").startswith(published.split("\n//# sourceMappingURL")[0].rstrip())


@pytest.mark.parametrize("theme", THEMES)
def test_every_token_that_a_component_needs_has_a_value(theme: str) -> None:
    css = _built("app.css")
    defined = _definitions(css) | _definitions(_built(f"tokens/{theme}.css"))
    needed = {name for name, fallback in _REFERENCE.findall(css) if not fallback}
    assert needed - defined.keys() == set()


@pytest.mark.parametrize("theme", THEMES)
def test_every_house_style_says_the_same_things(theme: str) -> None:
    assert _definitions(_built(f"tokens/{theme}.css")).keys() == _definitions(_built("tokens/default.css")).keys()


def test_layout_names_no_colours() -> None:
    ours = re.sub(r"/\*.*?\*/|url\(\"[^\"]*\"\)", "", (STATIC / "app.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    without_shadows = re.sub(r"rgb\(0 0 0 / \d+%\)", "", ours)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)\(", without_shadows) == []


def _luminance(colour: str) -> float:
    # WCAG 2.2, definition of relative luminance.
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "ground"),
    ("ink", "accent-soft"),
    ("ink", "ok-soft"),
    ("ink", "warning-soft"),
    ("ink", "error-soft"),
    ("ink-soft", "paper"),
    ("ink-soft", "ground"),
    ("ink-soft", "accent-soft"),
    ("accent", "paper"),
    ("accent", "ground"),
    ("accent", "accent-soft"),
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-header", "header"),
    ("on-footer", "footer"),
    ("ok", "ok-soft"),
    ("warning", "warning-soft"),
    ("error", "paper"),
    ("error", "error-soft"),
    ("paper", "error"),
    ("focus", "focus-glow"),
]
# What has to be seen but is not read: edges of controls, the focus ring (WCAG 2.2, 1.4.11 and 2.4.13).
SHAPE_PAIRS = [("control", "paper"), ("focus", "paper"), ("focus", "ground"), ("focus-glow", "footer")]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [(*pair, 4.5) for pair in TEXT_PAIRS] + [(*pair, 3.0) for pair in SHAPE_PAIRS],
    ids=str,
)
def test_colours_differ_enough(theme: str, front: str, back: str, least: float) -> None:
    given = _definitions(_built(f"tokens/{theme}.css"))
    assert _contrast(given[f"--ts-color-{front}"], given[f"--ts-color-{back}"]) >= least


def _classes_in_templates() -> Iterator[tuple[str, str]]:
    for template in environment.list_templates(extensions=["html"]):
        if template.startswith("mail/"):
            continue  # letters carry no style sheet
        text = (templates_directory() / template).read_text(encoding="utf-8")
        text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
        for value in re.findall(r'\bclass="([^"]*)"', re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "{}", text, flags=re.DOTALL)):
            for name in value.replace("{}", " {} ").split():
                yield template, name


def test_every_class_has_a_style() -> None:
    css = _built("app.css")
    known = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", css))
    unknown = {
        (template, name)
        for template, name in _classes_in_templates()
        if name != "{}" and name not in known and not name.endswith("-") and name not in _HOOKS
    }
    assert unknown == set()


# Carried for the structure of NL Design System components; their own style is empty or not needed here.
_HOOKS = {
    "nl-button__label",
    "nl-button__icon-start",
    "utrecht-breadcrumb-nav__item",
    "utrecht-page-header__content",
    "utrecht-page-content__main",
    "utrecht-table__row",
    "utrecht-table__cell",
    "utrecht-ordered-list__item",
    "utrecht-form-fieldset__fieldset",
    "narrow",  # the end of a class whose start stands outside the block around it
    "wide",
}


def test_states_that_forms_never_have_are_not_shipped() -> None:
    assert not re.search(r"(?<!not\()(?<!, ):disabled|::placeholder|:read-only", _built("app.css"))


def test_a_missing_file_is_an_error_where_it_is_asked_for() -> None:
    with pytest.raises(UnknownAssetError, match=r"app\.css"):
        asset("nergens.css")


def test_themes_are_the_token_files() -> None:
    assert list(themes()) == THEMES


@pytest.fixture
def client() -> TestClient:
    return TestClient(Assets(), base_url="http://testserver")


@pytest.mark.parametrize("name", ["app.css", "app.js", "img/mark.svg", "tokens/default.css"])
def test_files_are_kept_for_ever_and_travel_small(client: TestClient, name: str) -> None:
    plain = client.get(asset(name), headers={"Accept-Encoding": "identity"})
    small = client.get(asset(name), headers={"Accept-Encoding": "gzip, br"})
    older = client.get(asset(name), headers={"Accept-Encoding": "gzip, br;q=0"})
    assert plain.status_code == small.status_code == older.status_code == 200
    assert "content-encoding" not in plain.headers
    assert (small.headers["content-encoding"], older.headers["content-encoding"]) == ("br", "gzip")
    assert int(small.headers["content-length"]) < len(plain.content)
    assert plain.content == small.content == older.content
    for answer in (plain, small, older):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
    assert hashlib.sha256(plain.content).hexdigest()[:12] in asset(name)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/app.css", 404),
        ("/static/manifest.json", 404),
        ("/static/../assets.py", 404),
        ("/static/%2e%2e/assets.py", 404),
        ("/static/", 404),
    ],
)
def test_nothing_else_is_served(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_file_that_a_newer_build_took_away_is_gone_and_no_error(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "DIST", tmp_path)
    answer = client.get(asset("app.css"))
    assert (answer.status_code, answer.text) == (404, "Dit bestand bestaat niet.")


def test_files_can_only_be_read(client: TestClient) -> None:
    answer = client.post(asset("app.css"))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert client.head(asset("app.css")).content == b""


def test_compressed_twins_hold_the_same(tmp_path: Path) -> None:
    built = bundling.build(STATIC, templates_directory())
    for name, content in built.items():
        if name.endswith(".br"):
            assert brotli.decompress(content) == built[name.removesuffix(".br")]


@pytest.mark.parametrize(
    ("css", "written"),
    [
        ("a { color : red ; }", "a{color : red}\n"),
        ("/* weg */ .a, .b { margin: 0; padding: 0 }", ".a,.b{margin:0;padding:0}\n"),
        ("@media print { .a { b: c } }", "@media print{.a{b:c}}\n"),
        (":is(.a, .b) c { d: e }", ":is(.a, .b) c{d:e}\n"),
        ('a{b:url("data:x;y,{}")}', 'a{b:url("data:x;y,{}")}\n'),
        ("@font-face { font-family: x }", "@font-face{font-family:x}\n"),
        ("a[b='c,d']{e:f}", "a[b='c,d']{e:f}\n"),
        ('@charset "UTF-8"; a{b:c}', "a{b:c}\n"),
    ],
)
def test_style_rules_are_split_and_written(css: str, written: str) -> None:
    assert cssrules.minified(cssrules.parsed(css)) == written
    assert cssrules.minified(cssrules.parsed(written)) == written


@pytest.mark.parametrize(
    "css", ["a { b: c", "a { b: c } }", "a { b { c: d } }", "@media x { b: c }", "@media x { a { b: c }", "a"]
)
def test_style_rules_that_do_not_close_are_refused(css: str) -> None:
    with pytest.raises(cssrules.CssError):
        cssrules.parsed(css)


@pytest.mark.parametrize(
    ("css", "written"),
    [
        ("a{b:var(--x)}", ""),
        ("a{b:var(--x, 1px)}", "a{b:1px}"),
        ("a{b:var(--x, var(--y))}", ""),
        (":root{--y:2px}a{b:var(--x, var(--y))}", ":root{--y:2px}a{b:var(--y)}"),
        (":root{--x:2px}a{b:var(--x, var(--y))}", ":root{--x:2px}a{b:var(--x)}"),
        (":root{--x:2px}a{b:var(--x, 1px) var(--y, 3px)}", ":root{--x:2px}a{b:var(--x,1px) 3px}"),
        ("a{b:calc(var(--x, 0) * var(--y, 2));c:d}", "a{b:calc(0 * 2);c:d}"),
        (":root{--x:1px;--unread:2px}a{b:var(--x)}", ":root{--x:1px}a{b:var(--x)}"),
        (":root{--x:var(--y)}a{b:var(--x, 1px)}", "a{b:1px}"),
        ("a{b:var(--house)}", "a{b:var(--house)}"),
        ("@media print{a{b:var(--x)}}", ""),
        ('a{b:url("data:;()");c:d}', 'a{b:url("data:;()");c:d}'),
    ],
)
def test_tokens_without_a_value_are_settled_as_a_browser_would(css: str, written: str) -> None:
    rules = tokens.settled(cssrules.parsed(css), frozenset({"--house"}))
    assert "".join(cssrules.minified(rules).split("\n")) == written


@given(st.lists(st.sampled_from(["nl-a", "nl-b", "nl-b--c", "x"]), max_size=4))
def test_only_rules_of_used_classes_stay(used: list[str]) -> None:
    css = cssrules.parsed(".nl-a{k:1}.nl-a .nl-b{k:2}.nl-b--c,.nl-a{k:3}@media print{.nl-b{k:4}}element{k:5}")
    kept = cssrules.minified(bundling.used_rules(css, frozenset(used), frozenset()))
    assert ("k:1" in kept) == ("nl-a" in used)
    assert ("k:2" in kept) == ({"nl-a", "nl-b"} <= set(used))
    assert ("k:3" in kept) == bool({"nl-a", "nl-b--c"} & set(used))
    assert ("@media print" in kept) == ("nl-b" in used)
    assert "k:5" in kept


def test_classes_are_found_in_templates_also_when_a_variable_ends_them() -> None:
    used, stems = bundling.used_classes(('<p class="nl-a nl-a--{{ kind }} {{ "nl-b" if x }} ts-c">',))
    assert used == {"nl-a", "nl-b", "ts-c"}
    assert stems == {"nl-a--"}
