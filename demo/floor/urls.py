"""A bare view that inserts one row and redirects, and a bare view that reads it by its token."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import Context, Template
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = Template(
    "<!doctype html><title>{{ row.name }}</title><h1>{{ row.email }}</h1>{{ row.question|linebreaks }}"
)


class Row(models.Model):
    """Its table is there while the floor is measured."""

    token = models.CharField(max_length=22, unique=True)
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254)
    question = models.TextField()

    class Meta:
        app_label = "demo"
        db_table = "bench_floor"
        managed = False

    def __str__(self) -> str:
        return self.token


@require_POST
def insert(request: HttpRequest) -> HttpResponse:
    said = {name: request.POST[name] for name in ("name", "email", "question")}
    row = Row(token=secrets.token_urlsafe(16), **said)
    row.save()
    return redirect("read", row.token)


@require_safe
def read(_request: HttpRequest, token: str) -> HttpResponse:
    row = get_object_or_404(Row, token=token)
    return HttpResponse(PAGE.render(Context({"row": row})))


urlpatterns = [path("", insert), path("<str:token>/", read, name="read")]
