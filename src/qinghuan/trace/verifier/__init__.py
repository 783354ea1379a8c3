"""A verifier for strangers: one file that imports nothing of ours and can be copied away."""
