"""The pages of Balus: sign-up, models, public links, plan, settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from examples.levii.databases.names import HEROINE
from examples.levii.services import settings_page
from examples.levii.services.balus import accounts, models
from examples.levii.services.balus.fees import PRICES
from examples.levii.services.pages import Html, faults, field, markup, select, yen
from examples.levii.services.wsgi import Answer, Problem, Request, Web, redirect

if TYPE_CHECKING:
    from examples.levii.services.place import Found, Place

MAIL: Final = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+\Z")
PLANS: Final = {"free": "無料", "team": "チーム", "business": "ビジネス"}


def made(place: Place) -> Web:
    """All pages of Balus over its database and its gate."""
    web = Web("balus", place.secret, place.frame)
    _sign_up(web, place)
    _confirm(web, place)
    _sign_in(web, place)
    _models(web, place)
    _sharing(web, place)
    _plan(web, place)
    settings_page.add(web, place)
    return web


def _sign_up(web: Web, place: Place) -> None:
    @web.route("GET", "/signup")
    def ask(request: Request) -> Answer:
        return _sign_up_page(web, place, request, {}, {})

    @web.route("POST", "/signup")
    def sign_up(request: Request) -> Answer:
        typed = {
            name: request.field(name, most)
            for name, most in (("name", 100), ("email", 254), ("company", 120))
        }
        notice, wrong = place.notice(), {}
        if request.form.get("shown") != notice.digest:
            wrong["name"] = "利用目的が新しくなりました。もう一度ご確認のうえ、登録してください。"
        if not typed["name"]:
            wrong["name"] = "氏名を入れてください。"
        if not MAIL.match(typed["email"]):
            wrong["email"] = "メールアドレスを、name@example.jp のように入れてください。"
        if not wrong:
            try:
                key = accounts.sign_up(place, accounts.Wanted(**typed), notice.digest)
            except accounts.TakenError:
                wrong["email"] = (
                    "このメールアドレスは、もう登録されています。ログインしてください。"
                )
            else:
                link = (
                    f"{place.address}/confirm/{key}/{web.sign('confirm', str(key), typed['email'])}"
                )
                accounts.send_confirmation(place, key, typed["email"], link)
                return redirect("/", who=key)
        return _sign_up_page(web, place, request, typed, wrong)


def _confirm(web: Web, place: Place) -> None:
    @web.route("GET", "/confirm/{n}/{token}")
    def confirm_page(request: Request, key: str, mac: str) -> Answer:
        _check_link(web, place, key, mac)
        body = markup(
            '<h1>メールアドレスの確認</h1><form method="post" class="card">$press'
            '<p>押すと、確認が終わります。</p><button class="btn primary">確認する</button></form>',
            press=request.press,
        )
        return web.page(request, "メールアドレスの確認", body)

    @web.route("POST", "/confirm/{n}/{token}")
    def confirm(_: Request, key: str, mac: str) -> Answer:
        _check_link(web, place, key, mac)
        accounts.confirm(place, int(key))
        return redirect("/", who=int(key))

    @web.route("POST", "/confirm")
    def confirm_sample(request: Request) -> Answer:
        accounts.confirm(place, request.signed_in())
        return redirect("/")


def _sign_in(web: Web, place: Place) -> None:
    @web.route("GET", "/signin")
    def who(request: Request) -> Answer:
        return _sign_in_page(web, place, request, "")

    @web.route("POST", "/signin")
    def sign_in(request: Request) -> Answer:
        found = accounts.with_address(place, request.field("email", 254))
        if found is None:
            return _sign_in_page(web, place, request, "このメールアドレスの登録は見つかりません。")
        accounts.sign_in(place, found)
        return redirect("/", who=found)

    settings_page.add_leaving(web)


def _check_link(web: Web, place: Place, key: str, mac: str) -> None:
    account = accounts.account(place, int(key))
    if account is None or not web.is_signed(mac, "confirm", key, account.email):
        raise Problem(404, "このリンクは使えません", "ログインして、もう一度お試しください。")


def _sign_up_page(
    web: Web, place: Place, request: Request, typed: dict[str, str], wrong: dict[str, str]
) -> Answer:
    notice = place.notice()
    items = (*accounts.ASKED, *accounts.OBSERVED)
    body = markup(
        '<h1>Balus に登録する</h1>$faults<form method="post" action="/signup">'
        '<div class="card">$name$email$company</div>$purposes'
        '<input type="hidden" name="shown" value="$digest">$press'
        '<button class="btn primary">この内容で登録する</button></form>',
        faults=faults(wrong),
        name=field(
            "name",
            "氏名",
            value=typed.get("name", ""),
            fault=wrong.get("name", ""),
            complete="name",
        ),
        email=field(
            "email",
            "メールアドレス",
            kind="email",
            most=254,
            value=typed.get("email", ""),
            fault=wrong.get("email", ""),
            complete="email",
        ),
        company=field(
            "company",
            "勤務先",
            most=120,
            needed=False,
            value=typed.get("company", ""),
            complete="organization",
        ),
        purposes=notice.shown(place.service, items, place.policy_address(notice)),
        digest=notice.digest,
        press=request.press,
    )
    return web.page(request, "登録", body, 400 if wrong else 200)


def _sign_in_page(web: Web, place: Place, request: Request, fault: str) -> Answer:
    sample = accounts.account(place, HEROINE)
    body = markup(
        '<h1>ログイン</h1><p class="lead">見本なので、本人の確認はありません。押すだけで入れます。</p>$sample'
        '<form method="post" action="/signin" class="card">$press$email<button class="btn primary">このアドレスで入る（見本）</button></form>'
        '<p><a href="/signup">はじめての方は登録へ</a></p>',
        sample=markup(
            '<form method="post" action="/signin" class="card">$press<input type="hidden" name="email" value="$email">'
            '<button class="btn">$name さんとして入る（見本）</button></form>',
            press=request.press,
            email=sample.email,
            name=sample.name,
        )
        if sample is not None
        else Html(),
        press=request.press,
        email=field(
            "email", "メールアドレス", kind="email", most=254, fault=fault, complete="email"
        ),
    )
    return web.page(request, "ログイン", body, 400 if fault else 200)


def _models(web: Web, place: Place) -> None:
    @web.route("GET", "/")
    def home(request: Request) -> Answer:
        if request.who is None:
            return web.page(request, "はじめのページ", WELCOME)
        account = accounts.account(place, request.who)
        if account is None:
            return redirect("/signin", who=0)
        body = markup(
            '<h1>モデル</h1>$confirm<section class="card"><h2>チームのモデル</h2><ul class="list">$rows</ul></section>'
            '<form method="post" action="/models" class="card"><h2>新しいモデル</h2>$press$title$text'
            '<button class="btn primary">つくる</button></form><p><a href="/plan">プランと請求書</a></p>',
            confirm=Html() if account.email_verified_at else _unconfirmed(request),
            rows=[_model_row(row) for row in models.mine(place, request.who)]
            or Html("<li>まだありません。つくると、ここに出ます。</li>"),
            press=request.press,
            title=field("title", "題名", most=200),
            text=field("description", "説明", kind="area", most=2000, needed=False),
        )
        return web.page(request, "モデル", body)

    @web.route("POST", "/models")
    def make(request: Request) -> Answer:
        key, title = request.signed_in(), request.field("title", 200)
        if not title:
            raise Problem(400, "題名がありません", "題名を入れて、もう一度押してください。")
        model = models.make(place, key, title, request.field("description", 2000))
        if model is None:
            raise Problem(403, "編集できるチームがありません", "チームの持ち主に頼んでください。")
        return redirect(f"/models/{model}")

    @web.route("GET", "/models/{n}")
    def show(request: Request, number: str) -> Answer:
        model = _own(place, request, number)
        accounts.note(place, request.signed_in(), "open_model")
        links = models.links_of(place, model.id)
        body = markup(
            '<h1>$title</h1><p class="lead">$text</p><section class="card"><h2>公開</h2>$state</section><p><a href="/">モデルの一覧</a></p>',
            title=model.title,
            text=model.description or "説明はありません。",
            state=_shared(request, model.id, links) if links else _unshared(request, model.id),
        )
        return web.page(request, model.title, body)


def _sharing(web: Web, place: Place) -> None:
    @web.route("POST", "/models/{n}/publish")
    def publish(request: Request, number: str) -> Answer:
        model = _own(place, request, number)
        models.publish(place, request.signed_in(), model.id, request.field("caption", 200))
        accounts.note(place, request.signed_in(), "share_link")
        return redirect(f"/models/{model.id}")

    @web.route("POST", "/models/{n}/unpublish")
    def take_back(request: Request, number: str) -> Answer:
        model = _own(place, request, number)
        models.take_back(place, model.id)
        return redirect(f"/models/{model.id}")

    @web.route("GET", "/m/{token}")
    def public(request: Request, token: str) -> Answer:
        found = models.public(place, token)
        if found is None:
            raise Problem(
                404, "この公開ページはありません", "公開が終わったか、つくった人が止めています。"
            )
        body = markup(
            '<h1>$caption</h1><article class="card"><h2>$title</h2><p>$text</p></article>',
            caption=found.caption or "公開されたモデル",
            title=found.title,
            text=found.description or "説明はありません。",
        )
        return web.page(request, found.caption or "公開されたモデル", body)


WELCOME: Final = Html(
    "<h1>モデルで考える道具 Balus</h1>"
    '<p class="lead">しくみを図にして、チームで確かめ、必要なら公開できます。</p>'
    '<div class="row"><a class="btn primary" href="/signup">登録する</a> <a class="btn" href="/signin">ログイン</a></div>'
)


def _own(place: Place, request: Request, number: str) -> Found:
    model = models.one(place, request.signed_in(), int(number))
    if model is None:
        raise Problem(404, "このモデルはありません", Html('<p><a href="/">モデルの一覧</a></p>'))
    return model


def _unconfirmed(request: Request) -> Html:
    return markup(
        '<form method="post" action="/confirm" class="card">$press<p>メールアドレスの確認がまだです。メールのリンクを開いてください。</p>'
        '<button class="btn">メールを開いたことにする（見本）</button></form>',
        press=request.press,
    )


def _model_row(row: Found) -> Html:
    public = Html(' <span class="tag ok">公開中</span>') if row.links else Html()
    return markup(
        '<li><a href="/models/$n">$title</a>$public</li>', n=row.id, title=row.title, public=public
    )


def _unshared(request: Request, model: int) -> Html:
    return markup(
        '<p>公開していません。公開すると、リンクを知っている人はだれでも見られます。</p><form method="post" action="/models/$n/publish">'
        '$press$caption<button class="btn primary">公開する</button></form>',
        n=model,
        press=request.press,
        caption=field("caption", "公開ページの見出し", most=200, needed=False),
    )


def _shared(request: Request, model: int, links: list[Found]) -> Html:
    rows = [markup('<li><a href="/m/$t">/m/$t</a></li>', t=link.token) for link in links]
    return markup(
        '<p><span class="tag ok">公開中</span> リンクを知っている人はだれでも見られます。</p><ul class="list">$rows</ul>'
        '<form method="post" action="/models/$n/unpublish">$press<button class="btn primary">公開をやめる</button></form>',
        n=model,
        press=request.press,
        rows=rows,
    )


def _plan(web: Web, place: Place) -> None:
    @web.route("GET", "/plan")
    def plan(request: Request) -> Answer:
        key = request.signed_in()
        now = accounts.plan_of(place, key)
        rows = [
            markup(
                '<tr><td>$n</td><td class="num">$day</td><td class="num">$yen</td></tr>',
                n=row.number,
                day=row.issued_on,
                yen=yen(row.amount),
            )
            for row in accounts.invoices_of(place, key)
        ]
        prices = [(p, f"{name}（1席 月 {yen(PRICES[p])}、税別）") for p, name in PLANS.items()]
        body = markup(
            '<h1>プランと請求書</h1><form method="post" action="/plan" class="card">$press<p>いまのプラン: <b>$now</b></p>$select'
            '<p class="small muted">料金は「プラン × 席 × 使った日数 ÷ その月の日数」です。1円未満は切り捨て、消費税 10% も1円未満を切り捨てます。</p>'
            '<button class="btn primary">このプランにする</button></form>'
            '<section class="card"><h2>請求書</h2>$table</section>',
            press=request.press,
            now=PLANS.get(now.plan, now.plan) if now else "なし",
            select=select("plan", "プラン", prices, now.plan if now else ""),
            table=markup(
                "<table><thead><tr><th scope='col'>番号</th><th scope='col'>発行日</th><th scope='col'>金額（税込）</th></tr></thead><tbody>$rows</tbody></table>",
                rows=rows,
            )
            if rows
            else Html("<p>まだありません。発行すると、ここに出ます。</p>"),
        )
        return web.page(request, "プランと請求書", body)

    @web.route("POST", "/plan")
    def change(request: Request) -> Answer:
        try:
            accounts.change_plan(place, request.signed_in(), request.field("plan", 20))
        except ValueError:
            raise Problem(400, "このプランはありません") from None
        return redirect("/plan")
