"""Lists that somebody else made: filtered, with a proof of what is kept."""
