"""Members of bases as products of matrices: letters, words, candidates, search and notations."""
