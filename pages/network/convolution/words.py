"""The words of the worked convolution, in the reader's language."""

from __future__ import annotations

from pages.ui.i18n import _


def preset_names() -> dict[str, str]:
    """Code of each preset to its name."""
    return {
        "edge-vertical": _("Vertical edges"),
        "edge-horizontal": _("Horizontal edges"),
        "blur": _("Blur"),
        "sharpen": _("Sharpen"),
        "identity": _("Identity"),
    }


def texts() -> dict[str, str]:
    """What `convolution.js` writes; fields in braces are filled there."""
    return {
        "kernel": _("Kernel"),
        "presets": _("Presets"),
        "of_network": _("The network's own"),
        "map": _("Kernel of map {n}"),
        "edited": _("Changed here"),
        "typed": _("Edited kernel"),
        "stride": _("Stride"),
        "padding": _("Padding"),
        "same_padding": _("Zeros around"),
        "no_padding": _("None"),
        "more": _("More"),
        "size": _("Size of the kernel"),
        "channel": _("Channel"),
        "grey": _("Grey values 0–255"),
        "grey_not": _("The network's own kernel takes the network's own numbers."),
        "relu": _("ReLU"),
        "pace": _("Pace"),
        "seconds": _("{n} s a step"),
        "bias": _("Bias"),
        "reset": _("Reset the patch"),
        "face": _("The face. Click, drag or use the arrow keys to move the patch."),
        "face_help": _("The face, 48×48 pixels. The arrow keys move the patch, with Shift by 5 pixels."),
        "patch": _("Patch, {side}×{side}"),
        "patch_at": _("Patch of {side}×{side} pixels from row {row}, column {column}."),
        "pixel": _("Pixel in row {row}, column {column}"),
        "weight": _("Weight in row {row}, column {column}"),
        "products": _("Products"),
        "result": _("Result"),
        "result_at": _("Window {n}: {value}"),
        "zeros": _("Dashed: padding, zeros around the face."),
        "near": _("Outside the frame: pixels beside the patch that the kernel reaches."),
        "sum": _("Sum of the {n} products"),
        "sum_of_channel": _("Sum of channel {n}"),
        "sum_of_channels": _("Sum of the channels"),
        "plus_bias": _("Plus bias"),
        "relu_keeps": _("{value} is not negative and stays"),
        "relu_cuts": _("{value} is negative and becomes 0"),
        "relu6_cuts": _("{value} is above 6 and becomes 6"),
        "no_relu": _("left out, {value} stays"),
        "spoken": _("Window {n} of {count}: sum {sum}, bias {bias}, result {result}."),
        "network": _("The network"),
        "same": _("has {value} here: the same number."),
        "differs": _("has {value} here."),
        "not_comparable": _(
            "has other numbers here: stride, padding, bias, ReLU or the patch are not as in the network."
        ),
        "made": _("The whole face with this kernel: {height}×{width}"),
        "own_map": _("Map {n} as the network computes it: {height}×{width}."),
        "largest_difference": _("Largest difference to the map above: {value}."),
        "answer_first": _("The map of the whole face appears here after the question above is answered."),
    }
