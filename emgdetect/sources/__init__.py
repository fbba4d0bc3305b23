"""Where samples come from: files, replay, simulation, devices."""
