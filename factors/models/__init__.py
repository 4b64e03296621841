"""What the factor database keeps."""

from factors.models.factor import Factor, FactorEmission, FactorVersion
from factors.models.gas import CharacterizationFactor, CharacterizationSet, GreenhouseGas
from factors.models.importing import FactorImport, ImportedLine
from factors.models.proposal import FactorProposal, ProposalReview, ProposalStep
from factors.models.release import FactorRelease, ReleasedVersion, ReleaseFile
from factors.models.source import Source

__all__ = [
    "CharacterizationFactor",
    "CharacterizationSet",
    "Factor",
    "FactorEmission",
    "FactorImport",
    "FactorProposal",
    "FactorRelease",
    "FactorVersion",
    "GreenhouseGas",
    "ImportedLine",
    "ProposalReview",
    "ProposalStep",
    "ReleaseFile",
    "ReleasedVersion",
    "Source",
]
