"""Copies of everything that must survive, and the way back: database, sealed objects, and keys apart from both."""
