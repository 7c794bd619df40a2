"""What people look at: tables, pictures and the report of a basis."""
