"""A service that sorts parts by their picture, as another company would have written it.

Another HTTP stack, other paths, names, boxes, pages, accounts and refusals than those of jetproof's
own demo; `config.toml` beside this is all that a workflow needs to run on it. Tests plant faults.
"""
