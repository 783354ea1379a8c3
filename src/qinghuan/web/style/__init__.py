"""The design language on one page: every token and component."""
