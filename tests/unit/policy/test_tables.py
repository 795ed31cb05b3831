"""Lines of TOML keys, and what a table says about a wrong value."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from chikai.policy import tables


def test_headers_keys_and_arrays_have_their_lines():
    text = '\n# c\na = 1\n[[p]]\nid = "x" # [no]\nlist = [\n  "]",\n]\n[p."u v"]\nk = 2\n[[p]]\nid = 3\n'
    assert tables.lines_of(text) == {
        ("a",): 3,
        ("p", 0): 4,
        ("p", 0, "id"): 5,
        ("p", 0, "list"): 6,
        ("p", 0, "u v"): 9,
        ("p", 0, "u v", "k"): 10,
        ("p", 1): 11,
        ("p", 1, "id"): 12,
    }


def test_text_in_strings_is_no_table():
    text = 'a = """\n[b]\nc = 1\n"""\nd = \'\'\'\n[[e]] " \'\'\'\nf = "[g] = \\" #"\n'
    tomllib.loads(text)
    assert tables.lines_of(text) == {("a",): 1, ("d",): 5, ("f",): 7}


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(st.lists(st.tuples(words, words), max_size=8))
def test_every_key_of_a_random_file_is_found_on_its_line(pairs):
    lines, expected = [], {}
    for place, (key, value) in enumerate(pairs):
        quoted = [w.replace("\\", "\\\\").replace('"', '\\"') for w in (key, value)]
        lines += [
            "[[t]]",
            f'k = "{quoted[1]}" # {value}',
            f'"{quoted[0]}x" = ["""',
            f'{quoted[1]}""",',
            "]",
        ]
        expected[("t", place)] = place * 5 + 1
        expected[("t", place, "k")] = place * 5 + 2
        expected[("t", place, f"{key}x")] = place * 5 + 3
    text = "\n".join(lines)
    tomllib.loads(text)
    assert tables.lines_of(text) == expected


def test_a_near_word_is_suggested_and_a_far_one_is_not():
    assert tables.suggest("swich", ("switch", "law")) == "did you mean `switch`?"
    assert tables.suggest("zzz", ("switch", "law"), "or not") == "or not"
