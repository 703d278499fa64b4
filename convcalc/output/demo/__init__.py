"""What `demo` shows: a small layer with its numbers, tensor by tensor.

maps         tensors as matrices: maps, kernels, rows of patches
formulas     sums written out, and the derivation
walks        what is shown of all in the same way
convolution  a convolution by its unfolding
transposed   a transposed convolution by its fold
pooling      a pooling by its windows
animation    the steps of an animation
loops        a program to print
"""
