"""`python -m invgen` is the command `invgen`."""

from invgen.cli import main

raise SystemExit(main())
