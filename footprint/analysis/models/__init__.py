"""What is kept beside figures: assessments, other methods, samples, saved scenarios."""

from footprint.analysis.models.assessment import Assessment, ProfileFigure
from footprint.analysis.models.impact import AdoptionDecision, AdoptionPolicy, FactorImpact
from footprint.analysis.models.practice import Practice, PracticeEvidence
from footprint.analysis.models.sampling import SampleChunk, SampledFigure, Study, UncertaintyRun
from footprint.analysis.models.scenario import Scenario

__all__ = [
    "AdoptionDecision",
    "AdoptionPolicy",
    "Assessment",
    "FactorImpact",
    "Practice",
    "PracticeEvidence",
    "ProfileFigure",
    "SampleChunk",
    "SampledFigure",
    "Scenario",
    "Study",
    "UncertaintyRun",
]
