"""Whole networks: a tree of modules, followed by calling it on tensors that are only shapes.

torch/         a torch whose tensors are only shapes
packages/      what is known of other libraries
libraries      what `import` gives of them all
known/         classes of which a text shows no forward, and that are known all the same
texts/         networks without a source: made into a tree of modules
answer/        the calls as rows, their totals, and where a network doesn't fit
configuration  configuration objects: what somebody defined, by key and by attribute
inputs         what goes into a forward, one by one and by name
making         how a model is made of a class, and how its arguments are asked for
following      one reading of a model: what comes of following it, or of counting
choice         which model of a source is meant, also where nobody says
mending/       what would make a network fit, tried through all of it
sizes          which sizes of the input fit
fitting        the largest batch whose training stays within so much memory
model          the question, and the one way in
several        many files, each asked for its own network
"""
