"""Workflows over HTTP: rounds of steps, each a picture, a request or another deed."""
