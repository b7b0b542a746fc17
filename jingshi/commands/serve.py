"""``jingshi serve``: run the processes."""

import os
from contextlib import nullcontext

import click

from jingshi.logs import configure
from jingshi.operating import settings


@click.command()
@click.option("--only", type=click.Choice(["intake", "desk", "worker"]), help="Run one process, without a supervisor.")
@click.pass_context
def command(context: click.Context, only: str | None) -> None:
    """Run the public pages (PORT), the staff pages (the next port) and the worker, until Ctrl-C.

    A process that ends unexpectedly is started anew. Nothing starts unless key files, database and clock are fit.
    """
    configure(only or "serve")
    os.umask(0o077)
    told = settings()
    if only is None:
        from jingshi.supervisor import supervise  # noqa: PLC0415 - one process alone has no use for it

        context.exit(supervise(told))
    from jingshi.processes import listen, run_process  # noqa: PLC0415 - after the settings have been understood
    from jingshi.supervisor import say_ready  # noqa: PLC0415 - as above

    with nullcontext() if only == "worker" else listen(told, only) as taken:
        run_process(told, only, taken=taken, tied_to=None, ready=lambda: say_ready(told, only))
