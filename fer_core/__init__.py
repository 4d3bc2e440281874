"""Raut's core: FER2013 in, faces and expression probabilities out.

Importing this package never imports TensorFlow, Keras, Streamlit or a video stack, so that pages and
the command line open at once; the rooms that need them import them inside the functions that do.
"""

__version__ = "0.1.0"
