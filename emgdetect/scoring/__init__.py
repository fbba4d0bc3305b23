"""What is known beside a recording, brought to the rule sets: hypnogram, placements, signal in, scores out.

::

    known = beside(detection, [read_scoring(path)], told={"CH1": "soleus left"})
    scores(detection, known)["wasm2016"].index("PLMS index")
"""

from emgdetect.scoring.joining import ALONE, Beside, beside, rules_context, scores
from emgdetect.scoring.levels import levels_of

__all__ = ["ALONE", "Beside", "beside", "levels_of", "rules_context", "scores"]
