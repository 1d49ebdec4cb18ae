"""The pages of clinics, one module each."""
