"""Links to devices, one kind a file: Bluetooth, serial ports, virtual ones with faults."""
