"""How somebody's function is called: what each parameter is for, and what goes before it.

parameters  what each parameter of a function is for
call        how a function is called, as far as its signature says it
trying      the same, as far as only trying tells
remarks     what there is to say of it
"""
