"""The tests of Chikai, from rules without I/O to whole trips in a browser."""
