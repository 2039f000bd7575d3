"""What developers run beside the product: gathering phrases, taking screenshots, locking dependencies."""
