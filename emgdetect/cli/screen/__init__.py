"""What is seen of a recording while it goes on: a screen in a terminal, or lines where there is none."""
