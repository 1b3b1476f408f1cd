"""The page that lies in a handover, for whoever opens the folder and has never seen the product."""

from collections.abc import Mapping
from typing import Final

from monitor.packs.handover import check
from monitor.packs.handover.dictionary import path_of
from monitor.store import RegisterInfo
from monitor.store.whole import LEFT_OUT, shapes

_BEGINNING: Final = """\
# Handover of a register of recommendations

**{office}**

This folder holds everything that was on this office's register: the recommendations that an inspectorate made to its
services, what was said, decided and shown about each, and the history of every change. {kind}

It can be read without the program that wrote it: the tables are CSV, the history is JSON lines, and `datapackage.json`
describes every table and column in words. It is a Data Package (https://datapackage.org), which many tools open.

## Keep it safe

**Nothing is held back for embargo.** Reports that are not published yet, restricted ones and what prepares them stand in
these files like everything else, and so do names of people. Whoever can read this folder reads all of it. Give it to
nobody who may not know everything that is in it.

What opens something is not here:

{left_out}

The accounts are here with what they were granted, without passwords: on arrival, everybody who signs in with a password
needs a new invitation.

## What lies where

| File | Rows | What it is |
|---|---|---|
| `datapackage.json` | | the list of all files with their sizes and fingerprints, and every column with its meaning |
| `vocabularies.csv` | {words} | the words that stand in the tables, as people read them, and what each means |
"""

_FILES: Final = """\
| `files/` | | files named by the fingerprint of their bytes (SHA-256); the tables say where each belongs |
| `check.py` | | checks all this |

A file of evidence: `data/evidence.csv` has its fingerprint in the column `file` and in `file_name` what it was called.
It lies in `files/evidence_file/`. A file from which recommendations were read: `data/source.csv` says where it lies, what
it was called, and where its text lies as it was read (`.txt`). Give a file the ending of its name to open it.

## How to check it

With Python 3.8 or newer, and nothing else:

```
python3 check.py
```

It compares every file with its size and fingerprint, walks the history, counts the rows, prints one line and ends with 0
when everything fits. One changed byte is told with the name of the file, in the history also with the row.

What this does not show: somebody who changes a file and every fingerprint of it. For that, keep
elsewhere what the handover printed, the head of the history and the fingerprint of the whole, and give the second:
`python3 check.py --fingerprint FINGERPRINT`.

By hand: `sha256sum` on a file gives the fingerprint that `datapackage.json` has for it under `hash`. The fingerprint of the
whole is the SHA-256 of `datapackage.json` without its line `fingerprint`, written as JSON with an indent of one blank.

## How values are written

- UTF-8, a comma between cells, CRLF after rows. The first row has the names of the columns.
- Nothing is an empty cell. A day is `2023-03-31`, a moment `2023-03-31T12:00:00Z` (UTC), a list is JSON, yes and no are
  `true` and `false`.
- **An apostrophe in front of a text that begins with `=`, `+`, `-`, `@`, a tab, a line end or an apostrophe is not part
  of it.** It keeps a spreadsheet from running the text as a formula. Take one apostrophe away to have the text as it was
  typed; this holds also where blanks or unseen characters come before the sign. The history has every text without it.
- Where a column of texts may hold nothing, an empty text is written as one backslash, and a text of backslashes alone has
  one more. This hardly occurs.
- A spreadsheet may change what it opens (long numbers, days). Open the CSV files to read, and do not save them.

## The history

`history.jsonl` has one row a line, oldest first, as JSON with sorted keys, no blanks between, and letters as they are
(UTF-8). `seq` counts from 1 without gaps. `body` is itself JSON, as text: what was added (`entry`, `entries`,
`identity`), and what stood before and after.

Each row carries the hash of the row before (`previous`; {genesis} noughts for the first) and its own (`hash`). To work out
the hash of a row: take the line without the key `hash`, in the same form, and take the SHA-256 of its bytes in UTF-8. In
Python:

```
import hashlib, json
row = json.loads(line)
row.pop("hash")
text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
hashlib.sha256(text.encode("utf-8")).hexdigest()
```

A row that is changed, taken out or put in breaks the chain from there on. The hash of the last row is the *head*. It was
printed on exports and packs: find one on paper, and look for it in the file.

The tables follow from the history: each row of them was written there when it came.

## Two clocks

`happened_on` is a civil day in London that a person gave. `recorded_at` is the moment at which the server wrote it down.
Nothing is changed or deleted in the tables of what was said and decided: a later row takes the place of an earlier one,
and both stay.

## Three voices

What the force reports, what the office is assured of, and the inspectorate's position are three records. They may
disagree. `vocabularies.csv` has the words of each.

## To go on with it

The product that wrote this builds the same register from it, on SQLite or PostgreSQL:

```
monitor import FOLDER --apply --database ADDRESS
```
"""


def readme(info: RegisterInfo, rows: Mapping[str, int], words: int) -> str:
    """
    Return the page.

    Args:
        rows: How many rows each table has.
        words: How many rows the table of words has.
    """
    kind = (
        "It is a **demonstration**: the people, the activity and the figures are invented."
        if info.is_demonstration
        else ""
    )
    left_out = "\n".join(f"- {said}" for said in LEFT_OUT.values())
    lines = [
        f"| `{path_of(shape)}` | {rows[shape.name]:,} | {shape.meaning} |"
        for shape in sorted(shapes(), key=lambda shape: shape.name)
    ]
    beginning = _BEGINNING.format(
        office=" ".join(info.office.split()), kind=kind, left_out=left_out, words=words
    )
    return beginning + "\n".join(lines) + "\n" + _FILES.format(genesis=len(check.GENESIS))
