"""cce-gate: lets a pipeline go on with a CCE add-on upgrade, or not."""

__version__ = "0.1.0"
