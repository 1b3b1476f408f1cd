"""Streamlit lives here and above: the frame round every page, words with their marks, text made safe to show."""
