"""`python -m tui` is `jetproof`."""

from tui.cli import main

if __name__ == "__main__":
    main()
