"""What the project says on paper names things that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STANDARD = (ROOT / "docs/standard.md").read_text()
ROWS = [line for line in STANDARD.splitlines() if line.startswith("|") and "---" not in line][1:]
TESTS = sorted(
    {name for row in ROWS for name in re.findall(r"`([a-z_/]+(?:\.py(?:::\w+)?|/))`", row.split("|")[4])}
)


@pytest.mark.parametrize("name", TESTS)
def test_every_test_that_the_table_of_the_standard_names_exists(name):
    path, _, function = name.partition("::")
    assert (ROOT / "tests" / path).exists()
    assert not function or f"def {function}(" in (ROOT / "tests" / path).read_text()


def test_every_clause_of_the_standard_has_its_test():
    assert len(ROWS) == 18
    assert all("`" in row.split("|")[4] for row in ROWS)


@pytest.mark.parametrize(
    "paper", ["README.md", "docs/architecture.md", "docs/operations.md", "docs/standard.md"]
)
def test_every_link_leads_somewhere(paper):
    source = ROOT / paper
    for target in re.findall(r"\]\(([^)#]+)\)", source.read_text()):
        assert (source.parent / target).exists(), target
