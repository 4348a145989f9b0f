"""Settings that every strategy has; each adds its own fields. Descriptions make the form, the help and the docs."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from ttc_core.types import Problem


class Params(BaseModel):
    """Base of every strategy's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    presets: ClassVar[dict[str, dict[str, Any]]] = {"quick": {}, "paper": {}}
    """Named sets of values: `quick` for a demonstration, `paper` as the method was published."""

    temperature: float = Field(1.0, ge=0, le=2, description="How freely the model samples its attempts.")
    max_tokens: int = Field(
        1024, ge=16, le=65536, description="The most tokens one attempt may have, or one turn of it."
    )
    python: bool = Field(False, description="Attempts may run Python in the sandbox, as a calculator that never errs.")
    turns: int = Field(
        12, ge=1, le=100, description="How many turns an attempt may take that uses tools or works in a repository."
    )

    def fitted(self, problem: Problem) -> Self:
        """These settings without what has no meaning for that problem: what its plan is made from."""
        return self

    def takes_turns(self, problem: Problem) -> bool:
        """Whether an attempt at this problem works in a repository, searches documents or may run Python."""
        return problem.kind == "patch" or bool(problem.documents) or self.python

    def idle(self, problem: Problem) -> set[str]:
        """Names of the settings that change nothing for that problem, so that a form can leave them out."""
        runs = problem.kind in ("code", "patch")
        return {name for name, used in (("turns", self.takes_turns(problem)), ("evidence", runs)) if not used}
