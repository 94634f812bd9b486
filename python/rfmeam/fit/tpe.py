"""Tree-structured Parzen estimator of Optuna, with a search range that follows the best."""

from __future__ import annotations

import numpy as np
import optuna

from ..errors import UserError
from .objective import Evaluation, Objective
from .population import Population, SearchRange
from .stage_settings import Stage

_TRIALS = 10  # of a generation


class Tpe(Population):
    """With the stage's storage (URL of a data base) several runs work on one study, also on several
    nodes; without one the study is part of the checkpoint.
    """

    def __init__(self, objective: Objective, u: np.ndarray, stage: Stage, start: int):
        super().__init__(objective, u, stage.converged)
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._trials, self._storage = stage.population or _TRIALS, stage.storage
        self._range = SearchRange(objective.space, u)
        try:
            self._study = optuna.create_study(
                study_name=f"rfmeam fit: {stage.name}, start {start}",
                storage=stage.storage,
                sampler=optuna.samplers.TPESampler(seed=1000 * stage.seed + start),
                load_if_exists=True,
            )
        except Exception as error:  # SQLAlchemy's, the data base's or its driver's
            if stage.storage is None:
                raise
            raise UserError(
                f"stage {stage.name}: storage is {stage.storage!r}, a data base that cannot be "
                f"opened: {str(error).splitlines()[0]}; allowed is a URL like sqlite:///fit.db"
            ) from None
        if not self._study.trials:
            names = objective.space.free
            self._study.enqueue_trial(dict(zip(names, map(float, u), strict=True)))

    def iterate(self) -> Evaluation:
        """One generation; the evaluation at best."""
        names = self.objective.space.free
        space = {
            name: optuna.distributions.FloatDistribution(float(low), float(high))
            for name, low, high in zip(names, self._range.low, self._range.high, strict=True)
        }
        points, losses = [], []
        for _ in range(self._trials):
            trial = self._study.ask(space)
            points.append(np.array([trial.params[name] for name in names]))
            losses += self.losses(points[-1:])
            self._study.tell(trial, losses[-1])
        self._range.add(points, losses)
        return self.end_generation()

    def _inside(self) -> object:
        return None if self._storage else self._study, self._range

    def _restore(self, inside: object) -> None:
        study, self._range = inside
        self._study = study or self._study
