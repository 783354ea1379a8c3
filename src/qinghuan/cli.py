"""`qinghuan …`: the command line."""

import typer

main = typer.Typer(no_args_is_help=True, help="青环 Qinghuan: see it, trace it, close it.")
