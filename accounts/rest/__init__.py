"""What every room's REST interface is built from: reading bodies, fields, lists, versions."""
