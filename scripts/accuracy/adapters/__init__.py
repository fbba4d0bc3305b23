"""One file per library: ``prepare()`` imports it, ``find(piece, settings)`` returns spans in seconds.

Libraries are imported inside functions, so that the bench can be read and tested without them.
"""
