select a * b
