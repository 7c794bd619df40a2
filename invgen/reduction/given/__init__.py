"""Lists that somebody else made: filtered, and proved."""
