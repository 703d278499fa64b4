"""Classes of torch that are made of others, in the Python that is read.

classes        which they are, and who reads them
transformer    the transformers, and the wrappers
distributions  torch.distributions
"""
