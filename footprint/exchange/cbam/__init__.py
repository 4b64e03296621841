"""What an exporter tells an importer for the European border: embedded emissions by CN code, and why."""
