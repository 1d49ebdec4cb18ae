"""What is inside the picture, drawn in centimetres with the transducer at the top."""
