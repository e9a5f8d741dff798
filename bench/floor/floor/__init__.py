"""The framework's floor."""
