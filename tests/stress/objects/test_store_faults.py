"""What may go wrong with an object store, and on the way to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from tests.lib.s3 import Server, flipping, needs_s3, refusing, server, slow
from tests.lib.target import self_signed
from tests.stress.objects.benching import (
    SMALL,
    Meddling,
    begun,
    job,
    measured,
    put,
    run_of,
    storage_of,
)
from tui.core import events as ev
from tui.core.storage.plan import MB


@needs_s3()
def test_a_byte_that_changes_on_the_way_back_fails_the_run(
    s3: Server, place: Path, meddling: Meddling
) -> None:
    proxy = meddling(s3.url, down=flipping(MB + MB // 2))
    run = run_of(measured(job(place, proxy.url), place))
    assert run.storage is not None
    assert run.storage.bad == 1
    assert run.judgement is not None
    assert run.judgement.verdict == "FAIL"
    assert "1 of 2 objects came back changed" in run.judgement.reason


@needs_s3()
def test_a_byte_that_changes_on_the_way_there_is_found_too(
    s3: Server, place: Path, meddling: Meddling
) -> None:
    proxy = meddling(s3.url, up=flipping(MB // 2))
    run = run_of(measured(job(place, proxy.url), place))
    assert run.judgement is not None
    assert run.judgement.verdict == "FAIL"


@needs_s3()
def test_credentials_that_are_refused_end_the_stores_half_alone(s3: Server, place: Path) -> None:
    run = run_of(measured(job(place, s3.url, key="NOBODY", secret="MISTAKEN"), place))
    assert run.storage is not None
    assert run.storage.fault is not None
    assert run.storage.fault.kind == "credentials"
    assert {cell.place for cell in run.storage.cells} == {"local"}
    assert run.judgement is not None
    assert run.judgement.verdict == "FAIL"
    assert "refused the credentials" in run.judgement.reason
    assert all(word not in str(run) for word in ("NOBODY", "MISTAKEN"))


@needs_s3()
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SignatureDoesNotMatch", "credentials"),
        ("RequestTimeTooSkewed", "clock"),
        ("InternalError", "server-error"),
        ("AccessDenied", "no-rights"),
    ],
)
def test_every_refusal_is_told_by_its_cause(
    code: str, kind: str, s3: Server, place: Path, meddling: Meddling
) -> None:
    proxy = meddling(s3.url, answer=refusing("GET", code))
    plan = msgspec.structs.replace(SMALL, local=False)
    view = storage_of(measured(job(place, proxy.url, plan), place), plan)
    assert view.fault is not None
    assert view.fault.kind == kind


@needs_s3()
@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_whose_certificate_is_trusted_is_told_and_can_be_chosen(
    tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    plan = msgspec.structs.replace(SMALL, local=False, sizes_mb=(1,))
    with server(tmp_path / "s3", certificate) as secure:
        asked = job(place, secure.url, plan)
        strict = storage_of(measured(asked, place), plan)
        loose = msgspec.structs.replace(asked.settings, verify_tls=False)
        lax = measured(msgspec.structs.replace(asked, settings=loose), place)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        trusted = measured(asked, place)
    assert strict.fault is not None
    assert (strict.fault.kind, strict.fault.detail) == ("certificate", "self-signed certificate")
    assert storage_of(lax, plan).objects == storage_of(trusted, plan).objects == 4


@needs_s3()
def test_a_bucket_that_may_not_be_made_is_told_as_that(
    s3: Server, place: Path, meddling: Meddling
) -> None:
    proxy = meddling(s3.url, answer=refusing("PUT", "AccessDenied"))
    view = storage_of(measured(job(place, proxy.url), place))
    assert view.fault is not None
    assert view.fault.kind == "no-bucket"


@needs_s3()
def test_objects_that_may_not_be_put_end_the_stores_half(
    s3: Server, place: Path, meddling: Meddling
) -> None:
    put(s3, "theirs/1", make=True)
    proxy = meddling(s3.url, answer=refusing("PUT", "AccessDenied"))
    view = storage_of(measured(job(place, proxy.url), place))
    assert view.fault is not None
    assert view.fault.kind == "no-rights"
    assert view.fault_at is not None
    assert (view.fault_at.size_mb, view.fault_at.parallel) == (1, 1)


@needs_s3()
def test_a_server_that_goes_in_mid_run_fails_it_and_the_local_half_goes_on(
    tmp_path: Path, place: Path
) -> None:
    with server(tmp_path / "s3") as mortal:

        def look(event: ev.Event) -> None:
            if isinstance(event, ev.CellMeasured) and event.cell.place == "store":
                mortal.kill()

        with begun(job(place, mortal.url), place, look) as (_, wait):
            run = run_of(wait())
    view = run.storage
    assert view is not None
    assert view.fault is not None
    assert view.fault.kind in ("refused", "gone")
    assert len(view.cells_of("store")) == 1
    assert len(view.cells_of("local")) == 4
    assert run.judgement is not None
    assert run.judgement.verdict == "FAIL"


@needs_s3()
def test_a_slow_server_is_measured_as_slow_and_a_cell_ends_in_time(
    s3: Server, place: Path, meddling: Meddling
) -> None:
    plan = msgspec.structs.replace(SMALL, sizes_mb=(1,), parallel=(1,), per_cell=20)
    proxy = meddling(s3.url, up=slow(4.0), down=slow(4.0))
    view = storage_of(measured(job(place, proxy.url, plan), place), plan)
    (store,) = view.cells_of("store")
    assert store.write is not None
    assert store.write.mb_per_s < 4.5
    # A second for each way: fewer objects than asked, all of them compared or not read at all.
    assert store.write.objects < store.asked == 20
    assert store.bad == 0


def test_a_store_that_is_not_there_is_told_as_that(place: Path) -> None:
    pytest.importorskip("minio", reason="needs jetproof[s3]")
    view = storage_of(measured(job(place, "http://127.0.0.1:1"), place))
    assert view.fault is not None
    assert view.fault.kind == "refused"
    assert {cell.place for cell in view.cells} == {"local"}
