"""In a live kernel a cell can be run again, in any order; what no longer holds is refused."""

from __future__ import annotations

import random

import pytest
from live_kernel import Failed, cells, kernel, results

from repdose.inputs.notebooks import notebooks

SHIPPED = [one.name for one in notebooks()]
PARAMETERS = "body_mass_kg = {mass}\nstature_m = 1.75\nage_y = 35\nsex = 'female'"
OPEN = (
    "from repdose.reports import Report\n"
    "report = Report('energy_cost', globals())\n"
    "mass = report.parameters.body_mass_kg"
)
DOUBLE = "double = 2 * mass"
NUMBER = "report.number('mass', 'Mass', mass, 'kg', headline=True)\nreport.assume('Mass is known.')"
TWICE = "report.number('double', 'Twice', double, 'kg')"
TABLE = "import pandas as pd\nreport.table(pd.DataFrame({'a': [mass]}), caption='A', name='t')"
CLOSE = "report.provenance()"
SMALL = {
    "p": PARAMETERS.format(mass=75.0),
    "o": OPEN,
    "d": DOUBLE,
    "n": NUMBER,
    "w": TWICE,
    "t": TABLE,
    "c": CLOSE,
}


@pytest.fixture(params=[True, False], ids=["with cell ids", "text alone"])
def live(request):
    with kernel(ids=request.param) as found:
        yield found


def run(live, names, **changed):
    """Run some of the small notebook's cells, and give the outputs of the last."""
    outputs = []
    for name in names:
        outputs = live.run((SMALL | changed)[name], name)
    return outputs


def values(outputs):
    return {number["id"]: number["value"] for number in results(outputs)["numbers"]}


def test_every_cell_runs_again_and_the_last_statement_wins(live):
    fresh = results(run(live, "podnwtc"))
    assert [number["id"] for number in fresh["numbers"]] == ["mass", "double"]
    assert results(run(live, "twndtncoc")) == fresh
    assert results(run(live, "oconnttc")) == fresh
    if live.ids:  # a cell whose text has changed is the same cell
        assert values(run(live, "nc", n="report.number('mass', 'Mass', 80, 'kg')")) == {
            "mass": 80.0,
            "double": 150.0,
        }
        assert results(run(live, "c"))["assumptions"] == []
        # a number that its cell states no more is gone
        assert values(run(live, "nc", n="0")) == {"double": 150.0}


def test_a_changed_parameter_is_refused_until_what_rests_on_it_was_run_again(live):
    run(live, "podnwtc")
    new = {"p": PARAMETERS.format(mass=80.0)}
    run(live, "p", **new)
    words = r"body_mass_kg has become 80\.0 since the report was opened: run the cell that opens"
    for name in "nwtc":
        with pytest.raises(Failed, match=words + r" it again, “report = Report"):
            run(live, name)
    run(live, "o")
    with pytest.raises(Failed, match=r"begins “double = 2 \* mass” was run, and this cell takes"):
        run(live, "w")
    with pytest.raises(Failed, match="begins “report.number.*and 2 more was run: run what lies"):
        run(live, "c")
    assert values(run(live, "ndwtc")) == {"mass": 80.0, "double": 160.0}
    # and back, in one go, without a restart
    assert values(run(live, "podnwtc")) == {"mass": 75.0, "double": 150.0}


def test_a_table_that_was_written_anew_is_read_again_or_refused(tmp_path):
    from repdose.evidence.own_trials import template

    path = tmp_path / "mine.csv"
    path.write_text(template(), "utf-8")
    with kernel() as live:
        live.run(f"table = {str(path)!r}\nlow_sets = 5.0\nhigh_sets = 10.0", "p")
        live.run(OPEN.split("\nmass")[0].replace("energy_cost", "dose_response"), "o")
        rows = "rows = len(open(report.parameters.table).readlines())"
        state = "report.number('rows', 'Rows', rows, '')"
        live.run(rows, "r")
        live.run(state, "s")
        path.write_text("\n".join(template().splitlines()[:9]) + "\n", "utf-8")
        words = r"the file of table, mine\.csv, was written since the report was opened: run the"
        with pytest.raises(Failed, match=words):
            live.run(state, "s")
        live.run(OPEN.split("\nmass")[0].replace("energy_cost", "dose_response"), "o")
        with pytest.raises(Failed, match="was written since the cell that begins “rows = len"):
            live.run(state, "s")
        live.run(rows, "r")
        live.run(state, "s")
        assert values(live.run(CLOSE, "c")) == {"rows": 9.0}


def test_two_cells_that_use_one_name_are_refused(live):
    run(live, "podnwt")
    for name, source in {
        "number 'mass' is reported": "report.number('mass', 'Another', 1.0, 'kg')",
        "table 't' is shown": "report.table(pd.DataFrame({'b': [2]}), caption='B', name='t')",
        "figure 'f' is shown": "import matplotlib.pyplot as plt\n"
        "for _ in range(2): report.figure(plt.figure(), name='f', alt='N', caption='C')",
    }.items():
        with pytest.raises(Failed, match=f"ValueError: {name} twice"):
            live.run(source, "another")
    assert values(run(live, "c")) == {"mass": 75.0, "double": 150.0}


def test_a_number_moves_to_another_cell(live):
    run(live, "podnwt")
    moved = "moved = True\n" + NUMBER
    with pytest.raises(Failed, match="run the cell that opens the report, then this one"):
        live.run(moved, "new")
    run(live, "o")
    live.run(moved, "new")
    assert values(run(live, "c")) == {"mass": 75.0, "double": 150.0}
    with pytest.raises(Failed, match="twice"):
        run(live, "n")


def test_the_name_of_a_deleted_cell_is_free():
    with kernel() as live:
        run(live, "podnwt")
        live.run("1", "scratch", deleted=("n",))
        live.run("other = 1\n" + NUMBER, "new")
        assert values(run(live, "c")) == {"double": 150.0, "mass": 75.0}


def test_a_widget_that_states_a_number_again_replaces_it():
    with kernel() as live:
        run(live, "po")
        live.run(
            "from ipykernel.comm import Comm\n"
            "comm = Comm(target_name='slider')\n"
            "comm.on_msg(lambda m: report.number('x', 'X', m['content']['data']['x'], 'kg'))\n"
            "print(comm.comm_id)",
            "slider",
        )
        [said] = [o["text"] for o in live.run("print(comm.comm_id)", "id") if "text" in o]
        for x in (1.0, 2.0):
            message = live.client.session.msg(
                "comm_msg", {"comm_id": said.strip(), "data": {"x": x}}
            )
            live.client.shell_channel.send(message)
        assert values(run(live, "c")) == {"x": 2.0}


# A client that sends no ids makes the same of any notebook; one that is short is enough
ORDERS = [*((name, True) for name in SHIPPED), ("energy_cost", False)]


@pytest.mark.slow
@pytest.mark.parametrize(("notebook", "ids"), ORDERS)
def test_a_shipped_notebook_in_random_order_ends_with_the_results_of_a_fresh_run(notebook, ids):
    code = cells(notebook)
    with kernel(ids=ids) as live:
        for cell, source in code:
            outputs = live.run(source, cell)
        fresh = results(outputs)
        assert fresh["numbers"]
        for cell, source in random.Random(notebook).sample(code, len(code)):
            live.run(source, cell)
        cell, source = code[-1]
        assert results(live.run(source, cell)) == fresh
