"""Things: mapped classes and every query asked of them."""
