"""The engine of TTC Explorer: test-time compute strategies, their event log and its folds. Knows no Streamlit."""

__version__ = "0.1.0"
