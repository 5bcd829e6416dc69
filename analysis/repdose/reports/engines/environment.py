"""The surroundings in which cells run: environment, folders, guard; the same for every engine."""

from __future__ import annotations

import os
import site
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import repdose
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

# What cells have of the caller's variables besides: where programs, homes and libraries are, and
# how these compute. Anything else may be a secret, and would be an input that no report states.
INHERITED = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL"),
        *("PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONSAFEPATH"),
        *("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPLATLIBDIR"),
        *("VIRTUAL_ENV", "CONDA_PREFIX", "LD_LIBRARY_PATH"),
        *("DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
        *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"),
        *("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES"),
        *("MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR"),
        # Of Windows, which starts no program without them
        *("SYSTEMROOT", "WINDIR", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "HOMEDRIVE", "HOMEPATH"),
        *("USERPROFILE", "USERNAME", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES"),
        *("NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "PROCESSOR_IDENTIFIER"),
    }
)


def environment(folder: str) -> dict[str, str]:
    """Variables of a process that makes reports: :data:`INHERITED` and :data:`ENVIRONMENT`.

    IPython and Jupyter are given places in `folder`, which are nobody's own, and so are temporary
    files. Cells run elsewhere, so they are told which study they run for, and where this package
    lies.
    """
    study = own_study.find()
    kept = {name: value for name, value in os.environ.items() if name.upper() in INHERITED}
    fonts = {} if _has_place_for_fonts() else {"MPLCONFIGDIR": os.path.join(folder, "matplotlib")}
    return (
        kept
        | ENVIRONMENT
        | {
            "IPYTHONDIR": os.path.join(folder, "ipython"),
            "JUPYTER_RUNTIME_DIR": os.path.join(folder, "r"),
            "JUPYTER_CONFIG_DIR": os.path.join(folder, "config"),
            "PYTHONPATH": os.pathsep.join(_import_path()),
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder),
        }
        | fonts
        | ({own_study.VARIABLE: str(study.root)} if study else {})
    )


def _import_path() -> list[str]:
    """Where modules are looked for besides what Python knows, from whatever folder it starts in."""
    given = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    own = [Path(one).parent for one in repdose.__path__]
    installed = {Path(one) for one in (*site.getsitepackages(), site.getusersitepackages())}
    places = [*given, *(str(one) for one in own if one not in installed)]
    return list(dict.fromkeys(map(os.path.abspath, places)))


def _has_place_for_fonts() -> bool:
    """Whether matplotlib finds a place where it may keep its list of fonts from build to build."""
    if "MPLCONFIGDIR" in os.environ:
        return True
    home = os.path.expanduser("~")
    for place in (
        os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"),
        os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"),
    ):
        folder = os.path.join(place, "matplotlib")
        try:
            os.makedirs(folder, exist_ok=True)  # as matplotlib does
        except OSError:
            return False
        if not os.access(folder, os.W_OK | os.X_OK):
            return False
    return True


@contextmanager
def surroundings() -> Iterator[None]:
    """Put this process in the :func:`environment`, for a while; kernels inherit it."""
    # Short on purpose: a socket's path may have some hundred characters only
    place = "/tmp" if os.path.isdir("/tmp") and os.access("/tmp", os.W_OK | os.X_OK) else None
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(
        prefix="repdose-", dir=place, ignore_cleanup_errors=True
    ) as folder:
        _become(environment(folder))
        try:
            yield
        finally:
            _become(before)


def _become(variables: Mapping[str, str]) -> None:
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)
    if hasattr(time, "tzset"):  # not on Windows
        time.tzset()


def prepare_libraries() -> None:
    """Set libraries as cells find them; before a guard, as it takes files.

    Of its fonts matplotlib writes a list, once. A styled table of pandas takes text for markup
    unless it is told otherwise, and where pyarrow is installed it would keep words by that, which
    for tables that are read takes long.
    """
    import matplotlib.font_manager  # noqa: F401
    import pandas as pd

    pd.set_option("styler.format.escape", "html")
    pd.set_option("mode.string_storage", "python")


# What jsonschema checks addresses, dates and colours by, where JupyterLab has brought it
_FORMATS = (
    *("rfc3987_syntax", "rfc3986_validator", "rfc3339_validator", "isoduration", "fqdn"),
    *("webcolors", "uri_template", "jsonpointer"),
)


def import_nbformat() -> None:
    """Import nbformat without the grammars of addresses, durations and colours.

    Where JupyterLab is installed, the schema checker it uses loads them all at import, and
    compiles one of them for longer than a report takes; no notebook's schema has such a format.
    """
    absent = [name for name in _FORMATS if name not in sys.modules]
    sys.modules |= dict.fromkeys(absent)  # type: ignore[arg-type]
    try:
        import nbformat.validator  # noqa: F401
    finally:
        for name in absent:
            del sys.modules[name]
