"""The ways a message leaves the house. `Message.channel` chooses one; nothing outside this folder knows how it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from notifications.channels.email import EmailChannel
from notifications.channels.whatsapp import WhatsAppChannel
from notifications.enums import MessageChannel

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from notifications.models import Message

    class Channel(Protocol):
        """One channel during one delivery run."""

        def send(self, message: Message) -> str:
            """Send a message and return the provider's id of it.

            Raises PermanentError, TransientError or ChannelDown, each with a sentence for the officer.
            """

        def close(self) -> None:
            """Give up what is held open; the next `send` begins anew."""


CHANNELS: Final[dict[MessageChannel, Callable[[], Channel]]] = {
    MessageChannel.EMAIL: EmailChannel,
    MessageChannel.WHATSAPP: WhatsAppChannel,
}
