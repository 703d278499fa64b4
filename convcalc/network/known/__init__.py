"""Classes whose forwards print(model) doesn't show, and that are known all the same.

- `known`: how they are found, by their names and their children's
- `torchvision/`: torchvision's, a family a file, in the Python that is read
"""
