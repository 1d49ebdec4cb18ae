"""Ultrasound pictures without any text, as wide a variety as real machines make, to train and examine on."""
