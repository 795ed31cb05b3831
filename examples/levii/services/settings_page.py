"""The settings page that Balus and the training service share: Chikai's ready-made component, and the way to the portal.

What is stopped here is what the portal shows, since both ask Chikai. The service keeps no copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.sdk import handoff
from examples.levii.services import chikai_api
from examples.levii.services.pages import Html, markup
from examples.levii.services.wsgi import Answer, Problem, Request, Web, redirect

if TYPE_CHECKING:
    from examples.levii.services.place import Place


def add(web: Web, place: Place, more: str = "") -> None:
    """Add `/settings`, `/settings/choices` and `/you` to a service. `more` is a line above the component."""
    api = chikai_api.Api(place.chikai, place.service, place.token_file)

    @web.route("GET", "/settings")
    def settings(request: Request) -> Answer:
        who = request.signed_in()
        try:
            fragment = Html(api.settings(who, action="/settings/choices", hidden=request.press))
        except chikai_api.AwayError:
            fragment = Html(
                "<p>設定を、いまは読み込めません。少し待って、開きなおしてください。"
                "急ぐときは「あなたの情報」からも止められます。</p>"
            )
        body = markup(
            '<h1>設定</h1><p class="lead">情報の使い方を、ここで止めたり戻したりできます。理由は聞きません。</p>$done$more'
            '<link rel="stylesheet" href="/component.css">'
            '<section class="card" aria-labelledby="uses"><h2 id="uses">情報の使い方</h2>$fragment</section>'
            '<section class="card"><h2>あなたの情報</h2>'
            "<p>持っている情報の開示、訂正、削除は「あなたの情報」の画面でできます。もう一度ログインする必要はありません。</p>"
            '<p><a class="btn" href="/you">あなたの情報をひらく</a></p></section>',
            done=_done(web, request),
            more=Html(more),
            fragment=fragment,
        )
        return web.page(request, "設定", body)

    @web.route("POST", "/settings/choices")
    def choose(request: Request) -> Answer:
        unit, verb = request.field("unit", 200), request.field("verb", 20)
        if verb not in {"stop", "resume"}:
            raise Problem(400, "読めない入力です", "画面のボタンから送ってください。")
        try:
            said = api.press(request.signed_in(), unit, verb)
        except chikai_api.AwayError as away:
            if 400 <= away.status < 500:
                raise Problem(
                    409, "この設定は変えられません", "画面を開きなおして、確かめてください。"
                ) from None
            # No answer came: it may have been done before the answer was lost.
            text = "設定が変わったか、確かめられませんでした。少し待って開きなおし、ちがっていればもう一度押してください。"
            raise Problem(503, "いまは設定を変えられません", text) from None
        heard = said.get("heard", {})
        facts = [
            verb,
            *(str(int(n or 0)) for n in (said.get("entry"), heard.get("k"), heard.get("n"))),
        ]
        return redirect(f"/settings?said={'.'.join([*facts, web.sign('said', *facts)])}")

    @web.route("GET", "/component.css")
    def style(_: Request) -> Answer:
        return Answer(api.style(), kind="text/css; charset=utf-8")

    @web.route("GET", "/you")
    def you(request: Request) -> Answer:
        key = request.signed_in()
        return redirect(handoff.link(place.chikai, place.service, key, place.handoff_key))


def _done(web: Web, request: Request) -> Html:
    """What the last press did, where in the ledger it stands, and how many running services have heard of it."""
    *facts, mac = request.query.get("said", "").split(".")
    if len(facts) != 4 or not web.is_signed(mac, "said", *facts):
        return Html()
    verb, entry, heard, places = facts
    return markup(
        '<p class="card" role="status">$what$entry 動いている $n か所のうち $k か所に届いています。残りにも、まもなく届きます。届かない所は、設定を確かめられないまま1分たつと、使うのをやめます。</p>',
        what="止めました。" if verb == "stop" else "使えるように戻しました。",
        entry=f"台帳 {entry} 番に記録しました。" if entry != "0" else "",
        n=places,
        k=heard,
    )


def add_leaving(web: Web) -> None:
    """Add `/signout`."""

    @web.route("GET", "/signout")
    def leave_page(request: Request) -> Answer:
        body = markup(
            '<h1>ログアウト</h1><form method="post" class="card">$press<button class="btn primary">ログアウトする</button></form>',
            press=request.press,
        )
        return web.page(request, "ログアウト", body)

    @web.route("POST", "/signout")
    def leave(_: Request) -> Answer:
        return redirect("/", who=0)
