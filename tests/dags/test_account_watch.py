"""The DAG `account_watch`, and the mail that any of the DAGs sends when a task fails."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.settings import Settings
from tests.dags.test_disposal import HEAVY, ROOT, in_airflow, ran, told
from tests.postbox import Postbox, postbox

EXAMPLE = ROOT / "examples" / "karolinska" / "accounts.toml"


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with postbox() as made:
        monkeypatch.setenv("INSYN_SMTP_URL", made.url)
        for office in ("REGISTRAR", "COMMUNICATIONS", "OPERATOR"):
            monkeypatch.setenv(f"INSYN_MAIL_{office}", f"{office.lower()}@ki.example")
        yield made


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_watch_tells_and_fails_visibly(
    settings: Settings, box: Postbox, tmp_path: Path
) -> None:
    """R4, R6: a run sends and notes it; a register that cannot be used fails the run.

    STYLE 22: parsing the file imports nothing heavy.
    """
    first = ran(settings, "account_watch", "tell")
    sent = told(first, "gave")
    assert [name for name in told(first, "loaded") if name.split(".")[0] in HEAVY] == []
    assert sent
    assert len(box.came) == len(sent)
    with Archive.open(settings) as archive:
        assert sorted(archive.notes.told(sent)) == sorted(sent)
        entry = archive.journal(subject=sent[0])[-1]
        assert entry.actor == "service:account_watch"
    broken = tmp_path / "accounts.toml"
    text = EXAMPLE.read_text("utf-8")
    broken.write_text(text.replace("director_approved_on", "# director_approved_on", 1), "utf-8")
    failed = ran(replace(settings, register=broken), "account_watch", "tell")
    assert "AirflowFailException" in failed.stderr
    to, message = box.came[-1]
    assert to == ("communications@ki.example",)
    assert "communications director" in message.get_content().replace("\n", " ")


def test_each_dag_mails_a_failure(settings: Settings, box: Postbox) -> None:
    """What is wrong is never silent; the mail names the run and no person."""
    program = (
        "import runpy, types\n"
        "for name in ('account_watch', 'disposal', 'retention_review'):\n"
        "    made = runpy.run_path(f'dags/{name}.py')[name]()\n"
        "    task = made.tasks[-1]; [callback] = task.on_failure_callback\n"
        "    ti = types.SimpleNamespace(dag_id=name, task_id=task.task_id, log_url='http://x/l')\n"
        "    callback({'task_instance': ti, 'run_id': 'scheduled__1', 'dag': made})\n"
    )
    done = in_airflow(settings, program)
    assert done.returncode == 0, done.stderr[-2000:]
    assert {to for to, _ in box.came} == {("operator@ki.example",)}
    assert [message["Subject"] for _, message in box.came] == [
        "Insyn: account_watch.tell failed",
        "Insyn: disposal.dispose failed",
        "Insyn: retention_review.review failed",
    ]
    assert "scheduled__1" in box.came[0][1].get_content()
