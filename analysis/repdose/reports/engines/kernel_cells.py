"""The kernel that runs a report's cells: ipykernel, guarded, and made to lose nothing they say.

A kernel publishes outputs on a socket that throws messages away once a thousand wait for whoever
listens, and tells nobody. A cell that prints faster than the client reads loses lines, tables,
and the message that it has ended. Here as many wait as there are.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import zmq
from ipykernel.kernelapp import IPKernelApp
from traitlets import Unicode

from repdose.evidence.packs import begin
from repdose.reports.engines.environment import prepare_libraries
from repdose.reports.engines.write_guard import guard

NO_LIMIT = 0  # of messages that wait, as ZeroMQ writes it


class KernelApp(IPKernelApp):
    """A kernel that keeps all outputs, and begins with the packs of its report."""

    packs = Unicode("[]", help="Packs of evidence in force, as JSON.").tag(config=True)

    def init_iopub(self, context: Any) -> None:
        """Open the channel of outputs, and let any number of them wait.

        A socket has to be told before it is bound: each connection then takes the limit over.
        """
        before = context.socket(zmq.PUB)
        usual = before.getsockopt(zmq.SNDHWM)
        before.close()
        context.setsockopt(zmq.SNDHWM, NO_LIMIT)
        try:
            super().init_iopub(context)  # type: ignore[no-untyped-call]
        finally:
            context.setsockopt(zmq.SNDHWM, usual)

    def initialize(self, argv: Any = None) -> None:
        """Begin with the packs."""
        super().initialize(argv)  # type: ignore[no-untyped-call]
        begin(json.loads(self.packs))


def main() -> None:
    """Run the kernel until its client ends it; its connection file lies in its own folder.

    It is guarded before it starts threads, which a guard does not reach once they run.
    """
    own = os.path.dirname(sys.argv[sys.argv.index("-f") + 1])
    os.environ["IPYTHONDIR"] = os.path.join(own, "ipython")
    prepare_libraries()
    guard(own)
    KernelApp.launch_instance()


if __name__ == "__main__":
    main()
