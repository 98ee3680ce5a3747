from __future__ import annotations

import pytest

from tui.core.process import Process, parse_process


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("port:8000", "port", "8000"),
        ("pid:1841", "pid", "1841"),
        ("unit:infer.service", "unit", "infer.service"),
        (r"unit:my\x2dinfer.service", "unit", r"my\x2dinfer.service"),
        ("name:my infer", "name", "my infer"),
        ("name:c++", "name", "c++"),
        ("container:infer_1", "container", "infer_1"),
    ],
)
def test_a_process_is_named_in_many_ways(text: str, kind: str, name: str) -> None:
    found = parse_process(text)
    assert isinstance(found, Process)
    assert (found.kind, found.name) == (kind, name)


@pytest.mark.parametrize(
    "text",
    ["port:0", "port:99999", "pid:0", "pid:-1", "unit:", "unit:a b", "container:.x", "infer", "x:y",
     "name:/usr/bin/infer", "port:٨٠"],
)  # fmt: skip
def test_what_can_be_no_process_says_what_was_meant(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no process \(meant as in"):
        parse_process(text)
