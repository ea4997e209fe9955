"""The last paragraph of every letter to a stakeholder, whatever words an office has chosen for the rest."""

from __future__ import annotations

from typing import Final

FREE_OF_CHARGE: Final = "Layanan ini tidak dipungut biaya (Rp0)."


def foot(*, number: str = "", status: str = "", due: str = "") -> str:
    """What the standard owes: which consultation, its status, until when it is answered, and that it costs nothing.

    `due` is the moment in words, empty once nothing is owed any more; a letter about no single consultation has no number.
    """
    facts = [f"Konsultasi {number}", f"status {status}"] if number else []
    if due:
        facts.append(f"tenggat jawaban {due}")
    return f"{', '.join(facts)}. {FREE_OF_CHARGE}" if facts else FREE_OF_CHARGE


def split_foot(body: str) -> tuple[str, str]:
    """A letter without its foot, and the foot; empty for a letter that has none."""
    text, _, last = body.rstrip().rpartition("\n\n")
    return (text, last) if last.endswith(FREE_OF_CHARGE) else (body, "")
