"""Pages that can be touched: one file of HTML each, which needs nothing from elsewhere.

template   a page filled in, in its colours
tables     matrices and sums written out as HTML
walk       the page of a walk-through
walk.html  what that page is filled into
walk.css   how it looks
layer.js   what a layer calculates
walk.js    what is shown of it and lights up
network       the page of a network
network.html  what that page is filled into
network.css   how it looks
network.js    what it lights up, folds and sorts
"""
