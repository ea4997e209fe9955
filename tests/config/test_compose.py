import importlib.util
import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "cso-desk"}


def names_the_settings_read():
    source = "".join(
        (ROOT / "config" / "settings" / name).read_text() for name in ("base.py", "production.py")
    )
    return set(re.findall(r"""(?:env(?:\.\w+)?|given)\(\s*["']([A-Z_]+)["']""", source)) | {
        "DJANGO_SETTINGS_MODULE"
    }


def test_production_has_every_part_and_a_proxy_before_it():
    always = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert always == {"prepare", "web", "worker", "beat", "postgres", "redis", "proxy"}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


@pytest.mark.parametrize("service", OURS.values(), ids=OURS)
def test_each_of_our_processes_runs_under_production_settings_that_know_its_variables(service):
    environment = service["environment"]
    assert environment["DJANGO_SETTINGS_MODULE"] == "config.settings.production"
    assert set(environment) <= names_the_settings_read()


@pytest.mark.parametrize("service", OURS.values(), ids=OURS)
def test_no_secret_has_a_default(service):
    for name in ("SECRET_KEY", "DATABASE_URL", "EMAIL_URL"):
        assert ":?}" in service["environment"][name]


@pytest.mark.parametrize("service", OURS.values(), ids=OURS)
def test_each_command_names_programs_that_exist(service):
    program, *arguments = service["command"]
    assert program == "python"
    if arguments[0] == "-m":
        modules = [arguments[1], *re.findall(r"config\.\w+", " ".join(arguments))]
        assert all(importlib.util.find_spec(module) for module in modules)
    else:
        assert (ROOT / arguments[0]).exists()
        assert (ROOT / "config" / "management" / "commands" / f"{arguments[1]}.py").exists()


def test_web_worker_and_beat_wait_for_the_tables():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"


def test_files_the_services_mount_or_build_from_exist():
    mounts = [volume.split(":")[0] for volume in SERVICES["proxy"]["volumes"]]
    assert all((ROOT / mount).exists() for mount in mounts if mount.startswith("./"))
    copied = re.findall(r"^COPY (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert all((ROOT / path).exists() for path in copied)


def test_the_image_holds_every_app_that_production_installs():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    apps = {name.split(".")[0] for name in settings.INSTALLED_APPS if (ROOT / name.split(".")[0]).is_dir()}
    assert apps - {"demo"} <= allowed
    assert {"manage.py", "requirements", "static", "templates"} <= allowed
    assert Path(ROOT / "requirements" / "base.txt").exists()


def test_clamav_is_there_only_for_those_who_ask_for_it():
    assert SERVICES["clamav"]["profiles"] == ["clamav"]
    assert {service["environment"]["CLAMD_URL"] for service in OURS.values()} == {"${CLAMD_URL:-}"}
