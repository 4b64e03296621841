"""The house: settings, URLs, the task queue, health and the runtime."""
