"""The policy as a static site that stands alone: no server, no script, no other origin.

`index.html` is Japanese, `en/index.html` English, `policy.json` the canonical bytes whose digest both pages print.
The folder is made beside its place and renamed into it, so a reader never sees half of it.

Clauses: 1.1.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Final

from chikai import canon, clock
from chikai.errors import BadInput
from chikai.policy import render
from chikai.policy.document import Document, Language, Text

MARK: Final = "chikai-site.json"
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
)
_STYLE: Final = re.compile(r"^[a-z0-9][a-z0-9._-]*\.css$")
_SKIP: Final = Text("本文へ進む", "Skip to the text")
_OTHER: Final = Text("English", "日本語")
_UPDATED: Final = Text("最終更新日", "Last updated")
_MADE: Final = Text("作成日", "Made")
_EDITION: Final = Text("版", "Edition")
_BUILT: Final = Text("このページを作った日", "This page was made on")
_DIGEST: Final = Text("この版の指紋（SHA-256）", "Digest of this edition (SHA-256)")
_BYTES: Final = Text("この版のデータ", "The data of this edition")
_FILES: Final = Text(
    "公表した版からではなく、ポリシーのファイル（下書き）から作ったページです。",
    "This page was made from the policy's files (a draft), not from a published edition.",
)
_SAMPLE: Final = Text(
    "見本です。提供先など、一部の内容は実在しません。",
    "This is a sample. Some of it, such as the recipients, is invented.",
)


def build(document: Document, out: Path, *, styles: Mapping[str, bytes], now: datetime) -> None:
    """Write the site of a policy's files to a folder, replacing one that was built before.

    `styles` maps names of style sheets to their bytes, in the order in which pages load them; `now` gives the day on
    the pages. Raises BadInput where the folder holds anything that was not built here.
    """
    for name in styles:
        if not _STYLE.match(name):
            raise BadInput(f"`{name}` cannot be a style sheet", "name it like `policy.css`")
    put(out, lambda: files(document, styles=styles, now=now))


def put(out: Path, made: Callable[[], Mapping[str, bytes]]) -> None:
    """Write files to a folder, all or none, replacing a site that was built there before; BadInput for a foreign folder."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise BadInput(f"`{out}` is not a folder", "name a folder for the site")
    if out.is_dir() and (other := _not_ours(out)):
        do = "name an empty folder or one that was built before; nothing was written"
        raise BadInput(f"`{out}` holds `{other}`, which is not of this site", do)
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.parent / f".{out.name}.{secrets.token_hex(6)}"
    old = beside.with_suffix(".old")
    try:
        for name, data in made().items():
            place = beside / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        if out.exists():
            out.rename(old)
        beside.rename(out)
    finally:
        # A stop between the two renames leaves the earlier site whole: it takes its place again.
        if old.exists() and not out.exists():
            old.rename(out)
        shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(beside, ignore_errors=True)


def _not_ours(out: Path) -> str:
    """The first file of a folder that no earlier build wrote there; empty where there is none."""
    try:
        known = set(json.loads((out / MARK).read_bytes())["files"]) | {MARK}
    except (OSError, ValueError, KeyError, TypeError):
        known = set()
    held = (
        p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir() or p.is_symlink()
    )
    return next((name for name in sorted(held) if name not in known), "")


def files(document: Document, *, styles: Mapping[str, bytes], now: datetime) -> dict[str, bytes]:
    """Every file of the site by its name; the same document on the same day gives the same bytes."""
    made = {
        "index.html": page(document, "ja", styles=tuple(styles), now=now).encode(),
        "en/index.html": page(document, "en", styles=tuple(styles), now=now).encode(),
        "policy.json": document.bytes,
    }
    made |= {f"styles/{name}": data for name, data in styles.items()}
    return marked(made, document.digest)


def marked(made: Mapping[str, bytes], digest: str) -> dict[str, bytes]:
    """The files with the one that names them all, by which the next build knows what it may replace."""
    sizes = {name: canon.digest_bytes(data) for name, data in made.items()}
    return {**made, MARK: canon.encode({"digest": digest, "files": sizes})}


def page(document: Document, language: Language, *, styles: tuple[str, ...], now: datetime) -> str:
    """One page of the site."""
    here, other = ("", "en/") if language == "ja" else ("../", "../")
    title = escape(document.title.in_(language))
    name = escape(document.controller.name.in_(language))
    links = "".join(
        f'<link rel="stylesheet" href="{here}styles/{escape(style)}">\n' for style in styles
    )
    twin = "en" if language == "ja" else "ja"
    sample = (
        f'<p class="policy-sample">{escape(_SAMPLE.in_(language))}</p>\n' if document.sample else ""
    )
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title} | {name}</title>
{links}</head>
<body>
<a class="skip" href="#main">{escape(_SKIP.in_(language))}</a>
<header class="top"><div class="wrap">
<p class="brand"><span><b>{name}</b></span></p>
<div class="util"><a href="{other}index.html" lang="{twin}" hreflang="{twin}">{_OTHER.in_(language)}</a></div>
</div></header>
<main id="main" class="wrap policy-alone" tabindex="-1">
<div class="hero">
<h1>{title}</h1>
<p class="policy-days">{_days(document, language)}</p>
<p class="policy-sample">{escape(_FILES.in_(language))}</p>
{sample}</div>
{render.html(document, language)}</main>
<footer class="foot"><div class="wrap">
<p>{escape(_DIGEST.in_(language))}: <code>{document.digest}</code></p>
<p><a href="{here}policy.json">{escape(_BYTES.in_(language))}</a></p>
<p>{escape(_BUILT.in_(language))}: {_time(clock.day_in_japan(now), language)}</p>
</div></footer>
</body>
</html>
"""


def _days(document: Document, language: Language) -> str:
    dates = document.dates
    said = [f"<span>{escape(_EDITION.in_(language))} {escape(document.edition)}</span>"]
    for words, day in ((_UPDATED, dates.updated_on), (_MADE, dates.made_on)):
        if day is not None:
            said.append(f"<span>{escape(words.in_(language))} {_time(day, language)}</span>")
    return "\n".join(said)


def _time(day: date, language: Language) -> str:
    written = escape(clock.written(day, language))
    return f'<time datetime="{day.isoformat()}">{written}</time>'
