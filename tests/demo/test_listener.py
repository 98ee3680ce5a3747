from __future__ import annotations

import pytest

from tui.demo.listener import CannotListen, claim, url_of


def test_port_zero_takes_a_free_port() -> None:
    with claim("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert port > 0
        assert url_of(listener) == f"http://127.0.0.1:{port}"


def test_a_busy_port_is_told_by_its_number() -> None:
    with claim("127.0.0.1", 0) as holder:
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(CannotListen, match=f"^port {port} is already in use$"):
            claim("127.0.0.1", port)


def test_the_url_of_every_address_is_one_that_can_be_called() -> None:
    with claim("0.0.0.0", 0) as listener:
        assert url_of(listener).startswith("http://127.0.0.1:")


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(CannotListen, match=r"can't listen on 192\.0\.2\.1 port 0: "):
        claim("192.0.2.1", 0)
