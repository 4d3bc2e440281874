"""The curves of a training while it goes on."""

from __future__ import annotations

from fer_core.plots import Growing, growing_curves


def test_the_axes_stand_still_while_the_lines_grow_and_chance_is_a_line() -> None:
    def drawn(epochs_done: int):  # type: ignore[no-untyped-def]
        x = [float(epoch) for epoch in range(1, epochs_done + 1)]
        lines = [
            Growing(
                "training 50%", [0.5, *x], [0.4, *(0.5 for _epoch in x)], [""] * (len(x) + 1), training=True
            ),
            Growing("test 60%", x, [0.6] * len(x), [""] * len(x)),
        ]
        return growing_curves(
            lines, epochs=8, theme="light", title="T", x_name="E", level=0.25, level_name="guessing", percent=True
        )  # fmt: skip

    early, late = drawn(0), drawn(6)
    assert early.layout.xaxis.range == late.layout.xaxis.range
    assert early.layout.yaxis.range == late.layout.yaxis.range
    assert len(early.data) == 1 and len(late.data) == 2  # no test before the first epoch
    assert early.layout.shapes[0].y0 == 25
    assert late.data[0].line.dash == "dot" and late.data[1].line.dash == "solid"
    assert list(late.data[0].marker.size)[:2] == [0, 7]  # a step has no marker, an epoch has
