"""Answers remembered by their arguments, so that a report runs again in little time.

Mutants of a notebook change nothing of the functions it calls: what was answered to the same
arguments is answered again, and what was read for it is entered in the open ledgers again.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import io
import pickle
import sys
from pathlib import Path

from repdose.dose_response import Refit
from repdose.dose_response import trials as trial_choices
from repdose.dose_response.trials import Trials
from repdose.evidence import used as read_for
from repdose.evidence.used import ledger
from repdose.metaregression import Fit
from repdose.multiverse import Multiverse

KNOWN: dict[bytes, tuple] = {}
# Answers of ours, kept: an argument that is one of them is known by which it is
OURS: dict[int, object] = {}
# Large, and never changed once made: known by which it is, not by what it holds
ITSELF = (Trials, Refit, Fit, Multiverse)
ON: set[str] = set()  # layers whose answers are remembered
# Slow functions below what is mutated, and the layers that notebooks call
BELOW = ("mechanics.relative", "multiverse", "uncertainty", "dose_response", "dose_response.steps")
METHODS = {
    Trials: ("mean_of", "errors", "otherwise"),
    Refit: ("response",),
    Fit: ("leave_one_out", "cooks_distance"),
}
PRINTED = ("tables", "tables.sentences", "figures")
LIGHT = {"tables.words"}  # quicker made than looked up


class _Names(pickle.Pickler):
    def persistent_id(self, thing):
        if isinstance(thing, ITSELF):
            keep(thing)
        return id(thing) if id(thing) in OURS else None


def keep(answer) -> None:
    """Keep an answer, or the parts of one, so that its identity stays its own."""
    if isinstance(answer, tuple | list | dict):
        for part in answer.values() if isinstance(answer, dict) else answer:
            keep(part)
    elif inspect.isfunction(answer) or type(answer).__module__.startswith("repdose."):
        OURS[id(answer)] = answer


def key(name, args, given) -> bytes | None:
    """Bytes of a call; none if an argument cannot be written."""
    into = io.BytesIO()
    try:
        _Names(into).dump((name, args, sorted(given.items())))
    except (TypeError, AttributeError, pickle.PicklingError):
        return None
    return into.getvalue()


def remembered(function, layer):
    """Function that answers alike to arguments alike while its layer is on."""

    @functools.wraps(function)
    def once(*args, **given):
        if layer not in ON:
            return function(*args, **given)
        which = key(f"{function.__module__}.{function.__qualname__}", args, given)
        if which is None:
            return function(*args, **given)
        if which not in KNOWN:
            with ledger() as read:
                answer = function(*args, **given)
            KNOWN[which] = (answer, read)
            keep(answer)
        answer, read = KNOWN[which]
        for record in read.records():
            read_for.read(record)
        for file, sha256 in read.tables().items():
            read_for.enter_table(file, sha256)
        return answer

    return once


def modules(layer):
    """Names of a package's own modules, or the name of a module."""
    whole = importlib.import_module(f"repdose.{layer}")
    found = [f"repdose.{layer}"]
    for folder in getattr(whole, "__path__", ()):
        found += [f"repdose.{layer}.{file.stem}" for file in sorted(Path(folder).glob("[a-z]*.py"))]
    return found


def install() -> None:
    """Put remembering functions in the place of the public ones; :data:`ON` turns them on.

    Those below the mutated layers are met under any name that a module imported them by.
    """
    trial_choices.Trials = functools.cache(Trials)
    for kind, names in METHODS.items():
        for name in names:
            setattr(kind, name, remembered(getattr(kind, name), "below"))
    for layer, places in (("below", BELOW), ("printed", PRINTED)):
        made: dict[int, object] = {}
        for place in places:
            names = modules(place) if layer == "printed" else [f"repdose.{place}"]
            for name in names:
                if name.removeprefix("repdose.") in LIGHT:
                    continue
                module = importlib.import_module(name)
                for word, thing in list(vars(module).items()):
                    own = getattr(thing, "__module__", "").startswith("repdose.")
                    if not own or not inspect.isfunction(thing) or word.startswith("_"):
                        continue
                    if layer == "printed" and thing.__module__ != name:
                        continue
                    made.setdefault(id(thing), remembered(thing, layer))
                    setattr(module, word, made[id(thing)])
        if layer == "below":
            for module in [one for name, one in sys.modules.items() if name.startswith("repdose.")]:
                for word, thing in list(vars(module).items()):
                    setattr(module, word, made.get(id(thing), thing))
