"""What the evidence is, and how strong."""

import pandas as pd

from monitor.analysis.days import flags
from monitor.domain.evidence import EvidenceKind, Grade

GRADES = tuple(str(grade) for grade in (Grade.STRONG, Grade.FAIR, Grade.WEAK))


def evidence_by_kind(evidence: pd.DataFrame) -> pd.DataFrame:
    """
    Return one row a kind of evidence that occurs, in the rubric's order, strongest kinds first.

    Columns: `kind`, its word; `strong`, `fair`, `weak` and `items`, counts. An item that serves several
    recommendations counts once for each. No evidence gives no rows.
    """
    counts = evidence.groupby(["kind", "grade"], observed=True).size()
    found = set(evidence["kind"])
    known = [str(kind) for kind in EvidenceKind if str(kind) in found]
    rows = []
    for kind in [*known, *sorted(str(other) for other in found.difference(known))]:
        by_grade = {grade: int(counts.get((kind, grade), 0)) for grade in GRADES}
        rows.append({"kind": _kind_word(kind), **by_grade, "items": sum(by_grade.values())})
    return pd.DataFrame(rows, columns=["kind", *GRADES, "items"])


def open_by_grade(register: pd.DataFrame) -> pd.DataFrame:
    """
    Return one row a grade, none first, whose counts sum to what is open.

    Columns: `grade`, its word; `open`, how many open recommendations have evidence of that strength.
    """
    grades = register["evidence_grade"][flags(register["is_open"])]
    counts = grades.value_counts()
    order = (Grade.NONE, Grade.WEAK, Grade.FAIR, Grade.STRONG)
    known = [int(counts.get(str(grade), 0)) for grade in order]
    known[0] += len(grades) - sum(known)
    return pd.DataFrame({"grade": [grade.word for grade in order], "open": known})


def _kind_word(kind: str) -> str:
    words = {str(known): known.word for known in EvidenceKind}
    return words.get(kind) or kind.replace("_", " ").capitalize()
