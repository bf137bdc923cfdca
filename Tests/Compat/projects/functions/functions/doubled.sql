select n * 2
