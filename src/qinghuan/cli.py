"""`qinghuan …`: the command line."""

import typer

main = typer.Typer(no_args_is_help=True, help="青环 Qinghuan: see it, trace it, close it.")


@main.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed  # noqa: PLC0415  start-up stays light

    print(installed("qinghuan"))
