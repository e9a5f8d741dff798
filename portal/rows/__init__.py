"""Frozen rows made for the screen: strings ready to show, no tables, no arithmetic, standard library only.

Every field has a default, so that an empty row exists before a page has its data.
"""
