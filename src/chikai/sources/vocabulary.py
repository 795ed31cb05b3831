"""The words by which databases name things, as tables: what a column holds, what a table is about, who does what.

Phrases are written in the canonical form of `names.words`. Nothing here decides; `detect`, `paths` and `whose` do.
"""

from __future__ import annotations

from typing import Final, Literal

# How sure a phrase alone makes us: `sure` whatever the table, `likely` in a row of a person only.
Strength = Literal["sure", "likely"]


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (phrase.strip() for phrase in text.replace("\n", ",").split(","))))


def _table(text: str) -> dict[str, str]:
    """Lines of `canonical: form, form` as form -> canonical."""
    out: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        canonical, _, forms = line.partition(":")
        out.update(dict.fromkeys(_phrases(forms), canonical.strip()))
    return out


# Synonyms, abbreviations, other spellings and romanised Japanese; the left side may be several words.
ALIASES: Final = _table("""
    email: mail, e mail, emails, mailaddress, mailaddr, meeru, mailadr
    email address: mail address, mail addr, email addr
    phone: tel, telephone, telno, telnum, mobile, cell, cellphone, cellular, denwa, denwabango, keitai, phones
    phone: phonenumber, telephonenumber, mobilephone, msisdn
    fax: facsimile
    postal: zip, postcode, zipcode, yubin, yuubin, yubinbango, postalcode, plz
    config: cfg, conf
    address: addr, addrs, adr, adress, jusho, juusho, addresses
    password: passwd, pwd, pass, passphrase, crypted, passwort
    password: password digest, password hash, hashed password, encrypted password, crypted password
    prefecture: pref, todofuken, todouhuken, todoufuken, ken
    city: town, shikuchoson, sikutyoson
    first name: fname, firstname, given name, givenname, forename, namae mei, f name
    last name: lname, lastname, surname, family name, familyname, myoji, l name, secondname, second name
    middle name: mname, middlename, m name
    full name: fullname, shimei, simei, real name, realname, legal name
    kana: furigana, hurigana, huri, yomi, yomigana, katakana, phonetic, yominame
    birth date: dob, birthday, date of birth, birthdate, seinengappi, born on, birth day, birth, tanjobi, born
    gender: sex, seibetsu, seibetu
    user name: username, uname, login name, loginname, user login, userlogin, login id
    nick name: nickname, nick, nicename
    display name: displayname, displayed name, screen name, screenname
    user agent: useragent, ua, http user agent
    ip: ipaddr, ipaddress, ip address, remote addr, ip addr, remote address, ipv, remote ip, ipaddres
    account number: acct number, account no, acct no, kouza, koza, account num
    account: acct, acc
    number: num, nbr, nr
    quantity: qty, quant
    description: descr, desc, descript
    department: dept
    organization: org, organisation, orgs
    company: corp, corporation, kaisha, kigyo, firm, societe
    created: crt, create, creation, touroku, toroku
    updated: upd, update, koshin, modified, modify, modification, changed, edited
    updated: last updated, last modified, last edited, last changed
    deleted: del, delete, deletion, sakujo
    language: lang, langcode, language code, lang code
    timestamp: tstamp, timestmp, dateline
    transaction: txn, trx, trans
    user: usr, riyosha, riyousha, member user
    member: kaiin, mbr
    customer: cust, kokyaku, okyakusama
    employee: emp, shain, syain, shokuin
    staff: tantosha, tantousha, tanto
    message: msg
    category: categ, cat
    conversation: convo
    attachment: attach
    reference: ref
    flag: flg
    administrator: admin
    latitude: lat
    longitude: lng, lon, long
    my number: mynumber, kojin bango, kojinbango, kojin number, individual number
    card number: cc number, ccnumber, creditcardnumber, credit card number, card no, pan, credit card no, cc no
    last four: last4, lastfour, last digits, last four digits, cc last, last
    memo: biko, bikou
    remark: remarks
    preference: prefs, preferences
    setting: settings
    api key: apikey
    token: tokens
    photo: foto, picture, pic, shashin
    occupation: job, shokugyo, profession
    time zone: timezone, tz
    amount: kingaku, gaku
    unit price: tanka
    quantity: suryo, suuryou, kosu
    tax: shohizei, zei
    total: gokei, goukei, shokei
    fee: ryokin, tesuryo
    order: juchu, chumon, chuumon
    line item: meisai
    invoice: seikyu, seikyusho
    payment: shiharai, nyukin, kessai
    history: rireki
    sale: uriage
    product: shohin, shouhin, hinmei
    reservation: yoyaku
    inquiry: toiawase, toiawse
    type: kubun, kbn, shubetsu
    signature: sig
    registered: reg
    session: sess
    log in: signin, sign in, logon, log on, loggedin, logged in
    login: log in
    street: street address
""")
# The alias `last` alone would swallow `last name`: it is a word in its own right.
del ALIASES["last"]
# A form of several words stays itself: the `birth` in `birth date` must not be spelled out again.
ALIASES.update(
    {form: form for form in set(ALIASES.values()) if " " in form and form not in ALIASES}
)

PLURALS: Final = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "statuses": "status",
    "addresses": "address", "aliases": "alias", "bonuses": "bonus", "media": "media", "data": "data",
    "indices": "index", "matrices": "matrix", "criteria": "criterion", "movies": "movie",
    "buses": "bus", "analyses": "analysis", "cookies": "cookie", "caches": "cache", "persons": "person",
    "purchases": "purchase", "licenses": "license", "expenses": "expense", "courses": "course",
    "houses": "house", "warehouses": "warehouse", "databases": "database", "releases": "release",
    "cases": "case", "responses": "response", "devices": "device", "invoices": "invoice",
    "voices": "voice", "services": "service", "leaves": "leave", "shelves": "shelf", "lives": "life",
    "messages": "message", "images": "image", "pages": "page", "packages": "package",
    "articles": "article", "roles": "role", "types": "type", "files": "file", "profiles": "profile",
    "likes": "like", "votes": "vote", "notes": "note", "quotes": "quote", "badges": "badge",
    "sizes": "size", "prizes": "prize", "employees": "employee", "canvases": "canvas",
}  # fmt: skip
UNCOUNTABLE: Final = frozenset(
    "news address status series species news access process business progress business class alias bonus bus "
    "canvas campus virus basis analysis https ios os gps sms dns tls ssl css js aws sos chess plus this his is "
    "as us was has yes pass cms acts always perms radius census corpus lens previous focus".split()
)

# Column phrases by kind. `sure` stands by itself; `likely` needs a row of a person, or a name that says whose.
SURE: Final = {
    "name": """sortable name, first name, last name, middle name, full name, contact name, customer name, recipient name,
        sender name, author name, billing name, shipping name, holder name, reporter name, applicant name, patient name,
        maiden name, contact person, representative name, buyer name, guest name, student name, employee name,
        member name, person name, attn, attention, billing first name, name first, name last, first names,
        poster name, from name, receiver name, payer name, holder, patronymic, invitee name, visitor name,
        owner name, staff name, ship name, bill name, addressee, consignee, namae, donor name, contact first name,
        contact last name, prenom, nom, salutation, honorific, initials, client name, participant name, author fullname, original author, alternate name""",
    "kana": "kana, name kana, last name kana, first name kana, full name kana, phonetic name",
    "nickname": """user name, nick name, display name, handle, login, screen name, user real name, preferred name,
        whodunnit, gamertag, login user name, author login""",
    "birth_date": "birth date, birth year, birth month, age, birthplace, age range",
    "gender": "gender, sexe, gender identity",
    "photo": "avatar, photo, profile image, portrait, profile photo, gravatar, avatar url, userpic, headshot, face image, mugshot, avatar file name, header file name, image alt, avatar file",
    "email": """email, email address, init email, from email, reply email, recovery email, paypal email, canonical email, email canonical,
        email normalized, to address, from address, cc address, bcc address, author email, contact email""",
    "phone": "contact number, contact no, home no, office no, mobile no, phone, fax, phone number, fax number, mobile phone, home phone, work phone, pager, sms number",
    "contact": """skype, twitter, facebook, instagram, linkedin, line user, icq, msn, aim, jabber, discord, telegram,
        whatsapp, yahoo, xmpp, yim, author url, author website, user url, profile url, matrix user, social account, mastodon, wechat, googleplus, google plus, myspace, github, im""",
    "postal_code": "postal, postal code, code postal",
    "address": """street, address line, street address, prefecture, suburb, home address, billing address, shipping address,
        city code, province code, prefecture code, postal address, mailing address, house number, street number, street name, ship address, ship city, ship region,
        ship country, delivery address, residence, apartment, rua, strasse, banchi, tatemono""",
    "location": "latitude, longitude, gps, geolocation, geo location, coordinates, geo point, geoip, geo country, geo city, ip country, ip city",
    "workplace": "job title, employer, workplace, work department",
    "headcount": "headcount, head count, number of people, party size",
    "card_number": "card number, primary account number",
    "card": """card brand, card last four, card type, card expiry, card holder, cvv, cvc, card exp, card exp month, last four,
        cc brand, cc first digit, cc last digit, cc type, cc month, cc year, cc exp, cc owner, cc last four, card token, card expiration, card expires, cc cid, cc ss,
        card fingerprint, exp month, exp year, card name, payment token, card owner, expiration month, expiration year""",
    "bank": """iban, bic, swift, bank account, account number, routing number, sort code, bank name, bank code,
        bank branch, account holder, bank account number, clabe""",
    "credential": """password, token, user hash, mfa secret, otp key, auth data, salt, password salt, secret, otp secret, totp secret, recovery code, backup code, reset token,
        remember token, activation key, confirmation token, access token, refresh token, api key, api token, private key, id token,
        security answer, security question, secret question, secret answer, token key, token secret, authentication token, auth token, remember me token,
        unlock token, invitation token, session token, two factor secret, otp backup code, activation code, reset key,
        verification token, verify token, secret key, rss token, feed token, perishable token, persistence token,
        single access token, incoming email token, password token, activation token, user key, authenticator secret,
        consumed timestep, two factor recovery code, reset code, webauthn, credential, public key, password hint, feeds token,
        static object token, email token, login token, token hash, passcode, hint, pin, ssh key, fingerprint key, otp, user token,
        password new, newpassword, secret data, credential data, challenge, encrypted otp secret, login key, auth key, twofactor key, totp key, verification code, invite key, invitation key, invite code, act key, confirm key, confirm code, confirmation code,
        provider account id, identity provider id, secure key, lti secret, activate hash, hash confirm, remember key, remember hash""",
    "ip": "ip, client ip, login ip, current login ip, last login ip, sign up ip, registration ip, host ip, author ip, poster ip, user ip, forwarded for, last ip, remote host, xff, ip hex, ip bin, forwarded ip, ip v",
    "user_agent": "user agent, browser, browser name, browser version, device name, device model, operating system, device type, agent string, os version, browser lang, http agent, device info, user browser, browser agent, os name, browser engine",
    "cookie_id": "visitor id, cookie, cookie id, device id, fingerprint, tracking id, push token, device token, idfa, gaid, client fingerprint, visitor uuid, browser id, advertising id, visitor token, device key, idvisitor, device fingerprint, device identifier",
    "mynumber": "my number",
    "id_document": "passport, visa, visa no, permit, permit no, identification, identification number, passport number, ssn, social security number, national id, licence number, license plate, license no, license number, licence no, driver license, driver licence, identity card, residence card, nif, national identity number, ssn number, id card, plate number, cpf",
    "health": "blood type, blood group, allergy, disease, diagnosis, medication, medical history, illness, symptom, prescription, blood pressure, bmi, medical condition, smoker, treatment, vaccination, immunization",
    "special_care": "religion, race, ethnicity, criminal record, creed, disability, ethnic, political view, union membership, sexual orientation, military service, handicap, caste",
    "attribute": "nationality, marital status, education level, annual income, citizenship, hobby, native language, marital, spouse, income, number of children",
    "free_text": "bio, biography, about me, self introduction, personal statement, interests, status message, life story",
}  # fmt: skip

LIKELY: Final = {
    "email": "recipient, to, from, cc, bcc, reply to, sender address, mail to, mail from, from addr, to addr, envelope from, envelope to",
    "name": "name, author, contact, assistant, signed by, partner name, common name, initial, title of courtesy, suffix, namae, legal, salute, poster, honorific prefix, name prefix, name suffix",
    "nickname": "short name, alias, slug name, user slug, account name, account, user, pseudonym, actor name, preferred user name, domain user, tagline name, actor, sender, login id, owner, creator, author user, user fullname, committer, lower name",
    "birth_date": "year of birth",
    "photo": "image, icon, header image, profile picture, cover photo, avatar filename, portrait url, header, thumbnail, avatar file, avatar image, cover image, banner, image url, image file, header file, avatar remote url, header remote url, cover, background",
    "contact": "website, url, homepage, home page, web page, profile url, web site, web, site, blog, link, uri, social profile, links, webpage, remote url, external url, social",
    "address": "address, city, country, state, region, county, building, district, province, zone, locality, area, country code, city name, country name, state name, region code, floor, room, neighborhood, village, municipality, state province, territory, country area, ward, state code, landmark, line, street line, address data, zone code",
    "location": "location, geo, place, geometry, hometown, from location, lives in, coordinate",
    "company": "company, organization, company name, organization name, institution, corporation name, agency, affiliation, school name, university name, employer name, business name, trade name, company title, ship company, school, vat number, vat id, tax vat, tax number, tva intra, siren, siret, tax id, taxvat, vatid, vat, tax identification, gst number, gst, fein",
    "workplace": "department, position, occupation, workplace, division, section, work, employee number, rank title, contact title, job description, office, branch, title, job role, seniority, staff number, employment type, function, job function, hire date",
    "headcount": "headcount, number of people, participants count, number of guests, guests, party size, pax, adults, attendees",
    "payment": """price, amount, total, subtotal, tax, cost, fee, discount, balance, charge, refund, salary, wage, credit, paid, currency,
        order number, invoice number, tracking number, payment method, payment, coupon, grand total, quantity, shipping, tax rate,
        gross, net, debit, budget, unit price, sum, vat amount, rate, points used, deposit, paid amount, transaction number, receipt number,
        transaction id, payment id, charge id, invoice, order id number, shipping method, shipping cost, total price, total amount,
        billing, gateway, payment code, payment type, payment gateway, payment state, gift, weight, freight, stripe customer, stripe id,
        coupon code, tax amount, base grand total, subtotal incl tax, store credit, reward points, receipt, exchange rate, voucher, promo code,
        monetary, revenue, commission, sku, purchase order number, auth code, avs response, cvv response code, transaction code, price total,
        tracking, ordered quantity, shipment number, multicurrency total, total tax, surcharge, tip, hourly rate, delivery fee, use point, add point""",
    "credential": "token, value, data, session, session key, key hash, code, hash, secret code, session data, digest, nonce, verifier, device secret, key, certificate, signature key, auth, identifier, credentials, authenticator, access key, session hash, remember, oauth, verification, provider uid, external id, auth provider, extern uid, provider, auth data, identity provider, openid, ldap dn, auth source, federated id, provider user, oauth id, google id, facebook id, github id, saml, sso, subject, remote id, uid, external uid, auth service",
    "ip": "host, hostname, host name, network, remote, peer, ip range",
    "user_agent": "device, platform, os, agent, app version, client, client name, screen resolution, resolution, device os, app name, sdk version",
    "cookie_id": "session id, session identifier, client id, visitor, sid, sess id, tracker, session token id, guest id, anonymous id, fcm, pushid, apns",
    "attendance": "grade, score, mark, result, attendance, certificate, completion, progress, final grade, raw grade, attempt, passed, completed, points earned, evaluation, answer, response, rawscore, sumgrades, feedback, percent, quiz answer, raw score",
    "settings": "do not call, do not email, do not disturb, send email, email promotion, promotion, locale, language, time zone, theme, preference, setting, option, notify, notification, newsletter, subscribe, opt in, optin, email format, date format, layout, style, skin, mail format, mail digest, mail display, autosubscribe, track forums, htmleditor, mailing, marketing, receive, opt out, week start, first day of week, accepts marketing, sort order setting, color scheme, dark mode, email notifications, display mode, view mode, landing page, default view, default currency, show, hide, allow, config, wants, privacy, ui, editor, unsubscribe, consent, accept, dateformat, number format, currency symbol, time format, frequency, editing, sidebar, dashboard",
    "free_text": "about, description, remark, memo, comment, comments, note, notes, introduction, profile, customer note, order comment, additional info, special request, other, misc, reason, summary, info, details, tagline, signature, about html, signature html, extra info, narration, delivery notes, instructions, customer comment, order note, internal info, text about, status text, headline, purpose, about text, bio raw, bio cooked, gift message, request, requests, impressum, status message, background history, additional information, keywords, free field, food preferences",
    "message": "message, subject, body, inquiry, question, reply, answer text, message text, preview, snippet, plain body, html body, msg, email subject, email body, last message, content",
    "content": "content, topic, description, summary, body, text, title, caption, html, markdown, raw, cooked, post, article, excerpt, spoiler text, post content, comment content, post title, long comments, review, detail, data, payload, value, meta value, query, keyword, search, subject, slug, headline text, path, new value, old value, changes, object changes, params, url, name, label, sort name, note text, reaction, emoji, heading, answer, original text, rendered, content type text, rating, search term, title text, topic title, term, query string, ext, translation, display text, embed html, attributes, choices, fields, properties, old text, new text, search query, last post title, first post title",
    "relation": "relationship, relation, kinship, family relation, relation type, friends, followers",
    "note": "admin note, staff note, internal note, admin comment, private note, evaluation note, staff comment, admin memo, internal comment, moderator note, internal memo, internal remark, note private, employee note, moderation note, ban reason, suspended reason, suspend reason, suspend message, warning, ban give reason, private remark, evaluation comment",
    "file": "file, attachment, document, upload, filename, file path, file name, original filename, attached file, resume, cv, file url, file data, original name, disk filename, file key, filepath, physical filename, real filename, attached files, storage path, file location",
    "attribute": "major, degree, institute, university, alma mater, nationality, religion name, education, income, salary, status text, group title, rank title, level name, dress size, weight, height, language name, nationality code, spoken languages, skills, interest, qualification, experience, score, karma, reputation, points, lead source, referral, referrer code, referral code, birth name, membership number, member number, customer number, customer code, customer reference, loyalty, family size, segment, member code, user code, employee code, pronouns, demographic, additional info, contact info, client code, ref ext",
    "usage": "post number, thread number, visit, visits, last login, last visit, last seen, last activity, last access, login count, login, visit count, last active, post count, topic count, last post, duration, elapsed, view, views, reputation, referer, referrer, activity, action, event, event name, url visited, request uri, time spent, play count, points, login attempts, failed attempts, failed logins, last page, request, path info, page url, utm source, utm campaign, read count, click, clicks, viewed, history, operation, action name, utm medium, failed login attempts, method, last used, message count, http referer, lastvisit, online, search terms, referring domain, referral url, last action, landing page url, screen name viewed, started, ended, posts read count, progress time, streak, hits",
}  # fmt: skip

# What the last word of a column's name makes of it, whatever stands before: `email_type` is no address.
HEADS: Final = _table("""
    id: id, ids, uuid, guid, pk, fk, oid, gid, rid, cid, pid, tid, fid, seq, sequence, index, idx, serial
    time: unix, at, on, date, time, datetime, timestamp, since, until, dt, ts, expires, expiry, expiration, expire, when, expired, started, ended, stamp, ms, utc, gmt, till, timeout, deadline
    flag: flag, enabled, disabled, active, verified, confirmed, visible, hidden, deleted, locked, required, public, private, approved, published, valid, invalid, primary, default, checked, banned, blocked, closed, archived, pinned, featured, sticky, read, unread, sent, opened, bot, validated, activated, force, allowed, only, suspended, subscribed, trashed, moved, reported, starred, editable, internal, virtual, temporary, global, staff, superuser, reset, open, silenced, discoverable, confirmation, optional, processed, seen, shared, official
    count: count, counter, size, length, width, height, bytes, max, min, limit, attempts, total count, tries, retries, views, replies, counts, level, threshold
    enum: type, kind, status, state, mode, format, class, order, sort, position, rank, version, code, category, priority, encoding, mime, extension, method, group, role, visibility, scope, scopes, stage, step, label, color, colour, weight, algorithm, charset, lft, rgt, depth, pos, sortorder, ordering, protocol, flags, bitmask, bits, perms, permissions, permission, driver, engine, schema, direction, severity, policy, mask, precision, provider, iterations, algo, scheme, cost, usertype, usergroup, entity, gateway, service, source, storage, unit, display, ordinal, lock
    name kind: style, template, pattern, regex, prefix, mimetype, contenttype, domain, etag
""")

# Technical columns that mean nothing about anybody wherever they stand.
TECHNICAL: Final = frozenset(
    _phrases(
        """
    id, uuid, guid, lock version, version, position, sort order, sort, order, rank, weight order, lft, rgt, depth, type, kind, status, state code,
    active, enabled, deleted, is deleted, del flag, deleted flag, discriminator type, hidden, visible, locked, revision, checksum, md,
    parent, ancestry, level, priority, sequence, seq, flags, entity, import key, tenant, namespace, site, extparams, rev, class, model,
    etag, xmax, row version, mode, permissions, perms, roles, cached, sync token, is active, approved, enable, charset, collation, format,
    mime type, mime, content type, filetype, extension, hash algorithm, md hash, search vector, search document, tsv, sha, algorithm, pos, is admin,
    sortorder, icon class, color, colour, guid key, cache, locked at version, deleted at unix, editable, extra, resource, engine,
    is staff, is superuser, administrator, superuser, trust level, cached markdown version, baked version, word count, system, object,
    scope, scopes, domain, component, area code, plugin, auth, deletion flag, closed, hash sum, state, group, permission, role, category, tag,
    public, private, published, default, primary, verified, confirmed, banned, suspended, plan, trashed, sticky, comment type, meta key,
    attribute key, field, key name, key, bundle, short code, ping status, comment status, post type, post status, approval, type name, uid, archetype, slug, system name, backend, provider, severity, code, ext, unit, sort key,
    draft, favorite, starred, archived, rating sum, hits, downloads, visibility, sensitive, local, protocol, meta id, lock, site admin, fk, nb, rowid
""".replace("\n", ",")
    )
)

# What a table is about, by the last words of its name (all but prefixes), strongest first.
TABLE_THEMES: Final = {
    "identity": """pseudonym, user, customer, member, account, person, people, employee, staff, administrator, operator, subscriber, contact,
        client, patient, student, teacher, doctor, driver, guest, visitor, applicant, candidate, lead, prospect, login, principal,
        passenger, resident, citizen, donor, volunteer, author, actor, player, participant, attendee, learner, instructor, worker, agent,
        partner, supplier, vendor, borrower, reader, recipient, nurse, physician, tenant user, backend user, frontend user,
        seller, buyer, respondent, registrant, trainee, crew, pilot, provider person, artist person, adherent, socpeople, friend, relative,
        newsletter subscriber, bank customer, shipper, adopter, mentor, coach, speaker, interviewee, hr employee, tutor, researcher,
        parent guardian, guardian, family member, salesperson, sponsor, identity, civicrm contact, entrant, referee, owner""",
    "organisation": """company, organization, tenant, store, shop, office, branch, warehouse, supplier, vendor, department, school,
        hospital, hotel, manufacturer, brand, publisher, carrier, shipper, bank, club, institution, facility, venue, base info,
        website, clinic, restaurant, agency, business, firm, airline, airport, partner company, societe, realm, clinics, site, instance,
        merchant, distributor, enterprise, inbox, domain, company info, outlet, institute, university, library, studio, stock location, location, campus, place, building, subunit""",
    "master": """product, category, tag, role, permission, setting, config, configuration, option, template, country, currency, language, tax, plan, unit,
        status, type, attribute, theme, plugin, module, migration, term, taxonomy, vocabulary, zone, region, city, state, province, prefecture,
        coupon, promotion, variant, sku, inventory, stock, price, item master, label, priority, tracker, workflow, widget, block, menu, locale,
        translation, feature, property, field, custom field, profile field, user field, film, movie, genre, track, album, artist, media type, color, size, material, ingredient,
        payment method, shipping method, tax rate, tax class, email template, mail template, faq, news, holiday, calendar day, license, skill,
        badge, emoji, smiley, smilie, ranks, forum, acl, capability, context, license type, meter, tariff, fare, room type, vehicle, car, book copy,
        level, code, dictionary, icon, feed, scale, rule, policy, schedule rule, job queue, queue, cron, cache, lock, sequence, version, schema,
        translation string, asset type, webhook, oauth application, oauth client, api client, filter, sla, trigger, macro, canned response, automation rule,
        lookup, variable, environment, web hook, hook, parameter, registry, extension, domain block, broadcast message, broadcast, custom emoji, emoji, announcement, banner, sale type,
        discount, group right, terms of service, term of service, user group, customer group, group permission, seo, url rewrite, layout, page layout, design, image type, banlist, word,
        ledger account, gl account, chart of account, tax rule, gateway, payment gateway, subscription plan, delivery time, delivery fee, relay, product image,
        product class, product stock, option value, attribute value, geo zone, weight class, length class, manufacturer, stock status, order status, return reason, return status, return action,
        migration version, ar internal metadata, django migration, content type, session type, job, failed job, job batch, cache lock, pref, sex, work, csv, authority, login history status, tool, activity type""",
    "shared": """page, document, wiki, article, project, board, repository, channel, room, workspace, team, group, space, blueprint,
        model, wiki page, wiki content, chapter, shelf, bookshelf, book, knowledge base, namespace, pad, milestone, epic, sprint, release, stream""",
    "maybe shared": """folder, course, event, meeting, issue, task, list, card, column, survey, form, quiz, poll, dashboard, report,
        calendar, case, opportunity, deal, campaign, playlist, bug, story, user story, subtask, swimlane, assignment, lesson, chart, query, file, question, merge request, pull request, snippet, work package""",
    "log": """log, audit, history, activity, event log, access log, audit log, login history, visit, session, access, journal, version, login attempt, track, impression, view, click,
        search log, page view, hit, request, login, action, logging, logs, usage, login failure, activity stream, activity feed, connection, attempt, notification, online, statistic, stat, watchdog, recentchange""",
    "message": """chat session, message, ticket, inquiry, mail, email, chat, conversation, contact form, contact us, contact request, contact message, feedback, thread, reply, support ticket, enquiry,
        direct message, private message, privmsg, thread entry, ticket message, comment form, sms, call, letter, notification, ticket article, outbox, correspondence""",
    "content": """upload session, post, comment, review, topic, status, story, tweet, toot, article, blog, blog post, photo, image, video, media, answer, gallery, upload, attachment, bookmark,
        comment revision, revision, favorite, note, journal, entry, diary, discussion, file, media attachment, draft, reaction, rating, text, submission, page, document, wiki, question, poll, playlist, item""",
    "commerce": """order, invoice, payment, cart, basket, purchase, sale, transaction, subscription, donation, refund, shipment, quote, bill, estimate, receipt, rental,
        billing, charge, deposit, payout, wallet, credit, order item, order line, order detail, order product, cart item, invoice line, invoice item, wishlist, credit card, payment source, return, rma,
        loan, expense, budget, salary, creditmemo, checkout, gift card, quote item, shipment track, store credit, order history, order total, subscription item, reimbursement, adjustment, piggy bank, bank account, propal,
        commande, facture, contract, payment transaction, quotation, order address, shipping, delivery, fulfillment, line item, order payment, invoice item, sales order, sales invoice, payment history""",
    "booking": "booking, reservation, appointment, availability, schedule entry, timeslot, meeting request",
    "membership": "membership, application, enrolment, enrollment, role assignment, participant, team member, group member, registration, subscription, follower, follow, friendship, invitation, block, mute, member role, user role, user group, user team, join request, friend, attendance, attendee, member, acl user, role user, assignment",
    "credential": "u2f registration, webauthn, webauthn credential, backup code, backupcode, twofactor, mfa, passkey, session, token, access token, refresh token, password reset, password reset token, oauth token, authentication, api key, key, access grant, identity, credential, login token, web credential, device, remember token, otp device, reset password, oauth access token, user token, autologin, bearer token, authtoken, ssh key, gpg key, public key, external login, federated identity, session key, verification, one time password, access code, verification code, authorization code, auth code, recovery code",
    "settings": "setting, preference, user setting, user preference, notification setting, option, user option, config, subscription setting, user config, notification preference",
    "address": "address, location, customer address, shipping address, billing address, address book, order address, delivery address, email address, phone number, phone, email, communication channel, contact detail, contact field, contact mech",
    "profile": "profile, user profile, user detail, personal information, user data, user info, demographic, user meta, custom field value, user attribute, extra, stat, user stat, account stat, profile value, data, avatar, portrait, user photo, user image, user picture, child, next of kin, emergency contact, dependent, education, work experience, family",
    "note": "note, memo, remark, evaluation, contact note, customer note, admin note, staff note, case note, appraisal",
    "attendance": "attendance, grade, grade grade, quiz attempt, quiz grade, certificate, completion, course completion, result, score, exam result, submission, assignment submission, attempt",
    "template": "template, setting, config, configuration, option, parameter, mail server, smtp setting, queue, schedule, job, inbox, mail template, email template, mailbox, email account, channel email, webhook, integration, imap, mail setting",
}  # fmt: skip

# Japanese table and column names are searched for these parts, longest first.
JAPANESE_COLUMNS: Final = (
    ("card_number", "カード番号 クレジットカード番号"),
    ("mynumber", "マイナンバー 個人番号"),
    ("email", "メールアドレス メアド Eメール Ｅメール メール eメール"),
    ("kana", "フリガナ ふりがな 氏名カナ カナ氏名 よみがな ヨミガナ 読み仮名 カナ かな ヨミ よみ セイ メイ"),
    ("phone", "電話番号 電話 携帯番号 携帯電話 携帯 FAX番号 FAX ファックス 連絡先電話"),
    ("postal_code", "郵便番号 〒"),
    ("address", "住所 都道府県 市区町村 市町村 番地 建物名 町名 所在地 居住地 送付先 マンション名 国名"),
    ("birth_date", "生年月日 誕生日 年齢 生年 年代"),
    ("gender", "性別"),
    ("company", "会社名 団体名 法人名 企業名 組織名 学校名 屋号 会社 所属団体"),
    ("workplace", "勤務先 部署名 部署 役職 職業 所属 職種 職位 社員番号"),
    ("headcount", "人数 申込人数 参加人数"),
    ("nickname", "ニックネーム 表示名 ログインID ログイン名 ユーザー名 ユーザ名 ハンドルネーム"),
    ("name", "請求先名 宛先名 送付先名 氏名 姓名 お名前 名前 担当者名 代表者名 代表者 顧客名 会員名 社員名 患者名 申込者名 受講者名 氏名漢字 苗字 利用者名 宛名 配送先名 契約者名"),
    ("photo", "顔写真 プロフィール画像 アイコン画像 写真"),
    ("bank", "振込名義 名義人 口座番号 口座名義 銀行名 支店名 口座種別 金融機関 口座"),
    ("card", "カード名義 有効期限カード カード有効期限 カードブランド カード会社"),
    ("credential", "パスワード 暗証番号 認証コード トークン 秘密の質問 秘密の答え"),
    ("ip", "IPアドレス アクセス元"),
    ("user_agent", "ユーザーエージェント ブラウザ 端末名 端末"),
    ("cookie_id", "クッキー 端末識別子 端末ID セッションID"),
    ("health", "身長 体重 血圧 視力 所見 傷病 病名 病歴 既往歴 アレルギー 血液型 健康状態 症状 診断 服薬 処方 健診結果"),
    ("special_care", "宗教 信条 人種 障害 犯罪歴 前科 障がい"),
    ("id_document", "免許証番号 旅券番号 パスポート番号 在留カード 保険証番号 本人確認書類 基礎年金番号"),
    ("attribute", "職歴 経歴 資格 国籍 学歴 婚姻 家族構成 年収 趣味 最終学歴"),
    ("note", "社内メモ 管理メモ 社内備考 評価 対応メモ 管理者メモ"),
    ("free_text", "自由記述 自由回答 満足度 備考 自己紹介 要望 ご要望 メモ 自由記入 通信欄 コメント 感想 理由 摘要 特記事項 説明"),
    ("message", "対応内容 問い合わせ内容 お問い合わせ 問合せ内容 問合せ 件名 本文 メッセージ 回答 質問"),
    ("attendance", "受講 出席 成績 点数 修了 合否 得点 出欠"),
    ("payment", "金額 支払 請求 入金 注文番号 合計 料金 税額 単価 数量 売上 決済 小計 送料 消費税 割引 領収 給与 残高 価格"),
    ("settings", "配信希望 メルマガ 言語 通知設定 受信設定 設定 希望"),
    ("file", "履歴書 ファイル 添付"),
    ("content", "内容 題名 タイトル 投稿 記事"),
    ("usage", "最終ログイン ログイン回数 利用回数 利用日 閲覧 操作内容 アクセス日時 来店 操作"),
    ("relation", "続柄 関係"),
)  # fmt: skip
# A Japanese name of one or two signs must be the whole name: 名 is in 商品名 too.
JAPANESE_WHOLE: Final = {
    "姓": "name", "名": "name", "氏": "name", "名前": "name", "歳": "birth_date", "国": "address",
    "題": "content", "顔": "photo", "姓カナ": "kana", "名カナ": "kana", "年令": "birth_date", "県": "address",
    "市": "address", "url": "contact",
}  # fmt: skip
JAPANESE_TAILS: Final = (
    ("id", "ID id コード 番号 No NO 区分ID キー"),
    ("enum", "区分 種別 状態 ステータス 種類 フラグ 順 順番 並び順 分類 有無 可否"),
    ("time", "日時 年月日 日付 日 時刻 時間 期限"),
    ("count", "回数 件数 数"),
)
# Last words that say only "this is a table".
JAPANESE_GENERIC: Final = ("マスター", "マスタ", "台帳", "一覧", "情報", "データ", "テーブル")
JAPANESE_TABLES: Final = (
    ("log", "履歴 ログ 操作記録 アクセス"),
    ("commerce", "注文 受注 請求 支払 売上 決済 購入 入金 予約 契約 見積 明細 カート 給与 納品"),
    ("message", "問い合わせ 問合せ メッセージ 対応 回答 アンケート 相談 連絡"),
    ("attendance", "受講 出席 成績 修了 参加"),
    ("master", "商品 製品 マスタ 区分 設定 カテゴリ 分類 都道府県 講座 コース 在庫 プラン 料金表 テンプレート お知らせ 研修 教室 部屋 講習"),
    ("organisation", "会社 企業 店舗 支店 法人 取引先 仕入先 部署 部門 拠点 団体 組織"),
    ("membership", "所属 申込 申し込み"),
    ("address", "住所 配送先 届け先 お届け先"),
    ("credential", "認証 セッション トークン"),
    ("content", "投稿 記事 レビュー 口コミ コメント 日報 日記"),
    ("note", "メモ 評価"),
    ("shared", "文書 資料 案件 プロジェクト 会議 規程 議事録"),
    ("identity", "利用者 会員 顧客 ユーザー ユーザ 社員 職員 従業員 担当者 患者 学生 受講者 申込者 お客様 得意先 名簿 生徒 講師 管理者 スタッフ 保護者 応募者 家族 購読者 参加者 個人"),
)  # fmt: skip

# What a Japanese reference means among tables with English names: 受講者番号 is `attendees.id`.
JAPANESE_NOUNS: Final = _table("""
    attendee participant student learner trainee: 受講者, 受講生, 参加者, 出席者
    member: 会員, メンバー
    customer client user: 顧客, 得意先, お客様
    employee staff: 社員, 職員, 従業員, スタッフ
    user member account: 利用者, ユーザー, ユーザ, アカウント
    patient: 患者
    student pupil: 学生, 生徒, 児童
    applicant application: 申込者, 応募者
    person: 個人, 人物
    order: 受注, 注文
    application registration: 申込, 申込み, お申込み
    invoice bill: 請求, 請求書
    contract: 契約
    reservation booking: 予約
    inquiry ticket: 問合せ, 問い合わせ, お問い合わせ
    survey questionnaire: アンケート
    response answer: 回答
    course session training: 研修, 講座, 研修回, コース
    company organization: 会社, 企業, 法人
    product item: 商品, 製品
""")
JAPANESE_REFERENCE: Final = ("番号", "コード", "ID", "Id", "id", "No", "NO", "NO.", "キー")

# Who a reference names. `actor`: whose the row is; `other`: the second person of the same act (both own it);
# `creator`: who entered it; `second`: who handled, changed or judged it later.
ROLE_WORDS: Final = _table("""
    actor: user, owner, author, customer, member, account, person, patient, student, subscriber, poster, uploader, uploaded by, login,
    actor: sender, buyer, reporter, requester, requestor, submitter, commenter, voter, reviewer name, participant, attendee, player, renter, borrower, tenant user, applicant
    actor: payer, client, guest, learner, actor, whodunnit, performer, performed by, submitted by, posted by, written by, sent by, uid, user uid, userid
    actor: donor, contact, employee, profile, identity, follower, inviter, invited by, requested by, ordered by, bookmarked by, liked by, voted by, reported by
    actor: user from, from user, candidate, passenger, beneficiary, holder, cardholder, reader, blocker, muter, visitor, recruiter candidate, liker, initiator, initiated by, blocked by
    actor: uploaded to by, responsible person, lead, agent user, flagger, sender user, poster user, ordered user, user idfrom, useridfrom
    other: recipient, receiver, to user, user to, friend, followee, followed, target user, target account, invitee, invited user, addressee, blocked user, blocked, muted, addressee user, friend user, other user, related user, followed user, to customer, from account, useridto, relatedu user, to account, muted user, ignored user, receiver user
    creator: created by, creator, create uid, added by, entered by, registered by, user author, created user, inserted by, created, imported by, created by user, author user, creating user, creator user, user creat, user add, started by, founder, opened by, created user id, entered user, user creation, generated by, granted by, given by, issued by
    second: write, write user, updated by, updated, updated uid, update uid, write uid, editor, last editor, approved by, approver, deleted by, verified by, reviewed by, reviewer, moderator, moderated by, closed by, resolved by, resolver, locked by, locked, banned by, assigned to, assigned, assignee, assigned user, assigned by, assigner, handler, processed by, manager, supervisor, support rep, last poster, last post user, last user, user updated, updated user, served by, salesman, salesperson, sales rep, cashier, staff, operator, agent, administrator, edited by, editor user, user modif, user valid, user close, user cloture, checked by, performed for, merge user, merged by, merged, dismissed by, dismissed, deleted user, responsible, lead user, last post, last reply user, last edited by, cancelled by, cancelled, closed user, completed by, last author, manager staff, sent to staff, deactivated by, rejected by, accepted by, confirmed by, handled by, reports to, report to, boss, parent user, referrer, referred by, referral, approver user, last update user, published by, hidden by, silenced by, suspended by, resolved user, last updater, author of last, signed by, doctor, teacher, instructor, driver, nurse, physician, waiter, consultant, therapist, staff user, user validation, commercial signature, commercial suivi, latest post user, action taken by, action taken by account, assigned account, ban user, invited
""")
# Words before `_id` that never name a person, though a table of that name may hold persons.
THINGS: Final = frozenset(
    _phrases("""
    parent, group, role, category, type, status, product, country, language, currency, site, store, session, object, record, item, external, remote,
    content, tenant, company, organization, website, shop, team, project, template, tax, zone, state, plan, thread, media, file, image
""")
)

# Strings that head no table but mark a join or a detail of the table named before them.
DETAIL_TAILS: Final = frozenset(
    _phrases("""
    item, line, detail, meta, history, status, address, tag, image, translation, option, value, attribute, note, total, product, entry, row, log, event, stat,
    file, attachment, cdata, data, text, body, part, revision, version, preview, det, product option, download, voucher, shipment, payment, article, step, feed, edge
""")
)

# Extra words that occur inside compounds written without a break.
_MORE: Final = """
    first last middle family given full real legal display screen nick login logged name names user users customer customers member members
    account accounts person people email mail phone mobile home work postal post code zip birth date day time year month created
    modified updated changed deleted last access seen visit active ip agent browser device host address street city country state region
    province number company department institution title subject body content text message description picture image photo avatar
    password secret token session key course module group role forum discussion quiz grade attempt assignment submission event
    category context question answer item order invoice payment cart product from sent read view views count start end due open close
    timecreated rating score feedback comment comments note notes parent child status type format lang language theme zone timezone
    auth confirmed suspended policy agreed remote client server url web site page topic thread ticket staff owner author editor
    poster recipient sender receiver friend follower team project task issue file files size path hash salt sign signature
    registered register registration activation expire expires expiry credit card account holder bank branch job office gender
    query edit sess finish short website blog link facebook twitter icon contact emergency guardian attribute value field data info line unit total price amount tax
    discount shipping billing delivery method instance section plugin component action target object related component origin
    issued entered away notice notices pms buddy ignore reason notify props mfa otp viewed leave join redirect uri callback urls ids icon emoji intro entity level quantity version visible hidden enabled sort index primary secondary alternate reply
    """.split()


def _vocabulary_words() -> frozenset[str]:
    found = set(_MORE)
    for table in (SURE, LIKELY, TABLE_THEMES):
        for text in table.values():
            for phrase in _phrases(text):
                found.update(phrase.split())
    for form, canonical in {**ALIASES, **ROLE_WORDS}.items():
        found.update(canonical.split())
        found.update(word for word in form.split() if len(word) > 3)
    # Whole compounds must not stand in the way of their own parts.
    compounds = set(
        "userid useridto useridfrom timecreated userinfo usermeta usertype usergroup userpic tenantuser "
        "idvisitor newpassword relatedu lastvisit screenname wikipage socpeople firstaccess timestamp".split()
    )
    return frozenset(w for w in found - compounds if len(w) > 2 or w in ("id", "ip", "by")) | {
        "timestamp"
    }


LEXICON: Final = _vocabulary_words()
SURE_PHRASES: Final = {p: kind for kind, text in SURE.items() for p in _phrases(text)}
LIKELY_PHRASES: Final = tuple((kind, frozenset(_phrases(text))) for kind, text in LIKELY.items())
THEMES: Final = {theme: frozenset(_phrases(text)) for theme, text in TABLE_THEMES.items()}
