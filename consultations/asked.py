"""What the public form carries about a question and who asks it, also while it waits in the database for an officer."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from stakeholders.enums import StakeholderKind

if TYPE_CHECKING:
    from collections.abc import Mapping

UNREADABLE = "(tidak terbaca)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The texts of a question and of who asks it, cleaned by the form's fields; empty where nothing was given."""

    kind: str
    name: str
    question: str
    satker_code: str = ""
    satker_name: str = ""
    organisation: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    channel: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """What was stored, perhaps by an earlier version of the form: whatever its fields were called, nothing is lost.

        What the form has no field for any more goes to the end of the question. A kind that is gone, or that lacks
        what it needs, becomes "lainnya".
        """
        names = [field.name for field in fields(cls)]
        said = {name: str(stored.get(name) or "") for name in names}
        others = [f"{name}: {value}" for name, value in stored.items() if name not in names and value]
        if others:
            said["question"] = "\n".join(
                [said["question"], "", "Isian lain pada formulir saat dikirim:", *others]
            )
        for name in ("name", "question"):
            said[name] = said[name].strip() or UNREADABLE
        is_known = said["kind"] in StakeholderKind.values
        if not is_known or (said["kind"] == StakeholderKind.SATKER and not said["satker_code"]):
            said["kind"] = StakeholderKind.LAINNYA.value
            said["organisation"] = said["organisation"] or said["satker_name"]
        if said["kind"] != StakeholderKind.SATKER:
            said["satker_code"] = said["satker_name"] = ""
        return cls(**said)
