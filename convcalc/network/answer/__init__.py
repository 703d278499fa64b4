"""What is answered about a network: its calls as rows, its totals, and where it doesn't fit.

tree      the modules of a network, their names and parameters, whatever their classes override
rows      a row per call, and the answer that they make
trace     what is told while a network is followed, kept as rows
training  what training takes: gradients, states, and what is kept
graph     which rows read which, as rails beside them
misfits   where a network doesn't fit, what would mend it, and which sizes do fit
remedies  the sentence of a network that doesn't fit
depth     the rows that are deeper than asked for, summed up by module
"""
