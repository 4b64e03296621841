"""What is kept of every figure beside the figure: assessments, other methods, samples."""

from footprint.analysis.models.assessment import Assessment, ProfileFigure
from footprint.analysis.models.sampling import SampleChunk, SampledFigure, Study, UncertaintyRun

__all__ = ["Assessment", "ProfileFigure", "SampleChunk", "SampledFigure", "Study", "UncertaintyRun"]
