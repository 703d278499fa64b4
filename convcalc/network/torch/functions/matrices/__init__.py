"""Products of matrices, and what matrices are made of.

products  products of matrices, with their multiply-accumulates
einsum    sums of products, written in letters
apart     what matrices are made of, and what is worked out with that
"""
