"""The target as the engine itself talks to it: probe and clean-up."""
