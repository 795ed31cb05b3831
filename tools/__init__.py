"""What ./dev calls and a service never needs."""
