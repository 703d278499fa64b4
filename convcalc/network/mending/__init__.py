"""What would make a network fit, tried to the end: other lines of its source, other inputs.

source      where the pieces of a program stand in its text, and what is changed there
numbers     how an expression comes to be a number: what would have to be another one for that
multiples   what makes one number a multiple of another, as heads divide a width
attempts    what is tried in the place of what was asked, and what came of it
fault       what is known of a misfit, and a change that might mend it
calls       what might be put into the call that doesn't fit
layers      what might mend a layer that doesn't take what comes
operations  what might mend tensors that don't fit together
names       what might mend a name that isn't there, and the arguments of a call
inputs      other sizes of the input
search      the mends that are tried, one after the other, and those that are said
"""
