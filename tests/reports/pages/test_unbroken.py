"""Values and their units on one line: what is joined, what is not, and what stays plain."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repdose.reports.pages import fragments, page
from repdose.reports.pages.unbroken import joined, page_joined

# "_" stands for a no-break space
PAIRS = [
    ("a power of 80 %.", "a power of 80_%."),
    ("0.3 (0.2 to 1.2) % of rest", "0.3 (0.2_to_1.2)_% of rest"),
    ("47 (30 to 126) MET-min/week", "47 (30_to_126)_MET-min/week"),
    ("0.045 (−0.003 to 0.093) pre-test SD", "0.045 (−0.003 to 0.093)_pre-test_SD"),
    ("500 to 1,000 kcal, −0.25 to −0.1, 1 to 2.", "500_to_1,000_kcal, −0.25_to_−0.1, 1_to_2."),
    ("0.004 to 0.2, 1.5 to 0.218, 9 to 1.255", "0.004 to 0.2, 1.5 to 0.218, 9 to 1.255"),
    ("85 (85 to 94) N m, 19.8 kN m s/week", "85 (85_to_94)_N_m, 19.8_kN_m_s/week"),
    ("Peak moment [N m]", "Peak moment [N_m]"),
    ("3 × (3 × 12); rest 120 s", "3_×_(3_×_12); rest 120_s"),
    ("none (p = 0.014), p < 0.001", "none (p_=_0.014), p_<_0.001"),
    ("p &lt; 0.001", "p_&lt;_0.001"),
    ("6.0 sets per muscle per week", "6.0_sets per muscle per week"),
    ("by 2 of 25 trials, 3 more", "by 2 of 25 trials, 3 more"),
    ("in 25 minutes, 5 hips, 4 in brackets", "in 25 minutes, 5 hips, 4 in brackets"),
    ("from 2 to the other", "from 2 to the other"),
    ("type 2 m-scale, map = 3", "type 2 m-scale, map = 3"),
]


@pytest.mark.parametrize(("plain", "kept"), PAIRS)
def test_a_value_and_its_unit_are_joined_and_other_words_are_not(plain, kept):
    assert joined(plain) == kept.replace("_", "\u00a0")


@given(st.text(alphabet="<>&;()0123456789.,%−- kgNmsptoSD\n×=/\"'abc", max_size=80))
def test_nothing_but_spaces_changes_and_doing_it_twice_changes_nothing(text):
    once = joined(text)
    assert once.replace("\u00a0", " ") == text
    assert joined(once) == once
    shown = page_joined(text).replace("\u00a0", " ")
    assert re.sub(r'<span class="whole">([^<]*)</span>', r"\1", shown) == text


@pytest.mark.parametrize("whole", ["MET-min/week", "MET-h", "pre-test", "2-1-2-0", "0.5-0-0.5-0"])
def test_a_unit_with_a_hyphen_and_a_tempo_are_kept_whole_and_found_as_typed(whole):
    assert page_joined(f"<p>a {whole}.</p>") == f'<p>a <span class="whole">{whole}</span>.</p>'
    assert page_joined(f"<option>{whole}</option>") == f"<option>{whole}</option>"
    assert page_joined(f"x-{whole}") == f"x-{whole}"


def test_tags_code_scripts_and_comments_of_a_page_stay_as_they_are():
    kept = (
        '<img alt="5 kg">',
        "<code>5 kg</code>",
        "<script>5 kg < 6 kg</script>",
        "<style>a{margin:5 m}</style>",
        "<pre class='x'>5 kg\n5 kg</pre>",
        "<!-- 5 kg > 4 kg -->",
    )
    for part in kept:
        assert page_joined(f"5 kg{part}5 kg") == f"5\u00a0kg{part}5\u00a0kg"


def test_no_value_of_a_page_is_parted_from_its_unit():
    head = {"cell_type": "markdown", "id": "h", "source": "# T\n\nA power of 80 %.", "metadata": {}}
    import pandas as pd

    frame = pd.DataFrame({"dose": ["5 to 7 kg"], "Share [%]": [1.0]})
    output = {
        "output_type": "display_data",
        "data": {"text/html": fragments.table(frame, caption="At 75 kg")},
        "metadata": {"repdose": {"own": True}},
    }
    cell = {"cell_type": "code", "id": "c", "source": "x = '80 %'", "metadata": {}}
    cell |= {"execution_count": 1, "outputs": [output]}
    notebook = {"cells": [head, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    made = page.page(notebook, None, "T at 75 kg")
    body = made[made.index("<main") :]
    for kept in ("80\u00a0%.", "5\u00a0to\u00a07\u00a0kg<t", ">At 75\u00a0kg</span>"):
        assert kept in body
    assert "<title>T at 75 kg</title>" in made
    assert 'aria-label="At 75 kg"' in body
    assert not re.search(r">[^<]*\d (?:%|kg)", re.sub(r"(?s)<pre.*?</pre>", "", body))
