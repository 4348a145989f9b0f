"""Running code that a model wrote: in a box that holds, or not at all; knows nothing of problems and models."""

from ttc_core.sandbox.base import Ending, Limits, NoSandbox, Ran
from ttc_core.sandbox.judge import Checked, check_with_tests, evaluate
from ttc_core.sandbox.sandbox import Box, Sandbox

__all__ = ["Box", "Checked", "Ending", "Limits", "NoSandbox", "Ran", "Sandbox", "check_with_tests", "evaluate"]
