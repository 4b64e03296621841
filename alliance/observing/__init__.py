"""What the people who keep the platform running can see: log lines, figures, readiness."""
