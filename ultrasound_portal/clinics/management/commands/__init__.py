"""Management commands of the clinics."""
