"""One small layer with its numbers, step by step.

numbers       somebody's own numbers, counted up, or drawn at random; what is too large to print
start         what a walk begins with: its question, its layer, its numbers
walk          what every walk-through has, and a number of it written out as a sum
convolution   from X by its unfolding to Y, and back
transposed    from X by a product and its fold to Y, or over a stretched X, and back
pooling       from X by its windows to Y, and back
derivation    the formula in indices that makes each tensor, with what its deltas mean
loops         the assignment's loops as Python to print (`loops.py.txt`)
"""
