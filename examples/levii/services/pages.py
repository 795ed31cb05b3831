"""How the example services write HTML: every value is escaped, and every page says that it is a sample."""

from __future__ import annotations

import html
import string
from collections.abc import Iterable


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def markup(template: str, **values: object) -> Html:
    """Fill `$names` of a template; what is not `Html` is escaped, a list is joined."""
    return Html(string.Template(template).substitute({k: _safe(v) for k, v in values.items()}))


def _safe(value: object) -> str:
    if isinstance(value, Html):
        return value
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "".join(_safe(part) for part in value)
    return html.escape("" if value is None else str(value))


def page(
    service: str, title: str, body: Html, links: Iterable[tuple[str, str]], policy: str
) -> Html:
    """A whole page: `links` stand in the header, `policy` is the address of the published policy."""
    return markup(
        """<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title | $service（見本）</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<a class="skip" href="#main">本文へ進む</a>
<header class="top"><div class="wrap"><a class="brand" href="/">$service <b class="tag">見本</b></a>
<nav aria-label="メニュー"><ul>$links</ul></nav></div></header>
<main id="main" class="wrap" tabindex="-1">
$body
</main>
<footer class="foot"><div class="wrap"><p>このページは見本です。会社のサービスも、出てくる人も、実在しません。メールは外へ送りません。</p>
<p><a href="$policy">プライバシーポリシー</a></p></div></footer>
</body>
</html>
""",
        title=title,
        service=service,
        body=body,
        policy=policy,
        links=[markup('<li><a href="$to">$text</a></li>', to=to, text=text) for text, to in links],
    )


def field(
    name: str,
    label: str,
    *,
    value: str = "",
    kind: str = "text",
    needed: bool = True,
    most: int = 100,
    fault: str = "",
    hint: str = "",
    complete: str = "off",
) -> Html:
    """One field of a form with its label, its hint and what is wrong with it."""
    described = [f"{name}-hint"] * bool(hint) + [f"{name}-fault"] * bool(fault)
    extra = markup(' aria-describedby="$ids"', ids=" ".join(described)) if described else Html()
    if fault:
        extra = Html(extra + ' aria-invalid="true"')
    if needed:
        extra = Html(extra + " required")
    if kind == "area":
        box = (
            '<textarea id="f-$name" name="$name" rows="4" maxlength="$most"$extra>$value</textarea>'
        )
    else:
        box = (
            '<input id="f-$name" name="$name" type="$kind" value="$value" maxlength="$most" '
            'autocomplete="$complete"$extra>'
        )
    return markup(
        '<div class="field"><label for="f-$name">$label$must</label>$hint$fault' + box + "</div>",
        name=name,
        label=label,
        must=Html() if needed else Html(' <span class="muted">（任意）</span>'),
        hint=markup('<p class="hint" id="$n-hint">$t</p>', n=name, t=hint) if hint else Html(),
        fault=markup('<p class="fault" id="$n-fault">$t</p>', n=name, t=fault) if fault else Html(),
        kind=kind,
        value=value,
        most=most,
        complete=complete,
        extra=extra,
    )


def select(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str = "") -> Html:
    """A list to choose from."""
    rows = [
        markup(
            '<option value="$v"$on>$t</option>',
            v=value,
            t=text,
            on=Html(" selected") if value == chosen else Html(),
        )
        for value, text in options
    ]
    return markup(
        '<div class="field"><label for="f-$n">$l</label><select id="f-$n" name="$n">$rows</select></div>',
        n=name,
        l=label,
        rows=rows,
    )


def faults(found: dict[str, str]) -> Html:
    """The summary of what is wrong, above a form; it takes the focus."""
    if not found:
        return Html()
    rows = [markup('<li><a href="#f-$n">$t</a></li>', n=n, t=t) for n, t in found.items()]
    return markup(
        '<div class="faults" role="alert" tabindex="-1" autofocus><h2>入力を確かめてください</h2><ul>$rows</ul></div>',
        rows=rows,
    )


def yen(amount: int) -> str:
    """An amount, for people."""
    return f"{amount:,} 円"
