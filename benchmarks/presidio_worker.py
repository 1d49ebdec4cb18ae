"""Times Presidio's redactor on DICOM stills; runs in an environment of its own, without anything of this project.

    VENV/bin/python benchmarks/presidio_worker.py MODEL FILE...

Prints one JSON list: seconds of each file, or null where the redactor failed. The first file is also redacted once
before, uncounted.
"""

import json
import sys
import time

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
    begun = time.perf_counter()
    try:
        redactor.redact(dataset)
    except (AttributeError, IndexError, KeyError, NotImplementedError, OSError, TypeError, ValueError):
        # another project's failure is a figure here: no time, and one more in the count of failures
        return None
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
