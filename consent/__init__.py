"""What a patient agreed to: purposes, wordings, signatures, grants, and the gate that judges them."""
