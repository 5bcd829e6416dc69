"""A figure with everything that a figure may have, for whoever writes or shows figures."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Wedge


def of_every_kind() -> Figure:
    """Lines, dashes, marks, areas, hatches, images, clips, logarithms, arrows, and mathematics."""
    figure = Figure(figsize=(7.2, 5), layout="constrained")
    (lines, image, bars), (clipped, bubbles, cells) = figure.subplots(2, 3)
    x = np.linspace(0, 9, 300)
    lines.plot(x, np.sin(x), "--")
    lines.plot(x[::30], np.cos(x[::30]), "s", alpha=0.5, markeredgecolor="black")
    lines.fill_between(x, 0, np.sin(x), alpha=0.3)
    lines.set_title(r"$\alpha_i^2=\sqrt{x}$ & <b>")
    image.imshow(np.arange(12).reshape(3, 4), aspect="auto")
    image.set_xlabel("−1 to 2 “q” é")
    bars.bar([1, 2, 3], [3, 1, 2], hatch=["//", "x", "o"], color="#ffcc00", edgecolor="red")
    shown = clipped.imshow(np.eye(20), extent=(0, 1, 0, 1))
    shown.set_clip_path(Circle((0.5, 0.5), 0.4, transform=clipped.transAxes))
    clipped.text(0.5, 0.5, "turned", rotation=40, fontsize=14, color="red", alpha=0.6)
    at = np.arange(1, 31)
    bubbles.scatter(at % 7, at / 30, s=at * 8, c=at, alpha=0.6)
    bubbles.set_yscale("log")
    cells.pcolormesh(np.arange(9).reshape(3, 3))
    cells.add_patch(Wedge((1.5, 1.5), 1, 30, 200, facecolor="white", edgecolor="black", lw=3))
    cells.annotate("here", (1, 1), xytext=(2, 2.5), arrowprops={"arrowstyle": "->"})
    cells.plot([0, np.nan, 1, 2], [0, 1, 1, 2], linewidth=4, solid_capstyle="round", label="x")
    cells.legend()
    return figure
