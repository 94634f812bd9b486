"""The error of a user's mistake: shown as a message, never as a traceback."""


class UserError(ValueError):
    """A mistake in what the user gave: "where: what was read, what is allowed"."""
