"""One reading is one picture, however much others write meanwhile, and its memory stays flat."""

import tracemalloc

from tests.contract import shop

KEYS = shop.KEYS


def test_a_reading_does_not_see_what_is_written_meanwhile(sql_shop):
    if sql_shop.kind == "sqlite":
        sql_shop.ask("PRAGMA journal_mode = WAL")  # else the writer has to wait for the reader
    with sql_shop.source.reading() as reading:
        before = reading.count(shop.MAP, KEYS)
        sql_shop.ask("INSERT INTO \"log\" (account_id, ip, note) VALUES (2, '10.9.9.9', 'new')")
        sql_shop.ask('DELETE FROM "pings" WHERE id = 2')
        assert reading.count(shop.MAP, KEYS) == before
        rows = {name: list(rows) for name, rows in reading.read(shop.MAP, KEYS)}
        assert len(rows["log"]) == 2
        assert len(rows["pings"]) == 1
    with sql_shop.source.reading() as reading:
        assert reading.count(shop.MAP, KEYS)["log"] == 3


def test_the_picture_begins_with_the_block(sql_shop):
    if sql_shop.kind == "sqlite":
        sql_shop.ask("PRAGMA journal_mode = WAL")
    with sql_shop.source.reading() as reading:
        sql_shop.ask('DELETE FROM "log"')
        assert reading.count(shop.MAP, KEYS)["log"] == 2


def test_a_reading_in_memory_does_not_move_either(make_shop):
    made = make_shop("memory")
    with made.source.reading() as reading:
        made.source.rows["log"].clear()
        assert reading.count(shop.MAP, KEYS)["log"] == 2


def test_many_rows_stream(sql_shop):
    numbers = ", ".join(f"({1000 + n}, 2, 'x{n}{'.' * 90}')" for n in range(12_000))
    sql_shop.ask('DELETE FROM "会員メモ"')
    sql_shop.ask(f'INSERT INTO "会員メモ" VALUES {numbers}')
    with sql_shop.source.reading() as reading:
        reading.count(shop.MAP, KEYS)
        tracemalloc.start()
        total = 0
        for name, rows in reading.read(shop.MAP, KEYS):
            for _ in rows:
                total += name == "会員メモ"
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert total == 12_000
    assert peak < 2_000_000  # all of them at once take more than five
    with sql_shop.source.reading() as reading:
        assert sum(len(c) for c in reading.identities(shop.MAP, "accounts", chunk=1)) == 3


def test_a_sample_of_a_large_table_is_spread_over_it(sql_shop):
    numbers = ", ".join(f"({1000 + n}, 2, '{'.' * 90}')" for n in range(12_000))
    sql_shop.ask(f'INSERT INTO "会員メモ" VALUES {numbers}')
    sql_shop.ask(
        {"postgres": "ANALYZE", "sqlite": "ANALYZE", "mariadb": "ANALYZE TABLE `会員メモ`"}[
            sql_shop.kind
        ]
    )
    source = shop.opened(sql_shop.url)
    with source.reading() as reading:
        some = [n for (n,) in reading.sample("会員メモ", ["番号"], 200)]
    source.close()
    assert 100 <= len(some) <= 200
    assert max(some) - min(some) > 4_000
