"""Streamlit lives here and above: the frame round every page, words with marks, text made safe."""
