"""The progress monitor for inspectorate recommendations: from publication to verified closure."""

__version__ = "0.3.0"
