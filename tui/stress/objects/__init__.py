"""Measures storage, a local path beside an object store, in a process of its own.

The places, the nameless files and the rows are those of the burners of storage and metadata.
"""
