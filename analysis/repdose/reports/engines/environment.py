"""The surroundings in which cells run: environment, folders, guard; the same for every engine."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from repdose.evidence import own_study

TIME_LIMIT_S = 600  # a cell that runs longer is taken to hang


# What a notebook finds around it, whoever runs it: no locale, zone, colour or random hash
# of the caller reaches a report. One thread for linear algebra, as reports run side by side.
ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "NO_COLOR": "1",
    "COLUMNS": "100",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # pandas imports pyarrow where it is installed, which would start a thread before the fork
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}

# With it ipykernel does not record what other programs print.
_LEFT_OUT = ("PYTEST_CURRENT_TEST",)


def environment(folder: str) -> dict[str, str]:
    """Variables of a process that makes reports: this one's and :data:`ENVIRONMENT`.

    IPython and Jupyter are given places in `folder`, which are nobody's own. Cells run elsewhere,
    so they are told which study they run for.
    """
    study = own_study.find()
    kept = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    return (
        kept
        | ENVIRONMENT
        | {
            "IPYTHONDIR": os.path.join(folder, "ipython"),
            "JUPYTER_RUNTIME_DIR": os.path.join(folder, "r"),
            "JUPYTER_CONFIG_DIR": os.path.join(folder, "config"),
        }
        | ({own_study.VARIABLE: str(study.root)} if study else {})
    )


@contextmanager
def surroundings() -> Iterator[None]:
    """Put this process in the :func:`environment`, for a while; kernels inherit it."""
    # Short on purpose: a socket's path may have some hundred characters only
    place = "/tmp" if os.path.isdir("/tmp") else None
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(
        prefix="repdose-", dir=place, ignore_cleanup_errors=True
    ) as folder:
        _guard_kernels(Path(folder))
        _become(environment(folder))
        try:
            yield
        finally:
            _become(before)


def _guard_kernels(folder: Path) -> None:
    """Have every kernel that starts with this folder as IPython's begin with the guard."""
    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "guard.py").write_text(
        # Without a name: it would be one of the notebook's own
        "__import__('repdose.reports.engines.write_guard', fromlist=['guard'])"
        f".guard({str(folder)!r})\n",
        "utf-8",
    )


def _become(variables: Mapping[str, str]) -> None:
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)
    if hasattr(time, "tzset"):  # not on Windows
        time.tzset()


def import_nbformat() -> None:
    """Import nbformat without the grammar of international web addresses.

    Where JupyterLab is installed, the schema checker it uses compiles that grammar at import,
    which takes longer than a report; no notebook's schema has such an address.
    """
    grammar = "rfc3987_syntax"
    absent = grammar not in sys.modules
    if absent:
        sys.modules[grammar] = None  # type: ignore[assignment]
    try:
        import nbformat.validator  # noqa: F401
    finally:
        if absent:
            del sys.modules[grammar]
