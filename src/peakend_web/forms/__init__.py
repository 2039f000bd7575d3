"""What people type, checked and told about in their language; saving calls a verb and nothing else."""
