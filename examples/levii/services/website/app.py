"""The contact form of the website: an inquiry is kept and handed to Chikai's desk, or neither.

Nobody signs in here. When the desk cannot be reached nothing is kept, and the person is told where to write instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from examples.levii.databases.website import METADATA
from examples.levii.services import chikai_api
from examples.levii.services import place as places
from examples.levii.services.balus.app import MAIL
from examples.levii.services.pages import Html, faults, field, markup, select
from examples.levii.services.wsgi import Answer, Problem, Request, Web, redirect

if TYPE_CHECKING:
    from examples.levii.services.place import Place

INQUIRIES = METADATA.tables["inquiries"]
ASKED: Final = ("name", "email", "phone", "company_name", "voluntary")
KINDS: Final = (
    ("question", "質問"),
    ("complaint", "苦情"),
    ("request", "ご自分の情報についての請求"),
)
FIELDS: Final = (("name", 100), ("email", 254), ("phone", 40), ("company", 120), ("body", 3500))


def made(place: Place) -> Web:
    """The pages of the website over its database."""
    web = Web("website", place.secret, place.frame)
    api = chikai_api.Api(place.chikai, place.service, place.token_file)

    @web.route("GET", "/")
    def home(request: Request) -> Answer:
        return web.page(request, "はじめのページ", HOME)

    @web.route("GET", "/contact")
    def ask(request: Request) -> Answer:
        return _page(web, place, request, {}, {})

    @web.route("POST", "/contact")
    def send(request: Request) -> Answer:
        typed = {name: request.field(name, most) for name, most in FIELDS}
        typed["kind"] = request.field("kind", 20)
        wrong = {}
        if not MAIL.match(typed["email"]):
            wrong["email"] = (
                "お返事を送るメールアドレスを、name@example.jp のように入れてください。"
            )
        if not typed["body"]:
            wrong["body"] = "ご用件を入れてください。"
        if typed["kind"] not in dict(KINDS):
            typed["kind"] = "question"
        if wrong:
            return _page(web, place, request, typed, wrong)
        _keep(place, api, typed, request.form["press"].partition(".")[0])
        return redirect("/contact/sent")

    @web.route("GET", "/contact/sent")
    def sent(request: Request) -> Answer:
        return web.page(request, "受け付けました", SENT)

    return web


HOME: Final = Html(
    '<h1>株式会社レヴィ</h1><p class="lead">システムを考える道具と研修をつくっています。</p>'
    '<p><a class="btn primary" href="/contact">お問合せ</a></p>'
)
SENT: Final = Html(
    "<h1>受け付けました</h1><section class='card'><p>お問合せを窓口に渡しました。お返事は、書いていただいたメールアドレスに送ります。</p>"
    '<p><a href="/">はじめのページ</a></p></section>'
)


def _keep(place: Place, api: chikai_api.Api, typed: dict[str, str], once: str) -> None:
    """Write the inquiry and hand it over, in this order and in one transaction: a desk that is away leaves no row."""
    row = {name: typed[name] or None for name in ("name", "email", "phone", "company", "body")}
    try:
        with place.writing() as db:
            db.execute(INQUIRIES.insert().values(created_at=places.now(), **row))
            api.inquire({**typed, "service": place.service}, once)
    except chikai_api.AwayError:
        desk = place.notice().policy["controller"]["desk"]["mail"]
        text = f"何も保存していません。少し待ってもう一度送るか、{desk} へメールでお送りください。"
        raise Problem(503, "いまは窓口に届けられません", text) from None


def _page(
    web: Web, place: Place, request: Request, typed: dict[str, str], wrong: dict[str, str]
) -> Answer:
    notice = place.notice()

    def one(name: str, label: str, most: int, *, needed: bool, kind: str = "text") -> Html:
        value, fault = typed.get(name, ""), wrong.get(name, "")
        return field(name, label, value=value, fault=fault, most=most, needed=needed, kind=kind)

    body = markup(
        '<h1>お問合せ</h1>$faults<form method="post" action="/contact"><div class="card">$kind$name$email$phone$company$body</div>'
        '$purposes$press<button class="btn primary">送る</button></form>',
        faults=faults(wrong),
        kind=select("kind", "ご用件の種類", KINDS, typed.get("kind", "")),
        name=one("name", "氏名", 100, needed=False),
        email=one("email", "メールアドレス", 254, needed=True, kind="email"),
        phone=one("phone", "電話番号", 40, needed=False),
        company=one("company", "会社名", 120, needed=False),
        body=one("body", "ご用件", 3500, needed=True, kind="area"),
        purposes=notice.shown(place.service, ASKED, place.policy_address(notice)),
        press=request.press,
    )
    return web.page(request, "お問合せ", body, 400 if wrong else 200)
