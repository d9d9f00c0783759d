"""The starter: everything between a fresh clone and a running demo or test suite, on this machine alone.

Standard library only: the first thing it does is to make the environment in which anything else exists.
"""
