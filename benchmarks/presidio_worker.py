"""Times Presidio's redactor on DICOM stills; runs in an environment of its own, without anything of this project.

    VENV/bin/python benchmarks/presidio_worker.py MODEL FILE...

Prints one JSON list: seconds of the processor for each file, or null where the redactor failed. The first file is also
redacted once before, uncounted.
"""

import json
import resource
import sys

import pydicom
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_image_redactor import DicomImageRedactorEngine, ImageAnalyzerEngine


def main(model: str, paths: list[str]) -> None:
    """Redact each file of `paths` with the language model `model` and print the seconds."""
    language = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    analyzer = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=language).create_engine())
    redactor = DicomImageRedactorEngine(ImageAnalyzerEngine(analyzer_engine=analyzer))
    _seconds(redactor, paths[0])
    sys.stdout.write(json.dumps([_seconds(redactor, path) for path in paths]) + "\n")


def _seconds(redactor: DicomImageRedactorEngine, path: str) -> float | None:
    dataset = pydicom.dcmread(path)
    begun = _spent()
    try:
        redactor.redact(dataset)
    except (AttributeError, IndexError, KeyError, NotImplementedError, OSError, TypeError, ValueError):
        # another project's failure is a figure here: no time, and one more in the count of failures
        return None
    return _spent() - begun


def _spent() -> float:
    """Return the seconds that this process and those that it started have had of the processor."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
