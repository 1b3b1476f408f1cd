"""One function a chart, drawn once and rendered twice: on screen by plotly, on paper by matplotlib."""
