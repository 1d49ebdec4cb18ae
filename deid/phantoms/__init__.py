"""Painted obstetric ultrasound screens with known ink, for the demo and for tests; no real patient."""
