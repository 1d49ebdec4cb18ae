"""What an operator does with clinics and staff at the terminal."""
