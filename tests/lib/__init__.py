"""What tests share: waiting, a target that counts, a user's machine, stand-ins for the ports."""
