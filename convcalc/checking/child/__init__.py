"""What runs in the process of somebody's file: it knows their code, and nothing of convolutions.

nursery  a process that imports slow libraries once, and is forked
program  the process: it is asked by lines of JSON, and answers by them
source   a file of Python or a notebook, and which statements of it a function needs
module   those statements run, and the others left out
target   the function that is meant, and what one has to know to call it
calling  a call: what is made and run before it, and what is taken from it
held     what an object holds: parameters and gradients, by their shapes
answers  what goes out: numbers, errors, and what changed
"""
