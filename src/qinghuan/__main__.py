"""`python -m qinghuan`: the same as `qinghuan`."""

from qinghuan.cli import main

if __name__ == "__main__":
    main()
