"""The class lab: a small network that a class trains by itself, on FER2013 or on its own faces; without Streamlit."""
