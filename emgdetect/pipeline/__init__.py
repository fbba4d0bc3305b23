"""The one loop: chunks and gaps in, events and quality out, live and from files alike."""

from emgdetect.pipeline.live import HIGHEST_RATE_HZ, LOWEST_RATE_HZ, Pipeline
from emgdetect.pipeline.whole import detect_stream

__all__ = ["HIGHEST_RATE_HZ", "LOWEST_RATE_HZ", "Pipeline", "detect_stream"]
