"""Signs of life that worker and beat leave for whoever watches over the desk."""

from django.db import models


class Heartbeat(models.Model):
    """When a scheduled task last succeeded."""

    name = models.CharField("tugas terjadwal", max_length=80, unique=True)
    beat_at = models.DateTimeField("terakhir berhasil")

    class Meta:
        verbose_name = "tanda hidup"
        verbose_name_plural = "tanda hidup"
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name}: {self.beat_at:%Y-%m-%d %H:%M:%S%z}"
