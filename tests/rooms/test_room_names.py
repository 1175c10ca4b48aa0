import pytest

from werkraum_rooms.room_names import LETTERS, is_slug, new_slug, normalised


def test_a_new_slug_is_a_slug_and_never_the_same() -> None:
    slugs = {new_slug() for _ in range(1000)}

    assert len(slugs) == 1000
    assert all(is_slug(slug) for slug in slugs)


def test_a_slug_holds_a_hundred_random_bits() -> None:
    drawn = new_slug().replace("-", "")

    assert (len(drawn), len(set(LETTERS))) == (20, 32)
    assert set(drawn) <= set(LETTERS)


def test_a_slug_stays_as_it_is_on_its_way_through_jitsi() -> None:
    slug = new_slug()

    assert normalised(slug) == slug


@pytest.mark.parametrize(
    "name",
    ["", "talk1", "*", "a" * 65, "A" * 16, "ä" * 16, "a" * 16 + "\n", "a.*" * 8],
)
def test_other_names_are_no_slugs(name: str) -> None:
    assert not is_slug(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Bürger Café", "b%c3%bcrger%20caf%c3%a9", id="words"),
        pytest.param("Straße", "stra%c3%9fe", id="sharp s stays"),
        pytest.param("ÜBER", "%c3%bcber", id="upper case"),
        pytest.param("o'neil", "o'neil", id="apostrophe"),
        pytest.param("U\u0308BER", "%c3%bcber", id="decomposed"),
        pytest.param("%C3%9CBER", "%c3%bcber", id="already encoded"),
        pytest.param("m%c3%bcnchen", "m%c3%bcnchen", id="normalised twice"),
        pytest.param("100%", "100%25", id="broken escape"),
        pytest.param("%fcber", "%25fcber", id="not UTF-8"),
        pytest.param("a%20b%zz", "a%2520b%25zz", id="all or nothing is decoded"),
        pytest.param("-_.!~*'()", "-_.!~*'()", id="left alone"),
    ],
)
def test_a_name_is_written_as_the_web_client_writes_it(
    name: str, expected: str
) -> None:
    assert normalised(name) == expected
