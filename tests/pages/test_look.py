import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from consultations.enums import Status

STYLE = (settings.BASE_DIR / "static/css/desk.css").read_text()


@pytest.mark.parametrize("status", Status)
def test_every_state_of_a_consultation_has_its_word_and_its_look(status):
    badge = render_to_string("components/status_badge.html", {"value": status.value, "label": status.label})

    assert f">{status.label}<" in badge
    assert re.search(rf"\.status-{status.value}\b", STYLE)


@pytest.mark.parametrize("level", ["late", "today", "soon", "calm"])
def test_every_distance_to_a_deadline_has_its_look(level):
    assert f"due-{level}" in render_to_string("components/due_pill.html", {"level": level, "label": "Besok"})
    assert re.search(rf"\.due-{level}\b", STYLE)
