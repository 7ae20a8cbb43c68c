"""Faults, by doing them: runs killed, paused and cut off, while people search and edit."""
