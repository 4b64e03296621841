"""Footprints in the Catena-X aspect model io.catenax.pcf 9.0.0, out of and into those of PACT."""
