"""Pages drawn with Rich: the only way that a person sees an answer in colour.

arrange     where pictures stand beside and below one another
lines       lines of text whose pieces have styles
frames      columns of texts in a box
canvas      the console that is drawn on, and its width, colours and glyphs
tables      facts and tables
matrices    tensors as matrices, and sums written out
programs    programs in colours
page        a page from top to bottom
animation   pages one after the other in the same place
"""
