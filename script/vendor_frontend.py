"""The Python half of script/vendor-frontend: `take FOLDER` copies published files, `build` makes static/dist."""

import base64
import hashlib
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.web.bundling import VENDORED_STYLES, build  # noqa: E402  # the repository must be importable first

STATIC = ROOT / "app" / "web" / "static"
# Our name of the file → the package and the file in it.
OTHER = {
    STATIC / "vendor" / "htmx.min.js": ("htmx.org", "dist/htmx.min.js"),
    ROOT / "tests" / "vendor" / "axe.min.js": ("axe-core", "axe.min.js"),
}

# Packages that write their licence in their own way → the SPDX identifier of the licence text they ship.
SPDX = {"BSD-0-Clause": "0BSD", "BSD Zero Clause License": "0BSD", "0BSD": "0BSD"}


def published(name: str) -> tuple[str, str]:
    """Tell which file of which package a vendored style sheet is."""
    component = name.removesuffix(".css")
    if component.startswith("nl-"):
        component = component.removeprefix("nl-")
        return f"@nl-design-system-candidate/{component}-css", f"dist/{component}.css"
    return "@utrecht/components", f"dist/{component.removeprefix('utrecht-')}/css/index.css"


def take(packages: Path) -> None:
    """Copy every listed file as published and write one manifest beside each group of files."""
    wanted = {STATIC / "vendor" / name: published(name) for name in VENDORED_STYLES} | OTHER
    listed: dict[Path, list[dict[str, str]]] = {}
    for target, (package, path) in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(packages / package / path, target)
        about = json.loads((packages / package / "package.json").read_text(encoding="utf-8"))
        digest = base64.b64encode(hashlib.sha384(target.read_bytes()).digest()).decode()
        listed.setdefault(target.parent, []).append(
            {
                "file": target.name,
                "package": package,
                "path": path,
                "version": about["version"],
                "licence": SPDX.get(about["license"], about["license"]),
                "sha384": f"sha384-{digest}",
            }
        )
    for folder, entries in listed.items():
        text = json.dumps(sorted(entries, key=lambda entry: entry["file"]), indent=2, ensure_ascii=False)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def make() -> None:
    """Write static/dist anew; files of earlier builds go."""
    dist = STATIC / "dist"
    built = build(STATIC, ROOT / "templates")
    for old in sorted(dist.rglob("*"), reverse=True):
        if old.is_file() and str(old.relative_to(dist)) not in built:
            old.unlink()
    for name, content in built.items():
        target = dist / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_bytes() != content:
            target.write_bytes(content)
    for name in sorted(built):
        if name.endswith(".br"):
            sys.stdout.write(f"{len(built[name]):>7}  {name}\n")


if __name__ == "__main__":
    if sys.argv[1] == "take":
        take(Path(sys.argv[2]))
    else:
        make()
