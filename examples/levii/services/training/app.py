"""The pages of the training service: application, attendees, invoice, certificates, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from examples.levii.databases.training import COURSES
from examples.levii.services import settings_page
from examples.levii.services.balus.app import MAIL
from examples.levii.services.pages import Html, faults, field, markup, select, yen
from examples.levii.services.training import courses
from examples.levii.services.wsgi import Answer, Problem, Request, Web, redirect

if TYPE_CHECKING:
    from examples.levii.services.place import Place

# Name of a field, its label, the most letters, whether it is needed.
COMPANY = (
    ("company", "会社名", 120, True),
    ("contact", "ご担当者の氏名", 60, True),
    ("email", "ご担当者のメールアドレス", 254, True),
    ("phone", "電話番号", 40, False),
    ("postal_code", "郵便番号", 20, False),
    ("address", "住所", 200, False),
)
PERSON = (
    ("name", "氏名", 100, True),
    ("name_kana", "フリガナ", 100, False),
    ("email", "メールアドレス", 254, False),
    ("phone", "電話番号", 40, False),
    ("department", "所属", 100, False),
)


def made(place: Place) -> Web:
    """All pages of the training service over its database and its gate."""
    web = Web("training", place.secret, place.frame)
    _apply(web, place)
    _company(web, place)
    _certificate(web, place)
    _person(web, place)
    settings_page.add(web, place)
    return web


def _apply(web: Web, place: Place) -> None:
    @web.route("GET", "/")
    def home(request: Request) -> Answer:
        rows = [markup("<li>$c</li>", c=course) for course in COURSES]
        body = markup(
            '<h1>研修</h1><section class="card"><h2>コース</h2><ul class="list">$rows</ul>'
            "<p>1人 $price（税込）です。会社からお申し込みください。</p>"
            '<p><a class="btn primary" href="/apply">申し込む</a></p></section>'
            '<p><a href="/signin">受講する方はこちら</a></p>',
            rows=rows,
            price=yen(courses.price(1)),
        )
        return web.page(request, "研修", body)

    @web.route("GET", "/apply")
    def ask(request: Request) -> Answer:
        return _apply_page(web, place, request, {}, {})

    @web.route("POST", "/apply")
    def apply(request: Request) -> Answer:
        typed = {name: request.field(name, most) for name, _, most, _ in COMPANY}
        typed |= {n: request.field(n, 500) for n in ("course", "headcount", "remarks")}
        wrong = {
            n: f"{label}を入れてください。"
            for n, label, _, must in COMPANY
            if must and not typed[n]
        }
        if typed["email"] and not MAIL.match(typed["email"]):
            wrong["email"] = "メールアドレスを、name@example.jp のように入れてください。"
        heads = (
            int(typed["headcount"])
            if typed["headcount"].isascii() and typed["headcount"].isdecimal()
            else 0
        )
        if not 1 <= heads <= courses.MOST_HEADS:
            wrong["headcount"] = (
                f"申し込み人数を、1 から {courses.MOST_HEADS} の数字で入れてください。"
            )
        if typed["course"] not in COURSES:
            wrong["course"] = "コースを選んでください。"
        if request.form.get("shown") != place.notice().digest:
            wrong["company"] = (
                "利用目的が新しくなりました。もう一度ご確認のうえ、お申し込みください。"
            )
        if wrong:
            return _apply_page(web, place, request, typed, wrong)
        key = courses.apply(place, courses.Applied(**{**typed, "headcount": heads}))  # type: ignore[arg-type]
        return redirect(_address(web, key))


def _address(web: Web, application: int) -> str:
    return f"/applications/{application}/{web.sign('application', str(application))}"


def _apply_page(
    web: Web, place: Place, request: Request, typed: dict[str, str], wrong: dict[str, str]
) -> Answer:
    notice = place.notice()
    heads = field(
        "headcount",
        "申し込み人数",
        kind="text",
        most=3,
        value=typed.get("headcount", ""),
        fault=wrong.get("headcount", ""),
    )
    body = markup(
        '<h1>研修を申し込む</h1>$faults<form method="post" action="/apply"><div class="card">$fields$course$heads$remarks</div>'
        '$purposes<input type="hidden" name="shown" value="$digest">$press<button class="btn primary">申し込む</button></form>',
        faults=faults(wrong),
        fields=_fields(COMPANY, typed, wrong),
        course=select("course", "コース", [(c, c) for c in COURSES], typed.get("course", "")),
        heads=heads,
        remarks=field(
            "remarks", "備考", kind="area", most=500, needed=False, value=typed.get("remarks", "")
        ),
        purposes=notice.shown(place.service, courses.ASKED, place.policy_address(notice)),
        digest=notice.digest,
        press=request.press,
    )
    return web.page(request, "申し込み", body, 400 if wrong else 200)


def _fields(rows: Any, typed: dict[str, str], wrong: dict[str, str]) -> list[Html]:
    return [
        field(
            name,
            label,
            kind="email" if name == "email" else "text",
            most=most,
            needed=must,
            value=typed.get(name, ""),
            fault=wrong.get(name, ""),
        )
        for name, label, most, must in rows
    ]


def _company(web: Web, place: Place) -> None:
    def mine(key: str, mac: str) -> Any:
        found = (
            courses.application(place, int(key)) if web.is_signed(mac, "application", key) else None
        )
        if found is None:
            raise Problem(
                404, "この申し込みはありません", "お申し込みのときのリンクを確かめてください。"
            )
        return found

    def page(request: Request, key: str, typed: dict[str, str], wrong: dict[str, str]) -> Answer:
        found = courses.application(place, int(key))
        return _company_page(web, place, request, found, typed, wrong)

    @web.route("GET", "/applications/{n}/{token}")
    def show(request: Request, key: str, mac: str) -> Answer:
        mine(key, mac)
        return page(request, key, {}, {})

    @web.route("POST", "/applications/{n}/{token}/attendees")
    def enrol(request: Request, key: str, mac: str) -> Answer:
        mine(key, mac)
        typed = {name: request.field(name, most) for name, _, most, _ in PERSON}
        wrong = {} if typed["name"] else {"name": "氏名を入れてください。"}
        if typed["email"] and not MAIL.match(typed["email"]):
            wrong["email"] = "メールアドレスを、name@example.jp のように入れてください。"
        if not wrong:
            try:
                courses.enrol(place, int(key), courses.Named(**typed), place.notice())
            except courses.FullError:
                wrong["name"] = "申し込み人数の分は、もう登録されています。"
            else:
                return redirect(_address(web, int(key)))
        return page(request, key, typed, wrong)

    @web.route("POST", "/applications/{n}/{token}/certificates/{n}")
    def finish(_: Request, key: str, mac: str, attendee: str) -> Answer:
        mine(key, mac)
        number = courses.finish(place, int(key), int(attendee))
        if number is None:
            raise Problem(404, "この受講者はいません", "画面を開きなおしてください。")
        return redirect(f"/certificates/{number}/{web.sign('certificate', number)}")


def _certificate(web: Web, place: Place) -> None:
    @web.route("GET", "/certificates/{token}/{token}")
    def certificate(request: Request, number: str, mac: str) -> Answer:
        found = (
            courses.certificate(place, number)
            if web.is_signed(mac, "certificate", number)
            else None
        )
        if found is None:
            raise Problem(404, "この修了証はありません")
        body = markup(
            '<article class="card certificate"><h1>修了証（見本）</h1><p><b>$name</b> 様</p>'
            "<p>「$course」を修了されたことを証します。</p><p>$day</p><p class='small muted'>$number</p></article>",
            name=found.name_on_certificate,
            course=found.course,
            day=found.issued_on,
            number=found.id,
        )
        return web.page(request, "修了証", body)


def _company_page(
    web: Web,
    place: Place,
    request: Request,
    found: Any,
    typed: dict[str, str],
    wrong: dict[str, str],
) -> Answer:
    notice, here = place.notice(), _address(web, found.id)
    people = courses.attendees(place, found.id)
    purposes = notice.shown(place.service, courses.OF_ATTENDEES, place.policy_address(notice))
    enrol = markup(
        '$faults<form method="post" action="$here/attendees"><div class="card"><h2>受講する方</h2>$fields'
        '<p class="small">ご本人には、お名前を受け取ったことと利用目的を、メールでお知らせします。</p></div>$purposes$press'
        '<button class="btn primary">この方を登録する</button></form>',
        faults=faults(wrong),
        here=here,
        fields=_fields(PERSON, typed, wrong),
        purposes=purposes,
        press=request.press,
    )
    body = markup(
        '<h1>お申し込み 第$n号</h1><section class="card"><h2>内容</h2><p>$company / $course / 申し込み人数 $heads 人</p></section>'
        '<section class="card"><h2>請求書 第$invoice号（見本）</h2><p>$addressee</p><p>$amount（税込）。発行日 $day</p></section>'
        '<section class="card"><h2>登録した方（$count / $heads 人）</h2><ul class="list">$rows</ul></section>$enrol',
        n=found.id,
        company=found.company,
        course=found.course,
        heads=found.headcount,
        invoice=found.invoice,
        addressee=found.addressee,
        amount=yen(found.amount),
        day=found.issued_on,
        count=len(people),
        rows=[_row(web, request, here, person) for person in people]
        or Html("<li>まだいません。登録すると、ここに出ます。</li>"),
        enrol=enrol
        if len(people) < found.headcount or wrong
        else Html("<p>全員の登録が終わりました。</p>"),
    )
    return web.page(request, "お申し込み", body, 400 if wrong else 200)


def _row(web: Web, request: Request, here: str, person: Any) -> Html:
    if person.certificate:
        to = f"/certificates/{person.certificate}/{web.sign('certificate', person.certificate)}"
        done = markup('<a href="$to">修了証</a>', to=to)
    else:
        done = markup(
            '<form method="post" action="$here/certificates/$n">$press<button class="btn" aria-label="$name さんの修了証を出す（見本）">修了証を出す（見本）</button></form>',
            here=here,
            n=person.id,
            press=request.press,
            name=person.name,
        )
    return markup(
        "<li>$name <span class='muted'>$where</span> $done</li>",
        name=person.name,
        where=person.department,
        done=done,
    )


def _person(web: Web, place: Place) -> None:
    def page(request: Request, fault: str = "") -> Answer:
        body = markup(
            '<h1>受講する方のログイン</h1><p class="lead">見本なので、本人の確認はありません。押すだけで入れます。</p>'
            '<form method="post" action="/signin" class="card">$press$email<button class="btn primary">このアドレスで入る（見本）</button></form>',
            press=request.press,
            email=field(
                "email", "メールアドレス", kind="email", most=254, fault=fault, complete="email"
            ),
        )
        return web.page(request, "ログイン", body, 400 if fault else 200)

    @web.route("GET", "/signin")
    def who(request: Request) -> Answer:
        return page(request)

    @web.route("POST", "/signin")
    def sign_in(request: Request) -> Answer:
        found = courses.with_address(place, request.field("email", 254))
        if found is None:
            return page(request, "このメールアドレスの登録は見つかりません。")
        identity = place.use("identity_check", "name", "email")
        with identity:
            identity.require(found)
        return redirect("/settings", who=found)

    settings_page.add_leaving(web)
