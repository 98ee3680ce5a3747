from __future__ import annotations

import pytest

from tui.core.stress.health import MOST_OUTAGES, HealthFold


def answered(fold: HealthFold, *sent_s: float, ms: float = 10.0) -> None:
    for at_s in sent_s:
        fold.add(at_s, at_s + ms / 1000, ms)
        fold.time(ms)


def test_a_service_that_always_answers_has_no_outage() -> None:
    fold = HealthFold()
    answered(fold, *range(20))
    view = fold.view()
    assert (view.probes, view.answered, view.outages, view.outage_s) == (20, 20, (), 0.0)
    assert view.p50_ms == pytest.approx(10, rel=0.01)
    assert view.worst_ms == 10


def test_a_service_without_a_probe_has_no_figures() -> None:
    view = HealthFold().view()
    assert (view.probes, view.ms, view.p95_ms, view.worst_ms, view.detail) == (0,) + (None,) * 3 + (
        "",
    )


def stressed(at_s: float = 0.0) -> HealthFold:
    """One whose stress begins then."""
    fold = HealthFold()
    fold.stressed(at_s)
    return fold


def test_a_dead_service_is_an_outage_until_the_next_answer_is_there() -> None:
    fold = stressed()
    answered(fold, 0, 1)
    for at_s in (2, 3, 4):
        fold.add(at_s, at_s + 0.01, None, "connection refused")
    answered(fold, 5, ms=500)
    view = fold.view()
    assert view.outages == ((2, 5.5),)
    assert view.outage_s == pytest.approx(3.5)
    assert (view.detail, view.ms) == ("connection refused", 500)


def test_a_probe_that_hangs_counts_its_whole_wait() -> None:
    fold = stressed()
    answered(fold, 0)
    fold.add(1, 11, None, "no answer for 10 s")
    assert fold.view().outages == ((1, 11),)
    assert fold.view().outage_s == 10
    answered(fold, 11)
    assert fold.view().outage_s == pytest.approx(10.01)


def test_p95_is_of_the_answers_alone() -> None:
    fold = HealthFold()
    answered(fold, *range(19))
    fold.add(19, 29, None)
    answered(fold, 30, ms=900)
    view = fold.view()
    assert view.p95_ms == pytest.approx(10, rel=0.01)
    assert view.worst_ms == 900


def test_many_outages_are_kept_as_the_longest_and_counted_exactly() -> None:
    fold = stressed()
    lengths_s = [1 + number % 7 for number in range(3 * MOST_OUTAGES)]
    at_s = 0.0
    for length_s in lengths_s:
        fold.add(at_s, at_s + length_s, None)
        fold.add(at_s + length_s, at_s + length_s, 1.0)
        at_s += length_s + 1
    fold.add(at_s, at_s + 2, None)
    view = fold.view()
    assert len(view.outages) == MOST_OUTAGES
    assert view.outages[-1] == (at_s, at_s + 2)
    assert sum(until_s - from_s == 7 for from_s, until_s in view.outages) == lengths_s.count(7)
    assert list(view.outages) == sorted(view.outages)
    assert view.outage_s == pytest.approx(sum(lengths_s) + 2)


def test_an_answer_whose_time_is_not_known_is_an_answer_all_the_same() -> None:
    fold = stressed()
    answered(fold, 0)
    fold.add(1, 1.9, 900.0)
    view = fold.view()
    assert (view.probes, view.answered, view.ms) == (2, 2, 900.0)
    assert (view.worst_ms, view.outage_s) == (900, 0)
    assert view.p95_ms == pytest.approx(10, rel=0.01)


def test_a_service_is_gone_from_the_first_check_in_vain_until_it_answers() -> None:
    fold = HealthFold()
    answered(fold, 0)
    for at_s in (1, 2, 3):
        fold.add(at_s, at_s + 2, None)
    assert fold.view().gone_since_s == 1
    answered(fold, 6)
    assert fold.view().gone_since_s is None


class TestAnOutage:
    def test_before_the_stress_is_none_of_its_doing(self) -> None:
        fold = HealthFold()
        fold.add(1, 6.5, None)
        answered(fold, 6.5, ms=0)
        assert fold.outage_s is None
        fold.stressed(10)
        assert fold.outage_s == 0
        view = fold.view()
        assert (view.outage_s, view.outage_before_s) == (0, 5.5)
        assert view.outages == ((1, 6.5),)

    @pytest.mark.parametrize("is_over", [True, False])
    def test_that_goes_on_when_the_stress_begins_is_split_there(self, is_over: bool) -> None:
        fold = HealthFold()
        fold.add(7, 9, None)
        fold.stressed(10)
        fold.add(9, 14, None)
        if is_over:
            answered(fold, 14, ms=0)
        assert fold.outage_s == 4
        assert fold.view().outage_before_s == 3

    def test_after_the_stress_counts_with_it(self) -> None:
        fold = stressed(10)
        fold.add(12, 13, None)
        answered(fold, 13, ms=0)
        fold.add(90, 92, None)
        assert fold.outage_s == 3
