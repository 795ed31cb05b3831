"""The example's databases are the same each time, awkward where they say so, and invented throughout."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, select, text

from examples.levii import databases
from examples.levii.databases import names, truth

SMALL = 80
ROOT = Path(__file__).resolve().parents[3]


def engine_for(url: str) -> Engine:
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The four databases with 2,000 people each."""
    folder = tmp_path_factory.mktemp("levii")
    engines = {s: create_engine(f"sqlite:///{folder}/{s}.sqlite3") for s in databases.SERVICES}
    for service, engine in engines.items():
        databases.fill(engine, service)
    yield engines
    for engine in engines.values():
        engine.dispose()


def rows(engine, service):
    """Every row of a service, table by table, in the order of the key."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in databases.metadata(service).sorted_tables
        }


def column_values(engine, table, column):
    with engine.connect() as connection:
        return connection.execute(select(table.c[column])).scalars().all()


def one(engine, sql, **values):
    with engine.connect() as connection:
        return connection.execute(text(sql), values).scalar_one()


def all_texts(filled):
    for service, engine in filled.items():
        for found in rows(engine, service).values():
            for row in found:
                yield from (value for value in row if isinstance(value, str))


@pytest.mark.parametrize("service", databases.SERVICES)
def test_the_same_size_gives_the_same_rows(service):
    first, second = create_engine("sqlite://"), create_engine("sqlite://")
    databases.fill(first, service, people=SMALL)
    databases.fill(second, service, people=SMALL)
    assert rows(first, service) == rows(second, service)


def test_another_seed_gives_other_people_and_the_same_cast():
    first, second = create_engine("sqlite://"), create_engine("sqlite://")
    databases.fill(first, "balus", people=SMALL, seed=1)
    databases.fill(second, "balus", people=SMALL, seed=2)
    one_name = "SELECT name FROM accounts WHERE id = 12"
    assert rows(first, "balus")["accounts"] != rows(second, "balus")["accounts"]
    assert one(first, one_name) == one(second, one_name) == "山田 花子"


@pytest.mark.parametrize("service", databases.SERVICES)
def test_the_counts_are_those_of_the_tables(service):
    engine = create_engine("sqlite://")
    counts = databases.fill(engine, service, people=61)
    assert counts == {name: len(found) for name, found in rows(engine, service).items()}
    assert all(counts.values())


def test_a_database_with_rows_is_not_filled_again():
    engine = create_engine("sqlite://")
    databases.fill(engine, "website", people=SMALL)
    with pytest.raises(databases.NotEmptyError, match=r"`\w+` is not empty"):
        databases.fill(engine, "website", people=SMALL)


def test_a_database_with_empty_tables_is_filled():
    engine = create_engine("sqlite://")
    databases.metadata("kata").create_all(engine)
    assert databases.fill(engine, "kata", people=SMALL)["profiles"] == SMALL // 4


def test_too_few_people_and_unknown_services_are_refused():
    engine = create_engine("sqlite://")
    with pytest.raises(ValueError, match="at least 60 people"):
        databases.fill(engine, "balus", people=59)
    with pytest.raises(ValueError, match="no service of the example"):
        databases.fill(engine, "billing")


@pytest.mark.parametrize("service", databases.SERVICES)
def test_every_foreign_key_is_met(filled, service):
    with filled[service].connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.parametrize("service", databases.SERVICES)
def test_every_nullable_column_holds_null_and_a_value(filled, service):
    engine = filled[service]
    for table in databases.metadata(service).sorted_tables:
        for column in table.columns:
            if column.nullable:
                found = {value is None for value in column_values(engine, table, column.name)}
                assert found == {True, False}, f"{table.name}.{column.name}"


def test_every_mail_address_is_invented(filled):
    for value in all_texts(filled):
        for domain in re.findall(r"@([\w.-]+)", value):
            assert domain.lower().endswith(".example"), value


def test_every_telephone_number_is_in_a_range_that_nobody_has(filled):
    invented = re.compile(
        r"(\+81 90-00|09000|090-00|\(090\) 00|03-00|03\(00)[\d\- ()]+( ?内線\d\d)?"
    )
    columns = [
        ("balus", "accounts", "phone"),
        ("training", "attendees", "phone"),
        ("training", "companies", "contact_phone"),
        ("website", "inquiries", "phone"),
    ]
    narrow = str.maketrans("０１２３４５６７８９－", "0123456789-")
    for service, table, column in columns:
        found = column_values(filled[service], databases.metadata(service).tables[table], column)
        assert {re.sub(r"\d", "9", value.translate(narrow)) for value in found if value}
        assert all(invented.fullmatch(v.translate(narrow)) for v in found if v is not None)


def test_no_card_number_is_held(filled):
    for value in all_texts(filled):
        assert not re.search(r"(?<!\d)\d{13,19}(?!\d)", value.replace(" ", "").replace("-", ""))


def test_every_address_of_the_network_is_kept_for_documentation(filled):
    kept = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")
    for service, name in (("balus", "usage_events"), ("website", "access_log")):
        table = databases.metadata(service).tables[name]
        found = column_values(filled[service], table, "ip")
        assert all(value.startswith(kept) for value in found if value)


def test_the_readme_lists_every_awkward_fact():
    readme = (Path(databases.__file__).parent / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", readme.partition("## Awkward facts")[2], re.MULTILINE)
    assert listed
    assert sorted(listed) == sorted(databases.awkward(SMALL))


def test_the_awkward_facts_are_there_at_every_size():
    for size in (names.SMALLEST, 61, 333, 1000):
        facts = databases.awkward(size)
        assert facts["heroine"] == databases.awkward()["heroine"]
        assert facts["profiles_with_another_address"]["profiles"]
        assert facts["enrolled_twice"]["attendees"]


def test_the_heroine_is_in_all_four_under_one_verified_address(filled):
    heroine = databases.awkward()["heroine"]
    mail = heroine["email"]
    verified = "SELECT email FROM accounts WHERE id = :key AND email_verified_at IS NOT NULL"
    assert one(filled["balus"], verified, key=heroine["balus"]) == mail
    assert (
        one(filled["kata"], "SELECT email FROM profiles WHERE id = :k", k=heroine["kata"]) == mail
    )
    attendee = "SELECT email FROM attendees WHERE id = :k"
    assert one(filled["training"], attendee, k=heroine["training"]) == mail
    confirmed = "SELECT count(*) FROM newsletter WHERE email = :k AND confirmed_at IS NOT NULL"
    assert one(filled["website"], confirmed, k=mail) == 1
    assert one(filled["balus"], "SELECT count(*) FROM accounts WHERE email = :k", k=mail) == 1


def test_the_heroine_has_rows_in_every_table_of_persons_and_teams(filled):
    heroine = databases.awkward()["heroine"]
    for service, engine in filled.items():
        for table, count in databases.held_by(engine, service, heroine[service]).items():
            expected = truth.TRUTH[service][table].whose in {"person", "shared"}
            assert bool(count) is expected, f"{service}.{table}"


def test_the_namesakes_are_two_people_and_no_more(filled):
    fact = databases.awkward()["namesakes"]
    with filled["balus"].connect() as connection:
        found = connection.execute(
            text("SELECT id, name_kana, email FROM accounts WHERE name = :name ORDER BY id"),
            {"name": fact["name"]},
        ).all()
    assert [row.id for row in found] == fact["accounts"]
    assert len({row.name_kana for row in found}) == len({row.email for row in found}) == 2


def test_one_person_has_two_addresses(filled):
    fact = databases.awkward()["two_addresses"]
    accounts = {row[0]: row for row in rows(filled["balus"], "balus")["accounts"]}
    at_work, at_home = (accounts[key] for key in fact["accounts"])
    assert [at_work[1], at_home[1]] == fact["emails"]
    assert at_work[3:7] == at_home[3:7]


def test_a_mailbox_is_shared_by_the_accounts_that_it_says(filled):
    fact = databases.awkward()["shared_mailbox"]
    held = Counter(row[1] for row in rows(filled["balus"], "balus")["accounts"])
    assert held[fact["email"]] == len(fact["accounts"]) == 3
    assert all(mail.startswith("info@") for mail, count in held.items() if count > 1)


def test_the_comments_of_deleted_accounts_stay(filled):
    fact = databases.awkward()["deleted_account"]
    found = rows(filled["balus"], "balus")
    assert [row[0] for row in found["accounts"] if row[-1] is not None] == fact["all_accounts"]
    assert [row[0] for row in found["comments"] if row[2] == fact["account"]] == fact["comments"]


def test_four_members_made_the_team_model(filled):
    fact = databases.awkward()["team_model"]
    found = rows(filled["balus"], "balus")
    (model,) = (row for row in found["models"] if row[0] == fact["model"])
    assert (model[1], model[4], model[5]) == tuple(
        fact[key] for key in ("workspace", "created_by", "updated_by")
    )
    makers = [row[6] for row in found["elements"] if row[1] == fact["model"]]
    assert makers == fact["members"]
    joined = {row[1] for row in found["memberships"] if row[0] == fact["workspace"]}
    assert joined >= set(fact["members"])


def test_relations_are_reached_over_three_hops(filled):
    fact = databases.awkward()["three_hops"]
    found = rows(filled["balus"], "balus")
    assert [row[0] for row in found["views"] if row[1] == fact["model"]] == fact["views"]
    assert [row[0] for row in found["relations"] if row[1] in fact["views"]] == fact["relations"]


def test_the_invoices_hang_on_the_subscription(filled):
    fact = databases.awkward()["tax_invoices"]
    found = rows(filled["balus"], "balus")["invoices"]
    assert [row[0] for row in found if row[2] == fact["subscription"]] == fact["invoices"]


def test_an_attendee_has_the_verified_address_of_another(filled):
    fact = databases.awkward()["unverified_claim"]
    account = (
        "SELECT name, email FROM accounts WHERE email = :mail AND email_verified_at IS NOT NULL"
    )
    attendee = "SELECT name, email FROM attendees WHERE id = :key"
    with filled["balus"].connect() as connection:
        owner = connection.execute(text(account), {"mail": fact["email"]}).one()
    with filled["training"].connect() as connection:
        claimant = connection.execute(text(attendee), {"key": fact["attendee"]}).one()
    assert owner.email == claimant.email
    assert owner.name != claimant.name


def test_some_people_are_enrolled_twice(filled):
    attendees = {row[0]: row for row in rows(filled["training"], "training")["attendees"]}
    for first, second in databases.awkward()["enrolled_twice"]["attendees"]:
        assert attendees[first][2].replace(" ", "") == attendees[second][2]


def test_running_text_names_other_people(filled):
    for service, table, key, number, column, others in databases.awkward()["names_in_free_text"][
        "rows"
    ]:
        body = one(filled[service], f"SELECT {column} FROM {table} WHERE {key} = :n", n=number)
        assert all(other in body for other in others)


def test_rare_characters_half_width_kana_and_spellings_arrive(filled):
    facts = databases.awkward()
    accounts = {row[0]: row for row in rows(filled["balus"], "balus")["accounts"]}
    rare = "".join(accounts[key][3] for key in facts["rare_characters"]["accounts"])
    assert all(character in rare for character in facts["rare_characters"]["characters"])
    assert accounts[facts["half_width_kana"]["account"]][4] == facts["half_width_kana"]["name_kana"]
    spellings = facts["phone_spellings"]["accounts"]
    assert {key: accounts[key][5] for key in spellings} == spellings
    assert len({re.sub(r"[0-9０-９]", "9", phone) for phone in spellings.values()}) == 7


def test_half_width_kana_is_made_with_its_voiced_marks():
    assert names.half_width("ヤマダ パン ヴ") == "ﾔﾏﾀﾞ ﾊﾟﾝ ｳﾞ"


def test_profiles_may_lack_an_account_or_have_another_address(filled):
    facts = databases.awkward()
    profiles = {row[0]: row for row in rows(filled["kata"], "kata")["profiles"]}
    unlinked = [key for key, row in profiles.items() if row[1] is None]
    assert sorted(unlinked) == sorted(facts["profiles_without_account"]["profiles"])
    assert not databases.metadata("kata").tables["profiles"].foreign_keys
    assert len(profiles) == 500


def test_two_tables_of_the_training_service_declare_no_foreign_keys(filled):
    inspector = inspect(filled["training"])
    for table in databases.awkward()["no_foreign_keys"]["tables"]:
        assert inspector.get_foreign_keys(table) == []
    assert inspector.get_foreign_keys("attendees")


def test_a_cookie_links_to_a_person_only_by_an_inquiry(filled):
    facts = databases.awkward()
    linked, loose = facts["cookie_of_an_inquiry"], facts["cookie_of_nobody"]
    count = "SELECT count(*) FROM inquiries WHERE cookie_id = :cookie"
    assert one(filled["website"], count, cookie=linked["cookie_id"]) == 1
    assert one(filled["website"], count, cookie=loose["cookie_id"]) == 0
    assert databases.held_by(filled["website"], "website", linked["email"])["access_log"]


def test_an_address_in_capitals_is_the_same_person(filled):
    fact = databases.awkward()["mixed_case_address"]
    stored = one(filled["website"], "SELECT email FROM inquiries WHERE id = :k", k=fact["inquiry"])
    assert stored != fact["email"]
    assert stored.lower() == fact["email"]
    assert databases.held_by(filled["website"], "website", fact["email"])["inquiries"] == 1


@pytest.mark.parametrize("service", databases.SERVICES)
def test_the_truth_names_every_table_and_column(service):
    tables = databases.metadata(service).tables
    assert set(truth.TRUTH[service]) == set(tables)
    for name, table in tables.items():
        told = truth.TRUTH[service][name]
        assert list(told.kinds) == [column.name for column in table.columns], name
        assert set(told.kinds.values()) <= truth.KINDS, name
        for reach in told.reaches:
            assert set(reach.columns) <= set(told.kinds)
            assert set(reach.parent_columns) <= set(truth.TRUTH[service][reach.table].kinds)


def test_the_example_holds_every_kind_of_data():
    held = {
        kind
        for tables in truth.TRUTH.values()
        for t in tables.values()
        for kind in t.kinds.values()
    }
    assert held == truth.KINDS


def keys_by_truth(engine, service, table, subject):
    """The primary keys of the rows about a person, by walking the truth instead of SQL by hand."""
    content = rows(engine, service)
    told = truth.TRUTH[service]
    columns = {name: list(t.kinds) for name, t in told.items()}

    def reached(name):
        def cell(row, column):
            return row[columns[name].index(column)]

        found = []
        for row in content[name]:
            key = told[name].key
            own = key is not None and str(cell(row, key)).lower() == str(subject).lower()
            if own or any(
                tuple(cell(row, c) for c in reach.columns) in parents(reach)
                for reach in told[name].reaches
            ):
                found.append(row)
        return found

    cache = {}

    def parents(reach):
        if reach not in cache:
            places = [columns[reach.table].index(c) for c in reach.parent_columns]
            values = {tuple(row[p] for p in places) for row in reached(reach.table)}
            cache[reach] = {value for value in values if None not in value}
        return cache[reach]

    return reached(table)


@pytest.mark.parametrize("service", databases.SERVICES)
def test_the_truth_and_the_counts_written_by_hand_agree(service):
    engine = create_engine("sqlite://")
    databases.fill(engine, service, people=SMALL)
    heroine = databases.awkward(SMALL)["heroine"][service]
    others = {
        "balus": [9, 16, 28, 33],
        "kata": ["kp_1y99zbekqvrk", "kp_2wkjyqw6fqh7"],
        "training": [1, 8],
        "website": [names.World(SMALL, 2025).person(20).email, "nobody@mihon.example"],
    }
    for subject in [heroine, *others[service]]:
        for table, count in databases.held_by(engine, service, subject).items():
            assert count == len(keys_by_truth(engine, service, table, subject)), table


def run_fill(*words):
    command = [sys.executable, "-m", "examples.levii.databases.fill", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_the_command_fills_all_four_databases(tmp_path):
    done = run_fill("--people", "60", "--to", f"sqlite:///{tmp_path}/{{service}}.sqlite3")
    assert done.returncode == 0, done.stderr
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(databases.SERVICES)
    again = run_fill("--people", "60", "--to", f"sqlite:///{tmp_path}/{{service}}.sqlite3")
    assert again.returncode == 1
    assert "is not empty" in again.stderr


def test_the_command_takes_no_password_in_its_words():
    done = run_fill("--service", "balus", "--to", "postgresql://balus:open@localhost/balus")
    assert done.returncode == 1
    assert "--password-file" in done.stderr
    assert "open" not in done.stderr


@pytest.mark.parametrize("service", databases.SERVICES)
def test_postgresql_holds_the_same_rows_as_sqlite(postgres, service):
    engine = engine_for(postgres.fresh())
    check_agreement(engine, service)


@pytest.mark.parametrize("service", databases.SERVICES)
def test_mariadb_holds_the_same_rows_as_sqlite(mariadb, service):
    engine = engine_for(mariadb.fresh())
    check_agreement(engine, service)


def check_agreement(engine, service):
    """The same rows, times without their zone; the same counts; room for one more row."""
    plain = create_engine("sqlite://")
    expected = databases.fill(plain, service, people=SMALL)
    try:
        assert databases.fill(engine, service, people=SMALL) == expected
        assert without_zones(rows(engine, service)) == without_zones(rows(plain, service))
        heroine = databases.awkward(SMALL)["heroine"][service]
        assert databases.held_by(engine, service, heroine) == databases.held_by(
            plain, service, heroine
        )
        add_one_row(engine, service)
    finally:
        engine.dispose()


def without_zones(found):
    from datetime import UTC, datetime

    def bare(value):
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(UTC).replace(tzinfo=None)
        return value

    # The databases sort texts differently; the rows themselves must agree.
    return {name: sorted(repr([bare(v) for v in row]) for row in r) for name, r in found.items()}


def add_one_row(engine, service):
    """A service must be able to go on writing with keys that the database hands out."""
    name = {"balus": "comments", "kata": "adoptions", "training": "companies"}.get(
        service, "newsletter"
    )
    values = {
        "comments": {"element_id": 1, "author_id": 1, "body": "𠮷", "created_at": names.moment(0)},
        "adoptions": {"publication_id": 1, "adopted_at": names.moment(0)},
        "companies": {"name": "株式会社見本"},
        "newsletter": {"email": "new@mihon.example"},
    }[name]
    table = databases.metadata(service).tables[name]
    with engine.begin() as connection:
        key = connection.execute(table.insert().values(values)).inserted_primary_key
    assert key is not None
    with engine.connect() as connection:
        assert key[0] == connection.execute(select(table.c.id).order_by(table.c.id.desc())).scalar()
