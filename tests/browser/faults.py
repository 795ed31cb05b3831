"""What is wrong with a page that a browser shows: faults of access, things too small to be hit, and overflow.

`CHIKAI_SHOTS=FOLDER` keeps a picture of each page that is looked at, for somebody to look at, too.
"""

import json
import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

WIDTHS = (1280, 390)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What passes is not described, which would take as long as the check itself.
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
CHECK = f"""axe.run({json.dumps(OPTIONS)}).then(
  found => found.violations.map(v => [v.id, v.nodes[0].html.slice(0, 140)]))"""
SMALL = """[...document.querySelectorAll('a[href],button,input:not([type=hidden]),summary,select')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width && r.height && (r.width < 24 || r.height < 24)
    && getComputedStyle(e).display !== 'inline' && !e.closest('.vh') && !e.classList.contains('skip')
}).map(e => e.outerHTML.slice(0, 90))"""
SCRIPT = Axe().axe_script


def of(page, name, widths=WIDTHS):
    """The faults of the page that is open, at these widths; its context is allowed to pass by the content policy."""
    page.evaluate(SCRIPT)
    wrong = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{name} at {width}: {id_}: {html}" for id_, html in page.evaluate(CHECK)]
        wrong += [f"{name} at {width}: small: {small}" for small in page.evaluate(SMALL)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name} is wider than {width} px")
        if folder := os.environ.get("CHIKAI_SHOTS"):
            tongue = page.evaluate("document.documentElement.lang")
            file = re.sub(r"\W+", "-", f"{name} {tongue} {width}").strip("-") + ".png"
            page.screenshot(path=Path(folder) / file, full_page=True)
    return wrong
