"""What a service embeds: ask before a use, in its own process, without a call over the network."""
