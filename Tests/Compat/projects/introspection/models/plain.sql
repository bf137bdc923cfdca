select {{ 1 if execute else 2 }} as one
