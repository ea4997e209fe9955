#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL or REDIS_URL each finds the desk's own services, or starts them for its length."""

import os
import signal
import sys
from types import FrameType

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.core.management.base import CommandParser, handle_default_options

from config import embedded
from config.terminal import Refused

WITHOUT_SERVICES = {
    "help",
    "version",
    "compilemessages",
    "makemessages",
    "collectstatic",
    "findstatic",
    "diffsettings",
}


def needs_services(arguments: list[str]) -> bool:
    """Whether a command line reaches for the database or the broker."""
    if not arguments or {"-h", "--help", "--version"} & set(arguments):
        return False
    if arguments[0] == "check":
        return any(argument.startswith("--database") for argument in arguments)
    return arguments[0] not in WITHOUT_SERVICES


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    parser = CommandParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--settings")
    parser.add_argument("--pythonpath")
    options, arguments = parser.parse_known_args(sys.argv[1:])
    handle_default_options(options)
    path = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = f"{path}{os.pathsep}{embedded.POSTGRES_BIN}"  # psql, for dbshell
    services = settings.EMBEDDED_SERVICES if needs_services(arguments) else ()
    with embedded.running(settings.DATA_DIR, services):
        execute_from_command_line(sys.argv)


def leave(number: int, _frame: FrameType | None) -> None:
    """Unwind on a signal, so that the services are left as they were found."""
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup leaves it
        signal.signal(signal.SIGHUP, leave)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except (Refused, ImproperlyConfigured) as refusal:
        sys.exit(str(refusal))
