from __future__ import annotations

import pytest

from tui.demo.accounts import Accounts


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_session_ends_with_its_time() -> None:
    clock = Clock()
    accounts = Accounts({}, now_s=clock)
    token = accounts.begin("viewer", 10).encode()
    clock.now_s += 9.9
    assert accounts.role_of_token(token) == "viewer"
    clock.now_s += 0.1
    assert accounts.role_of_token(token) is None
    clock.now_s -= 5.0
    assert accounts.role_of_token(token) is None, "what is over stays so"


def test_of_too_many_sessions_the_oldest_ends() -> None:
    accounts = Accounts({}, most_sessions=3)
    tokens = [accounts.begin("viewer", 60).encode() for _ in range(5)]
    known = [accounts.role_of_token(token) for token in tokens]
    assert known == [None, None, "viewer", "viewer", "viewer"]


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("operator", "0pen!"),
        ("operator", ""),
        ("viewer", "0pen"),
        ("viewer", ""),
        ("Operator", "0pen"),
        ("", ""),
        ("operator", "0pen\N{LATIN SMALL LETTER U WITH DIAERESIS}"),
    ],
)
def test_nobody_gets_in_with_another_password(user: str, password: str) -> None:
    accounts = Accounts({"operator": "0pen", "viewer": ""})
    assert accounts.role_of_user(user, password) is None
    assert accounts.role_of_user("operator", "0pen") == "operator"


def test_a_password_that_is_no_text_lets_nobody_in_and_breaks_nothing() -> None:
    accounts = Accounts({"operator": b"\xff\xfe".decode("utf-8", "surrogateescape")})
    assert accounts.role_of_user("operator", "\N{REPLACEMENT CHARACTER}") is None
