from werkraum_rooms.servers.breaker import FAILURES, REST, Breaker


def opened(at: float = 100.0) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed(at)
    return breaker


def test_four_failures_are_bad_luck() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.failed(100.0)

    assert breaker.lets_through(100.0)


def test_the_fifth_failure_in_a_row_opens_it_for_half_a_minute() -> None:
    breaker = opened()

    assert not breaker.lets_through(100.0)
    assert not breaker.lets_through(129.9)
    assert breaker.lets_through(130.0)


def test_a_success_between_begins_the_count_anew() -> None:
    breaker = Breaker()
    for _ in range(3):
        for _ in range(FAILURES - 1):
            breaker.failed(100.0)
        breaker.succeeded()

    assert breaker.lets_through(100.0)


def test_after_the_rest_only_the_first_who_asks_may_try() -> None:
    breaker = opened()

    assert [breaker.lets_through(130.0) for _ in range(3)] == [True, False, False]


def test_a_try_that_works_shuts_it() -> None:
    breaker = opened()
    breaker.lets_through(130.0)
    breaker.succeeded()

    assert not breaker.is_open
    assert all(breaker.lets_through(130.0) for _ in range(9))


def test_a_try_that_fails_opens_it_for_another_rest() -> None:
    breaker = opened()
    breaker.lets_through(130.0)
    breaker.failed(131.0)

    assert not breaker.lets_through(131.0 + REST - 1)
    assert breaker.lets_through(131.0 + REST)


def test_somebody_who_tries_and_never_tells_does_not_keep_it_open_for_ever() -> None:
    breaker = opened()
    breaker.lets_through(130.0)

    assert not breaker.lets_through(130.0 + REST - 1)
    assert breaker.lets_through(130.0 + REST)
