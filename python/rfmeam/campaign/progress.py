"""How far a campaign is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

LOG_EVERY = 60.0  # s between lines where there is no terminal


class Watch:
    """While it is entered: a bar over `total` units of work with the time left; lines now and then
    where there is no terminal, if they have a unit's name.

    done: the units that are finished, asked for now and then. The time left is at the rate since
    the watch began, as what was finished before may have had another.
    """

    def __init__(
        self,
        console: Console,
        label: str,
        total: float,
        done: Callable[[], float],
        unit: str = "",
    ):
        self._console = console
        self._label = label
        self._total = total
        self._done = done
        self._unit = unit
        self._ended = threading.Event()

    def __enter__(self) -> Watch:
        self._start, self._first = time.monotonic(), self._done()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._ended.set()
        self._thread.join()

    def left(self) -> str:
        """About how long it will take, in words; nothing while nothing is finished."""
        done = self._done()
        rate = (done - self._first) / max(time.monotonic() - self._start, 1e-9)
        return f"about {duration((self._total - done) / rate)} left" if rate > 0 else ""

    def _watch(self) -> None:
        if self._console.is_terminal:
            self._show_bar()
        elif self._unit:
            self._print_lines()

    def _show_bar(self) -> None:
        columns = (TextColumn(self._label), BarColumn(), TextColumn("{task.percentage:.0f} %"))
        with Progress(*columns, TextColumn("{task.fields[left]}"), console=self._console) as bar:
            task = bar.add_task("", total=self._total, completed=self._first, left="")
            while not self._ended.wait(1.0):
                bar.update(task, completed=self._done(), left=self.left())

    def _print_lines(self) -> None:
        while not self._ended.wait(LOG_EVERY):
            done = self._done()
            if done >= self._total:
                return
            words = [f"{done:.0f} of {self._total:.0f} {self._unit}", self.left()]
            self._console.print(", ".join(filter(None, words)), highlight=False)


def duration(seconds: float) -> str:
    """In hours and minutes."""
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
