"""What is kept of every figure beside the figure: assessments, other methods, samples; and saved scenarios."""

from footprint.analysis.models.assessment import Assessment, ProfileFigure
from footprint.analysis.models.sampling import SampleChunk, SampledFigure, Study, UncertaintyRun
from footprint.analysis.models.scenario import Scenario

__all__ = [
    "Assessment",
    "ProfileFigure",
    "SampleChunk",
    "SampledFigure",
    "Scenario",
    "Study",
    "UncertaintyRun",
]
