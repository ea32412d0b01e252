"""`insyn store`: the object store, the embedded one or any S3 with Object Lock."""

import typer

from desk.opening import read_settings

app = typer.Typer(help="The object store.", no_args_is_help=True)

_NOT_RUNNING = 1


@app.command()
def start() -> None:
    """Start the embedded store; nothing happens when it runs already."""
    from desk.printer import Printer
    from storage import embedded
    from storage.fitness import require_fit

    settings = read_settings()
    embedded.start(settings)
    require_fit(settings)
    stands = embedded.status(settings)
    Printer(settings.language).say("store.started", url=stands.url, pid=stands.pid)


@app.command()
def stop() -> None:
    """Stop the embedded store and everything it started."""
    from desk.printer import Printer
    from storage import embedded

    settings = read_settings()
    ran = embedded.stop(settings)
    Printer(settings.language).say("store.stopped" if ran else "store.not_running")


@app.command()
def status() -> None:
    """Tell whether the store runs, where, how large (exit 1: no)."""
    from desk.printer import Printer, local, size
    from storage import embedded

    settings = read_settings()
    printer = Printer(settings.language)
    if not settings.embedded:
        printer.say("store.other", url=settings.s3_url, bucket=settings.bucket)
        return
    stands = embedded.status(settings)
    printer.facts(
        (
            ("state", printer.word("store.runs" if stands.running else "store.not_running")),
            ("address", stands.url),
            ("bucket", stands.bucket),
            ("since", local(stands.since)),
            ("pid", str(stands.pid or "")),
            ("size", size(stands.size)),
        )
    )
    if not stands.running:
        raise typer.Exit(_NOT_RUNNING)


@app.command()
def init() -> None:
    """Make the bucket with Object Lock, as the identity `setup`."""
    from desk.printer import Printer
    from storage.fitness import require_fit
    from storage.objects import Bucket
    from storage.settings import Identity

    settings = read_settings()
    bucket = Bucket.from_settings(settings, Identity.SETUP)
    bucket.prepare()
    require_fit(settings)
    Printer(settings.language).say("store.made", bucket=settings.bucket)
