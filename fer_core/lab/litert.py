"""What the LiteRT file of a network answers to the faces that it is measured with."""

from __future__ import annotations

from typing import Final

import numpy as np

from fer_core.lab.task import FaceSet

BATCH: Final = 64
"""Faces a call; more at once is no faster and only takes memory."""


def measured_answers(content: bytes, faces: FaceSet, threads: int = 1) -> np.ndarray:
    """The probabilities of all faces, float32 (N, C).

    Args:
        content: LiteRT file, float32 (N, 48, 48, 1) grey 0-255 -> float32 (N, C).
        faces: to be measured with; N may be 0.
        threads: processor threads that one call may use.
    """
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content, num_threads=threads)
    takes, gives = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    probabilities = np.empty((len(faces), gives["shape_signature"][-1]), np.float32)
    laid_out_for = 0
    for start in range(0, len(faces), BATCH):
        chunk = faces.faces_gray[start : start + BATCH, ..., None].astype(np.float32)  # -> (N, 48, 48, 1)
        if len(chunk) != laid_out_for:
            interpreter.resize_tensor_input(takes["index"], chunk.shape)
            interpreter.allocate_tensors()
            laid_out_for = len(chunk)
        interpreter.set_tensor(takes["index"], chunk)
        interpreter.invoke()
        probabilities[start : start + len(chunk)] = interpreter.get_tensor(gives["index"])
    return probabilities
