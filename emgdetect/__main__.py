"""Run the command line by ``python -m emgdetect``."""

from emgdetect.cli import main

main()
